package image

import (
	"bytes"
	"context"
	"debug/elf"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// toolchain is the version of Go on both sides, such as "go1.26.8".
func toolchain() string {
	version, _, _ := strings.Cut(runtime.Version(), " ") // drop experiments
	return version
}

// goroot finds the toolchain's directory for this program's version of Go.
func (w *workshop) goroot(ctx context.Context, tmp string) (string, error) {
	if runtime.GOOS == "linux" {
		var out bytes.Buffer
		err := w.run(ctx, Command{Name: "go", Args: []string{"env", "GOROOT"}, Out: &out})
		dir := strings.TrimSpace(out.String())
		if err == nil && usable(dir) {
			return dir, nil
		}
	}
	return w.fetchToolchain(ctx, tmp)
}

// fetchToolchain gets the toolchain as the go command itself does: as a module,
// checked against the checksum database.
func (w *workshop) fetchToolchain(ctx context.Context, tmp string) (string, error) {
	w.say("fetch %s through the module proxy", toolchain())
	module := fmt.Sprintf("golang.org/toolchain@v0.0.1-%s.linux-%s", toolchain(), runtime.GOARCH)
	var out bytes.Buffer
	err := w.run(ctx, Command{
		Name: "go", Args: []string{"mod", "download", "-json", module}, Dir: tmp, Out: &out,
	})
	var got struct{ Dir string }
	if err == nil {
		err = json.Unmarshal(out.Bytes(), &got)
	}
	if err != nil {
		return "", fmt.Errorf("fetch go toolchain %s: %w", module, err)
	}
	return got.Dir, nil
}

// usable tells whether a GOROOT is of this program's version and complete. A
// distribution's may be spread over directories, or its commands not static.
func usable(goroot string) bool {
	version, err := os.ReadFile(filepath.Join(goroot, "VERSION"))
	if err != nil {
		return false
	}
	for _, dir := range []string{"bin", "pkg", "pkg/include", "src"} {
		info, err := os.Lstat(filepath.Join(goroot, filepath.FromSlash(dir)))
		if err != nil || !info.IsDir() {
			return false
		}
	}
	first, _, _ := strings.Cut(string(version), "\n")
	tools := filepath.Join(goroot, "pkg", "tool", "linux_"+runtime.GOARCH)
	return first == toolchain() &&
		static(filepath.Join(goroot, "bin", "go")) && static(filepath.Join(tools, "compile"))
}

// static tells whether a program runs without a dynamic linker.
func static(file string) bool {
	f, err := elf.Open(file)
	if err != nil {
		return false
	}
	defer f.Close()
	return !slices.ContainsFunc(f.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP })
}

// keepOfToolchain drops what compiling without cgo never reads; it halves the image.
func keepOfToolchain(rel string, d fs.DirEntry) bool {
	top, rest, _ := strings.Cut(rel, "/")
	switch top {
	case "bin":
		return rest != "gofmt"
	case "lib", "VERSION", "go.env":
		return true
	case "pkg":
		tool := strings.HasPrefix(rest, "tool/") && !d.IsDir()
		return !tool || slices.Contains([]string{"asm", "compile", "link"}, d.Name())
	case "src":
		return rel != "src/cmd" && d.Name() != "testdata" && !strings.HasSuffix(rel, "_test.go")
	}
	return false
}
