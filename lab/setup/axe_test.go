package setup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/lab/image"
)

// packed is an archive as npm makes them, and its hash.
func packed(t *testing.T, name, text string) (data []byte, integrity string) {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	w := tar.NewWriter(z)
	for file, s := range map[string]string{"package/package.json": "{}", "package/" + name: text} {
		require.NoError(t, w.WriteHeader(&tar.Header{Name: file, Mode: 0o644, Size: int64(len(s))}))
		_, err := w.Write([]byte(s))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.NoError(t, z.Close())
	sum := sha512.Sum512(out.Bytes())
	return out.Bytes(), base64.StdEncoding.EncodeToString(sum[:])
}

// registry makes the machine's npm give that archive.
func registry(h *host, archive []byte) {
	run := h.run
	h.run = func(ctx context.Context, c image.Command) error {
		if c.Name != "npm" {
			return run(ctx, c)
		}
		return os.WriteFile(filepath.Join(c.Dir, "tool-1.2.0.tgz"), archive, 0o644)
	}
}

func TestBundleIsFetchedOnce(t *testing.T) {
	archive, integrity := packed(t, "tool.js", "the script")
	b := bundle{name: "tool", version: "1.2.0", file: "tool.js", integrity: integrity}
	m := bare()
	h := m.host()
	h.cache = t.TempDir()
	registry(h, archive)
	require.NoError(t, h.fetch(t.Context(), b))
	data, err := os.ReadFile(b.kept(h.cache))
	require.NoError(t, err)
	require.Equal(t, "the script", string(data))
	require.Equal(t, []string{"install npm", update, getAll + "npm", "fetch tool 1.2.0"}, m.did)

	m.did = nil
	require.NoError(t, h.fetch(t.Context(), b))
	require.Empty(t, m.did, "what is there is left alone")
}

func TestBundleOfAnotherHashIsRefused(t *testing.T) {
	archive, _ := packed(t, "tool.js", "another script")
	b := bundle{name: "tool", version: "1.2.0", file: "tool.js", integrity: "AAAA"}
	m := bare()
	m.installed["npm"] = true
	h := m.host()
	h.cache = t.TempDir()
	registry(h, archive)
	require.ErrorContains(t, h.fetch(t.Context(), b), "want sha512-AAAA")
	_, err := os.Stat(b.kept(h.cache))
	require.ErrorIs(t, err, os.ErrNotExist)

	archive, b.integrity = packed(t, "other.js", "x")
	registry(h, archive)
	require.ErrorContains(t, h.fetch(t.Context(), b), "there is no tool.js")
}

func TestSetUpGoesOnWithoutAxe(t *testing.T) {
	m := bare()
	m.root = false
	h := m.host()
	h.cache = t.TempDir()
	h.axe(t.Context())
	require.Equal(t, []string{"no axe-core for the tests of pages, run set-up again where npm has " +
		"network: packages npm are missing"}, m.did)
}
