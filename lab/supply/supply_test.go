package supply

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/licenseclassifier/v2/assets"
	"github.com/stretchr/testify/require"

	"firedrill/rubric/cli"
)

// text gives a licence's text.
func text(t *testing.T, name string) string {
	t.Helper()
	data, err := assets.ReadLicenseFile("License/" + name)
	require.NoError(t, err)
	return string(data)
}

func of(files map[string]string) module {
	m := module{Path: "example.org/m", Version: "v1.0.0"}
	all := fstest.MapFS{"m.go": {Data: []byte("package m\n")}}
	for name, data := range files {
		all[name] = &fstest.MapFile{Data: []byte(data)}
	}
	m.Files = all
	return m
}

func TestLicences(t *testing.T) {
	r, err := newRecogniser()
	require.NoError(t, err)
	mit := "Copyright (c) 2026 Somebody Else\n\n" + text(t, "MIT/pristine.txt")
	gpl := text(t, "GPL-3.0/license.txt")
	for name, c := range map[string]struct {
		files map[string]string
		names []string
		wrong string
	}{
		"fit":                 {map[string]string{"LICENSE": mit}, []string{"MIT"}, ""},
		"British":             {map[string]string{"LICENCE.md": mit}, []string{"MIT"}, ""},
		"as COPYING":          {map[string]string{"COPYING": mit}, []string{"MIT"}, ""},
		"texts under another": {map[string]string{"LICENSE": mit, "LICENSE.docs": gpl}, []string{"MIT"}, ""},
		"none":                {nil, nil, "it has no licence"},
		"none but in a name":  {map[string]string{"licensed.go": mit}, nil, "it has no licence"},
		"nobody's":            {map[string]string{"LICENSE": "You may look at it on Sundays."}, nil, "LICENSE is no licence that is known"},
		"forbidden":           {map[string]string{"LICENSE": gpl}, []string{"GPL-3.0"}, "its licence GPL-3.0 is not among"},
		"one of two":          {map[string]string{"LICENSE": mit, "LICENSE-GPL": gpl}, []string{"GPL-3.0", "MIT"}, "its licence GPL-3.0 is not among"},
	} {
		names, wrong := r.judge(of(c.files))
		require.Equal(t, c.names, names, name)
		if c.wrong == "" {
			require.Empty(t, wrong, name)
		} else {
			require.Contains(t, wrong, c.wrong, name)
		}
	}

	fit := of(map[string]string{"LICENSE": mit})
	var out bytes.Buffer
	require.NoError(t, r.check([]module{fit, fit}, &out))
	require.Equal(t, "licences of 2 modules are fit: MIT 2\n", out.String())
	out.Reset()
	requireCode(t, ExitFound, r.check([]module{fit, of(nil)}, &out))
	require.Equal(t, "example.org/m v1.0.0: it has no licence\n", out.String())
	requireCode(t, ExitUnchecked, r.check(nil, &out))
}

func requireCode(t *testing.T, code int, err error) {
	t.Helper()
	var e *cli.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, code, e.ExitCode(), err)
}

// TestModules lists those of this repository, this test's own among them.
func TestModules(t *testing.T) {
	t.Chdir("../..")
	all, err := modules(t.Context())
	require.NoError(t, err)
	var paths []string
	for _, m := range all {
		paths = append(paths, m.Path)
	}
	require.Subset(t, paths, []string{"github.com/stretchr/testify", "github.com/spf13/cobra",
		"golang.org/x/vuln"}, "programs', tests' and tools'")
	require.NotContains(t, paths, "firedrill")
	t.Chdir(t.TempDir())
	_, err = modules(t.Context())
	require.ErrorContains(t, err, "list modules")
}

// TestVulnerabilities: found, not found and not looked are three things.
func TestVulnerabilities(t *testing.T) {
	answer := http.StatusOK
	db := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "/index/db.json", r.URL.Path)
		w.WriteHeader(answer)
	}))
	t.Cleanup(db.Close)
	ends := func(how string) scan {
		return scan{db.URL, []string{"sh", "-c", "echo looked; " + how}}
	}
	look := func(ctx context.Context, s scan, args ...string) (out, said string, err error) {
		var stdout, stderr bytes.Buffer
		err = cli.Program{Root: vulnerabilitiesCommand(s)}.Run(ctx, args, nil, &stdout, &stderr)
		return stdout.String(), stderr.String(), err
	}

	out, said, err := look(t.Context(), ends("exit 0"))
	require.NoError(t, err)
	require.Equal(t, []string{"looked\n", ""}, []string{out, said})
	for _, args := range [][]string{nil, {"--optional"}} {
		_, _, err = look(t.Context(), ends("exit 3"), args...)
		requireCode(t, ExitFound, err)
	}

	gone := httptest.NewServer(nil)
	gone.Close()
	empty := t.TempDir()
	for name, s := range map[string]scan{
		"fails":           ends("exit 1"),
		"is killed":       ends("kill -9 $$"),
		"is not there":    {db.URL, []string{"/no/such/program"}},
		"no database":     {gone.URL, []string{"true"}},
		"no copy":         {"file://" + empty, []string{"true"}},
		"no such address": {"http://%zz", []string{"true"}},
	} {
		_, _, err := look(t.Context(), s)
		requireCode(t, ExitUnchecked, err)
		require.ErrorContains(t, err, "could not check", name)
		_, said, err := look(t.Context(), s, "--optional")
		require.NoError(t, err, name)
		require.Contains(t, said, "warning: known vulnerabilities were NOT looked for", name)
	}
	answer = http.StatusForbidden
	_, _, err = look(t.Context(), ends("exit 0"))
	requireCode(t, ExitUnchecked, err)

	require.NoError(t, os.MkdirAll(filepath.Join(empty, "index"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(empty, "index/db.json"), []byte("{}"), 0o644))
	_, _, err = look(t.Context(), scan{"file://" + empty, []string{"true"}})
	require.NoError(t, err, "a copy of the database")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err = look(ctx, ends("exit 0"), "--optional")
	require.Error(t, err, "who is interrupted has not decided to go on")
	require.True(t, errors.Is(err, context.Canceled))
}
