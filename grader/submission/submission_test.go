package submission

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
)

// tree makes a plain submission and returns its directory.
func tree(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		NotesFile:             "# Notes\n",
		"docker-compose.yml":  "services: {}\n",
		"README.md":           "exam\n",
		"service/main.go":     "package main\n",
		"service/sub/more.go": "package sub\n",
		"service/sub-two/a":   "a",
		"metrics/latency.txt": "p99 12\n",
		".git/hooks/post":     "#!/bin/sh\n",
	} {
		put(t, dir, name, text)
	}
	return dir
}

func put(t testing.TB, dir, name, text string) {
	t.Helper()
	full := filepath.Join(dir, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(full), 0o755))
	require.NoError(t, os.WriteFile(full, []byte(text), 0o644))
}

func TestOpen(t *testing.T) {
	dir := tree(t)
	s, err := Open(dir, DefaultLimits())
	require.NoError(t, err)
	require.Equal(t, "# Notes\n", string(s.Notes()))
	name, data, ok := s.Compose()
	require.True(t, ok)
	require.Equal(t, "docker-compose.yml", name)
	require.Equal(t, "services: {}\n", string(data))
	service, ok := s.Service()
	require.True(t, ok)
	require.NoError(t, fstest.TestFS(service, "main.go", "sub/more.go", "sub-two/a"))
	require.NoError(t, fstest.TestFS(s.Files(), NotesFile, "service/main.go", "metrics/latency.txt"))
	require.Equal(t, []Skip{{".git", Ignored}}, s.Skipped())
}

func TestOpenWithoutServiceAndCompose(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, NotesFile, "")
	require.NoError(t, os.Mkdir(filepath.Join(dir, ServiceDir), 0o755))
	s, err := Open(dir, DefaultLimits())
	require.NoError(t, err)
	require.Empty(t, s.Notes())
	_, ok := s.Service()
	require.False(t, ok)
	_, _, ok = s.Compose()
	require.False(t, ok)
}

func TestHash(t *testing.T) {
	dir := tree(t)
	hash := func() string {
		s, err := Open(dir, DefaultLimits())
		require.NoError(t, err)
		return s.Hash()
	}
	first := hash()
	require.Regexp(t, "^sha256:[0-9a-f]{64}$", first)
	now := time.Now().Add(time.Hour)
	require.NoError(t, os.Chtimes(filepath.Join(dir, NotesFile), now, now))
	put(t, dir, ".git/HEAD", "ref")
	require.Equal(t, first, hash(), "times and ignored files do not count")
	require.NoError(t, os.Rename(filepath.Join(dir, "README.md"), filepath.Join(dir, "READYOU.md")))
	require.NotEqual(t, first, hash(), "names count")
	require.NoError(t, os.Rename(filepath.Join(dir, "READYOU.md"), filepath.Join(dir, "README.md")))
	put(t, dir, "service/main.go", "package other\n")
	require.NotEqual(t, first, hash(), "contents count")
}

func TestNoSubmission(t *testing.T) {
	dir := t.TempDir()
	_, err := Open(dir, DefaultLimits())
	require.ErrorIs(t, err, ErrEmpty)
	_, err = Open(filepath.Join(dir, "gone"), DefaultLimits())
	require.ErrorIs(t, err, fs.ErrNotExist)

	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o644))
	_, err = Open(filepath.Join(dir, "pipe"), DefaultLimits())
	require.ErrorIs(t, err, ErrNotDirectory)
	_, err = Open(dir, DefaultLimits())
	require.ErrorIs(t, err, ErrNoNotes)

	put(t, dir, "Incident Notes.md", "here")
	_, err = Open(dir, DefaultLimits())
	require.ErrorIs(t, err, ErrNoNotes)
	require.ErrorContains(t, err, `but a "Incident Notes.md"`)
}

// breach is a way to make a tree hostile at one path.
type breach struct {
	name string
	at   string
	want Reason
	make func(t *testing.T, full string)
}

