package image

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestReadApt(t *testing.T) {
	const local = "http://mirror.example/debian"
	for name, tc := range map[string]struct {
		files map[string]string
		want  string // the sources.list of the image
	}{
		"one-line format": {
			map[string]string{"sources.list": "# deb http://no.example/debian bookworm main\n" +
				"deb-src " + local + " bookworm main\n" +
				"deb [arch=amd64 signed-by=/x] " + local + " bookworm main contrib # ours\n" +
				"deb http://sec.example/debian-security bookworm-security main\n"},
			"deb " + local + " bookworm main\n" +
				"deb http://sec.example/debian-security bookworm-security main\n",
		},
		"paragraphs": {
			map[string]string{"sources.list.d/debian.sources": "Types: deb\n# comment: x\n" +
				"URIs: " + local + "\nSuites: bookworm bookworm-updates\nComponents: main\n\n" +
				"Types: deb deb-src\nURIs: http://sec.example\nSuites: bookworm-security\n"},
			"deb " + local + " bookworm main\ndeb http://sec.example bookworm-security main\n",
		},
		"another release lends its mirror": {
			map[string]string{"sources.list": "deb " + local + " trixie main\n" +
				"deb http://sec.example trixie-security main\n"},
			"deb " + local + " bookworm main\ndeb http://sec.example bookworm-security main\n",
		},
		"old name of the security suite": {
			map[string]string{"sources.list": "deb http://sec.example stable/updates main\n" +
				"deb " + local + " stable main\n"},
			"deb " + local + " bookworm main\ndeb http://sec.example bookworm-security main\n",
		},
		"disabled and foreign ones": {
			map[string]string{
				"sources.list.d/a.sources": "Types: deb\nURIs: http://off.example\n" +
					"Suites: bookworm\nEnabled: no\n",
				"sources.list.d/node.list":   "deb https://node.example nodistro main\n",
				"sources.list.d/debian.list": "deb " + local + " bookworm main\n",
			},
			"deb " + local + " bookworm main\n",
		},
		"ubuntu": {
			map[string]string{"sources.list": "deb http://archive.example/ubuntu noble main\n"},
			"",
		},
		"nothing": {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			etc := fstest.MapFS{}
			for file, text := range tc.files {
				etc[file] = &fstest.MapFile{Data: []byte(text)}
			}
			apt, err := ReadApt(etc)
			require.NoError(t, err)
			require.Equal(t, tc.want, string(apt.Sources()))
		})
	}
}

func TestAptKeepsHowPackagesAreFetched(t *testing.T) {
	apt, err := ReadApt(fstest.MapFS{
		"apt.conf.d/01proxy":     {Data: []byte(`Acquire::http::Proxy "http://p.example:3142";`)},
		"apt.conf.d/70debconf":   {Data: []byte(`DPkg::Pre-Install-Pkgs {"x";};`)},
		"apt.conf":               {Data: []byte(`Acquire::Retries "3";`)},
		"trusted.gpg.d/mine.gpg": {Data: []byte("key")},
	})
	require.NoError(t, err)
	require.Len(t, apt.Settings, 2)

	root := t.TempDir()
	apt.Mirror = "http://mirror.example/debian"
	require.NoError(t, os.MkdirAll(filepath.Join(root, "etc/apt/apt.conf.d"), 0o755))
	require.NoError(t, apt.install(root))
	for name, want := range map[string]string{
		"sources.list":       "deb http://mirror.example/debian bookworm main\n",
		"apt.conf.d/01proxy": `Acquire::http::Proxy "http://p.example:3142";`,
		"apt.conf":           `Acquire::Retries "3";`,
	} {
		data, err := os.ReadFile(filepath.Join(root, "etc/apt", name))
		require.NoError(t, err)
		require.Contains(t, string(data), want)
	}
}
