package submission

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// FuzzTree makes a directory from bytes (each line is a kind and a name) and takes it in.
// Whatever stands there, nothing outside it is read, and what is taken in is a sound file
// system whose names can be shown.
func FuzzTree(f *testing.F) {
	for _, s := range []string{
		"f incident-notes.md\nf service/main.go", "l incident-notes.md", "f incident-notes.md\nl service",
		"f incident-notes.md\nh service/a.go\np service/b.go\nd service/c.go", "f a/b/c/d/e/f/g/h/i/j/k/l/m/n\nf incident-notes.md",
		"f incident-notes.md\nf service/A\nf service/a\nl metrics/x", "f .git/config\nf incident-notes.md/x",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, plan string) {
		const secret = "canary-of-the-host"
		top := t.TempDir()
		outside, dir := filepath.Join(top, "outside"), filepath.Join(top, "submission")
		require.NoError(t, os.WriteFile(outside, []byte(secret), 0o600))
		require.NoError(t, os.Mkdir(dir, 0o755))
		root, err := os.OpenRoot(dir)
		require.NoError(t, err)
		defer root.Close()
		n := 0
		for line := range strings.Lines(plan) {
			kind, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
			if n++; !ok || n > 40 || len(name) > 200 || !filepath.IsLocal(name) || strings.ContainsRune(name, 0) {
				continue
			}
			if root.MkdirAll(filepath.Dir(name), 0o755) != nil {
				continue
			}
			full := filepath.Join(dir, name)
			switch kind { // what cannot be made is not there
			case "l":
				_ = root.Symlink(outside, name)
			case "h":
				if info, err := os.Lstat(filepath.Dir(full)); err == nil && info.IsDir() {
					_ = root.Link(filepath.Base(dir), name)
				}
			case "p":
				if info, err := os.Lstat(filepath.Dir(full)); err == nil && info.IsDir() {
					_ = syscall.Mkfifo(full, 0o644)
				}
			default:
				_ = root.WriteFile(name, []byte(line), 0o644)
			}
		}
		s, err := Open(dir, Limits{Entries: 60, Depth: 6, FileBytes: 400, TotalBytes: 4000, NotesBytes: 300})
		if err != nil {
			return
		}
		var names []string
		require.NoError(t, fs.WalkDir(s.Files(), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			names = append(names, name)
			data, err := fs.ReadFile(s.Files(), name)
			require.False(t, bytes.Contains(data, []byte(secret)), name)
			for part := range strings.SplitSeq(name, "/") {
				require.True(t, safeName(part), "%q", name)
			}
			return err
		}))
		if !strings.ContainsAny(plan, `[*?\`) { // the names that TestFS takes for patterns
			require.NoError(t, fstest.TestFS(s.Files(), names...))
		}
		require.NotContains(t, string(s.Notes()), secret)
	})
}

// FuzzUTF8 decodes any bytes: text without a byte order mark stays as it is.
func FuzzUTF8(f *testing.F) {
	for _, s := range []string{"", "a", "\xff\xfea\x00", "\xfe\xff\xd8\x00", "\xff\xfe\x00\xd8"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		out := UTF8(data)
		if !bytes.HasPrefix(data, []byte{0xff, 0xfe}) && !bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
			require.True(t, bytes.Equal(data, out))
			return
		}
		require.LessOrEqual(t, len(out), 3*len(data))
	})
}