func breaches(t *testing.T) []breach {
	secret := filepath.Join(t.TempDir(), "canary")
	require.NoError(t, os.WriteFile(secret, []byte("canary"), 0o600))
	link := func(to string) func(*testing.T, string) {
		return func(t *testing.T, full string) { require.NoError(t, os.Symlink(to, full)) }
	}
	text := func(t *testing.T, full string) {
		require.NoError(t, os.WriteFile(full, []byte("x"), 0o644))
	}
	return []breach{
		{"absolute link", "a", SymbolicLink, link(secret)},
		{"link upwards", "a", SymbolicLink, link("../../../../../../etc/passwd")},
		{"link to a neighbour", "a", SymbolicLink, link("main.go")},
		{"link to a directory", "a", SymbolicLink, link("..")},
		{"link to itself", "a", SymbolicLink, link("a")},
		{"dangling link", "a", SymbolicLink, link("/nowhere/")},
		{"hard link", "a", HardLink, func(t *testing.T, full string) {
			other := filepath.Join(filepath.Dir(filepath.Dir(full)), ".git", "canary")
			text(t, other)
			require.NoError(t, os.Link(other, full))
		}},
		{"fifo", "a", SpecialFile, func(t *testing.T, full string) {
			require.NoError(t, syscall.Mkfifo(full, 0o644))
		}},
		{"socket", "a", SpecialFile, func(t *testing.T, full string) {
			fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
			require.NoError(t, err)
			t.Cleanup(func() { _ = syscall.Close(fd) })
			t.Chdir(filepath.Dir(full)) // a socket's path is short
			require.NoError(t, syscall.Bind(fd, &syscall.SockaddrUnix{Name: filepath.Base(full)}))
		}},
		{"setuid", "a", SetID, func(t *testing.T, full string) {
			text(t, full)
			require.NoError(t, os.Chmod(full, 0o755|fs.ModeSetuid))
		}},
		{"sparse terabyte", "a", TooLarge, func(t *testing.T, full string) {
			text(t, full)
			require.NoError(t, os.Truncate(full, 1<<40))
		}},
		{"deep", "a", TooDeep, func(t *testing.T, full string) {
			require.NoError(t, os.MkdirAll(full+strings.Repeat("/d", 200), 0o755))
		}},
		{"newline", "a\nb", HostileName, text},
		{"escape", "a\x1b[2Jb", HostileName, text},
		{"invalid UTF-8", "a\xffb", HostileName, text},
		{"looks like an option", "-rf", HostileName, text},
		{"bidi", "a\u202etxt.exe", HostileName, text},
		{"zero width", "ma\u200bin.go", HostileName, text},
		{"line separator", "a\u2028b", HostileName, text},
		{"backslash", `..\..\a`, HostileName, text},
		{"long name", strings.Repeat("n", maxName+1), HostileName, text},
		{"hostile directory", "a\rb", HostileName, func(t *testing.T, full string) {
			require.NoError(t, os.Mkdir(full, 0o755))
		}},
		{"case twins", "readme", CaseTwins, func(t *testing.T, full string) {
			text(t, full)
			text(t, filepath.Join(filepath.Dir(full), "README"))
		}},
	}
}

