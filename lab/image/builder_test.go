package image

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// simulate returns a workshop whose commands are answered by answer.
func simulate(answer func(Command) (string, error)) (*workshop, *[]Command) {
	var ran []Command
	store := NewStore(nil, nil)
	w := store.work
	w.run = func(_ context.Context, c Command) error {
		ran = append(ran, c)
		out, err := answer(c)
		if c.Out != nil {
			_, _ = io.WriteString(c.Out, out)
		}
		return err
	}
	return w, &ran
}

func TestToolchainOfThisMachineIsUsed(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Log("the machine's toolchain cannot run in a container")
		return
	}
	var real bytes.Buffer
	ask := Command{Name: "go", Args: []string{"env", "GOROOT"}, Out: &real}
	require.NoError(t, Exec(t.Context(), ask))
	w, ran := simulate(func(Command) (string, error) { return real.String(), nil })
	dir, err := w.goroot(t.Context(), t.TempDir())
	require.NoError(t, err)
	require.Equal(t, strings.TrimSpace(real.String()), dir)
	require.Len(t, *ran, 1)
}

func TestToolchainIsFetchedWhereTheMachinesCannotServe(t *testing.T) {
	other := t.TempDir() // a GOROOT of another version
	require.NoError(t, os.WriteFile(filepath.Join(other, "VERSION"), []byte("go1.1\n"), 0o644))
	for name, goroot := range map[string]func() (string, error){
		"no go command":   func() (string, error) { return "", errors.New("not found") },
		"another version": func() (string, error) { return other + "\n", nil },
	} {
		w, ran := simulate(func(c Command) (string, error) {
			if c.Args[0] == "env" {
				return goroot()
			}
			return `{"Dir": "/mod/toolchain"}`, nil
		})
		dir, err := w.goroot(t.Context(), t.TempDir())
		require.NoError(t, err, name)
		require.Equal(t, "/mod/toolchain", dir)
		last := (*ran)[len(*ran)-1]
		require.Equal(t, "go mod download -json golang.org/toolchain@v0.0.1-"+toolchain()+
			".linux-"+runtime.GOARCH, last.String())
	}
	w, _ := simulate(func(Command) (string, error) { return "", errors.New("exit status 1") })
	_, err := w.goroot(t.Context(), t.TempDir())
	require.ErrorContains(t, err, "fetch go toolchain golang.org/toolchain@v0.0.1-go1.")
}

func TestModulesComeFromTheMachineFirst(t *testing.T) {
	w, ran := simulate(func(c Command) (string, error) {
		return "/home/x/go/pkg/mod\nhttps://proxy.example,direct\n", nil
	})
	tmp := t.TempDir()
	dir, err := w.modules(t.Context(), tmp)
	require.NoError(t, err)
	get := (*ran)[1]
	require.Equal(t, "go mod download", get.String())
	require.Contains(t, get.Env, "GOMODCACHE="+dir)
	require.Contains(t, get.Env,
		"GOPROXY=file:///home/x/go/pkg/mod/cache/download,https://proxy.example,direct")
	data, err := os.ReadFile(filepath.Join(get.Dir, "go.mod"))
	require.NoError(t, err)
	require.Equal(t, allowedMod, string(data))
}

// tree makes a directory with files, named by path, executable if they end in "*".
func tree(t *testing.T, files ...string) string {
	dir := t.TempDir()
	for _, name := range files {
		name, exec := strings.CutSuffix(name, "*")
		full := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(full), 0o700))
		mode := fs.FileMode(0o600)
		if exec {
			mode = 0o700
		}
		require.NoError(t, os.WriteFile(full, []byte(name), mode))
	}
	return dir
}

// listing names an archive's entries with their modes.
func listing(t *testing.T, r io.Reader) map[string]int64 {
	out := map[string]int64{}
	for tr := tar.NewReader(r); ; {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		require.NoError(t, err)
		require.Zero(t, h.Uid)
		require.LessOrEqual(t, h.ModTime.Unix(), int64(0), "times are no content")
		out[h.Name] = h.Mode
	}
}

func pack(t *testing.T, dir string, keep func(string, fs.DirEntry) bool) *bytes.Buffer {
	var buf bytes.Buffer
	a := NewArchive(&buf)
	require.NoError(t, a.Tree(dir, "go", keep))
	require.NoError(t, a.Close())
	return &buf
}

func TestOnlyWhatCompilingReadsIsCopied(t *testing.T) {
	dir := tree(t, "bin/go*", "bin/gofmt*", "VERSION", "go.env", "lib/time/zone.zip", "doc/x.html",
		"test/a.go", "api/go1.txt", "src/fmt/print.go", "src/fmt/print_test.go",
		"src/go/parser/testdata/x.go", "src/cmd/go/main.go", "src/cmd.go", "misc/x",
		"pkg/include/textflag.h", "pkg/tool/linux_amd64/compile*", "pkg/tool/linux_amd64/link",
		"pkg/tool/linux_amd64/cgo*", "pkg/tool/linux_amd64/vet*")
	got := listing(t, pack(t, dir, keepOfToolchain))
	var files []string
	for name := range got {
		if !strings.HasSuffix(name, "/") {
			files = append(files, name)
		}
	}
	slices.Sort(files)
	require.Equal(t, []string{
		"go/VERSION", "go/bin/go", "go/go.env", "go/lib/time/zone.zip", "go/pkg/include/textflag.h",
		"go/pkg/tool/linux_amd64/compile", "go/pkg/tool/linux_amd64/link", "go/src/cmd.go",
		"go/src/fmt/print.go",
	}, files)
	require.Equal(t, int64(0o755), got["go/bin/go"])
	require.Equal(t, int64(0o755), got["go/pkg/tool/linux_amd64/link"],
		"by place: a toolchain that comes as a module has no modes")
	require.Equal(t, int64(0o644), got["go/src/fmt/print.go"])
	require.Equal(t, int64(0o755), got["go/src/fmt/"])
}

func TestArchiveIsTheSameForTheSameContent(t *testing.T) {
	files := []string{"b/x.go", "a.go", "bin/run*"}
	require.Equal(t, pack(t, tree(t, files...), nil).Bytes(), pack(t, tree(t, files...), nil).Bytes())
}

func TestModuleCacheIsCopiedWithoutZips(t *testing.T) {
	dir := tree(t, "cache/download/x/@v/v1.zip", "cache/download/x/@v/v1.mod",
		"cache/download/sumdb/y", "x@v1/x.go")
	got := listing(t, pack(t, dir, keepOfModules))
	require.Contains(t, got, "go/cache/download/x/@v/v1.mod")
	require.Contains(t, got, "go/x@v1/x.go")
	require.NotContains(t, got, "go/cache/download/x/@v/v1.zip")
	require.NotContains(t, got, "go/cache/download/sumdb/y")
}

func TestExecSaysWhatAFailedCommandWrote(t *testing.T) {
	err := Exec(t.Context(), Command{Name: "sh", Args: []string{"-c", "echo why >&2; exit 4"}})
	require.EqualError(t, err, "sh -c echo why >&2; exit 4: exit status 4\nwhy")
	require.Error(t, Exec(t.Context(), Command{Name: "no-such-program"}))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err = Exec(ctx, Command{Name: "sleep", Args: []string{"60"}})
	require.ErrorIs(t, err, context.Canceled)
}