// TestBreach places each breach in the service, where it rejects the submission, and
// beside it, where the entry is left out and everything else is taken in.
func TestBreach(t *testing.T) {
	for _, b := range breaches(t) {
		t.Run(b.name, func(t *testing.T) {
			dir := tree(t)
			b.make(t, filepath.Join(dir, ServiceDir, b.at))
			_, err := Open(dir, DefaultLimits())
			var rejected *RejectedError
			require.ErrorAs(t, err, &rejected)
			require.Equal(t, b.want, rejected.Reason)
			require.True(t, strings.HasPrefix(rejected.Path, ServiceDir+"/"), rejected.Path)
			require.NotEmpty(t, rejected.Hint())
			require.NotContains(t, err.Error(), "canary")
			for _, r := range err.Error() {
				require.True(t, r >= ' ' && r < 0x7f, "%q in the error", r)
			}
		})
		t.Run(b.name+" elsewhere", func(t *testing.T) {
			dir := tree(t)
			b.make(t, filepath.Join(dir, "metrics", b.at))
			s, err := Open(dir, DefaultLimits())
			require.NoError(t, err)
			require.Len(t, s.Skipped(), 2) // .git is the other
			require.Equal(t, b.want, s.Skipped()[1].Reason)
			require.NoError(t, fstest.TestFS(s.Files(), "metrics/latency.txt", "service/main.go"))
		})
	}
}

// TestBreachOfWhatIsGraded replaces the notes, the compose file and the service.
func TestBreachOfWhatIsGraded(t *testing.T) {
	for _, name := range []string{NotesFile, "docker-compose.yml", ServiceDir} {
		for _, c := range []struct {
			kind string
			want Reason
			make func(full string) error
		}{
			{"link", SymbolicLink, func(full string) error { return os.Symlink("README.md", full) }},
			{"link to a directory", SymbolicLink, func(full string) error {
				return os.Symlink("metrics/", full)
			}},
			{"fifo", SpecialFile, func(full string) error { return syscall.Mkfifo(full, 0o644) }},
			{"wrong kind", WrongKind, func(full string) error {
				if name == ServiceDir {
					return os.WriteFile(full, nil, 0o644)
				}
				return os.Mkdir(full, 0o755)
			}},
		} {
			t.Run(name+" "+c.kind, func(t *testing.T) {
				dir := tree(t)
				require.NoError(t, os.RemoveAll(filepath.Join(dir, name)))
				require.NoError(t, c.make(filepath.Join(dir, name)))
				_, err := Open(dir, DefaultLimits())
				var rejected *RejectedError
				require.ErrorAs(t, err, &rejected)
				require.Equal(t, RejectedError{c.want, name}, *rejected)
			})
		}
	}
}

func TestLimits(t *testing.T) {
	limits := Limits{Entries: 30, Depth: 3, FileBytes: 100, TotalBytes: 250}
	fill := func(t *testing.T, dir string, n, size int) {
		for i := range n {
			put(t, dir, fmt.Sprintf("f%02d", i), strings.Repeat("x", size))
		}
	}
	for _, c := range []struct {
		name    string
		at      string
		n, size int
		want    Reason
	}{
		{"many", "", 31, 0, TooMany},
		{"large", "", 1, 101, TooLarge},
		{"large together", "", 3, 90, TotalLarge},
		{"deep", "a/b/c", 1, 1, TooDeep},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := tree(t)
			fill(t, path.Join(dir, ServiceDir, c.at), c.n, c.size)
			_, err := Open(dir, limits)
			var rejected *RejectedError
			require.ErrorAs(t, err, &rejected)
			require.Equal(t, c.want, rejected.Reason)

			dir = tree(t)
			fill(t, path.Join(dir, "rest", c.at), c.n, c.size)
			s, err := Open(dir, limits)
			require.NoError(t, err)
			require.Equal(t, c.want, s.Skipped()[1].Reason)
			_, ok := s.Service()
			require.True(t, ok)
		})
	}
}

// TestManyEntries shows that a large tree beside the service costs little.
func TestManyEntries(t *testing.T) {
	dir := tree(t)
	for i := range 60 {
		rest := filepath.Join(dir, "rest", fmt.Sprint(i))
		require.NoError(t, os.MkdirAll(rest, 0o755))
		for j := range 100 {
			require.NoError(t, os.Mkdir(filepath.Join(rest, fmt.Sprint(j)), 0o755))
		}
	}
	s, err := Open(dir, DefaultLimits())
	require.NoError(t, err)
	require.Contains(t, s.Skipped(), Skip{"rest/59", TooMany})
}

// TestSwap replaces an entry between the look at it and its opening.
func TestSwap(t *testing.T) {
	link := func(to string) func(string) error {
		return func(full string) error { return os.Symlink(to, full) }
	}
	write := func(full string) error { return os.WriteFile(full, []byte("x"), 0o644) }
	for _, c := range []struct {
		name, at string
		swap     func(full string) error
		want     Reason
	}{
		{"another file", "main.go", write, Changed},
		{"link", "main.go", link("sub/more.go"), Changed},
		{"link outwards", "main.go", link("/etc/passwd"), Unreadable},
		{"fifo", "main.go", func(f string) error { return syscall.Mkfifo(f, 0o644) }, Changed},
		{"directory", "main.go", func(f string) error { return os.Mkdir(f, 0o755) }, Changed},
		{"gone", "main.go", func(string) error { return nil }, Unreadable},
		{"directory as link", "sub", link("sub-two"), Changed},
		{"directory as link outwards", "sub", link("/etc"), Unreadable},
		{"another directory", "sub", func(f string) error { return os.Mkdir(f, 0o755) }, Changed},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(tree(t), ServiceDir)
			root, err := os.OpenRoot(dir)
			require.NoError(t, err)
			defer root.Close()
			full := filepath.Join(dir, c.at)
			info, err := root.Lstat(c.at)
			require.NoError(t, err)
			require.NoError(t, os.Rename(full, full+".was")) // keeps the inode in use
			require.NoError(t, c.swap(full))
			w := &walker{limits: DefaultLimits(), files: memory{}}
			if info.IsDir() {
				err = w.directory(root, c.at, info, 1, true)
			} else {
				err = w.file(root, c.at, info, true)
			}
			var rejected *RejectedError
			require.ErrorAs(t, err, &rejected)
			require.Equal(t, c.want, rejected.Reason)
			require.Empty(t, w.files)
		})
	}
}

// TestGrown covers a file that is written to while it is read.
func TestGrown(t *testing.T) {
	dir := tree(t)
	root, err := os.OpenRoot(dir)
	require.NoError(t, err)
	defer root.Close()
	info, err := root.Lstat(NotesFile)
	require.NoError(t, err)
	f, err := os.OpenFile(filepath.Join(dir, NotesFile), os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	defer f.Close()
	_, err = f.WriteString("more")
	require.NoError(t, err)
	w := &walker{limits: DefaultLimits(), files: memory{}}
	require.Equal(t, &RejectedError{Changed, NotesFile}, w.file(root, NotesFile, info, true))
}

// FuzzName tries names as file names: whatever is taken in is a valid path of an
// fs.FS, and its name is safe to print.
func FuzzName(f *testing.F) {
	for _, s := range []string{"main.go", "Überblick.md", "a b", "-x", "a\u202eb", "\xff", "..",
		"a/b", "a\\b", " "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		safe := safeName(name)
		if safe {
			require.True(t, fs.ValidPath(name) && !strings.Contains(name, "/"))
			require.Equal(t, `"`+strings.ReplaceAll(name, `"`, `\"`)+`"`, fmt.Sprintf("%q", name))
		}
		if name == "" || name == "." || name == ".." || len(name) > 255 ||
			strings.ContainsAny(name, "/\x00") || isIgnored(name) {
			return
		}
		dir := t.TempDir()
		put(t, dir, NotesFile, "")
		put(t, dir, "service/"+name, "x")
		s, err := Open(dir, DefaultLimits())
		if !safe {
			var rejected *RejectedError
			require.ErrorAs(t, err, &rejected)
			require.Equal(t, HostileName, rejected.Reason)
			return
		}
		require.NoError(t, err)
		data, err := fs.ReadFile(s.Files(), "service/"+name)
		require.NoError(t, err)
		require.Equal(t, "x", string(data))
	})
}
