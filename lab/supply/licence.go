package supply

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"

	classifier "github.com/google/licenseclassifier/v2"
	"github.com/google/licenseclassifier/v2/assets"
)

// allowed are the licences that modules may have: all of them let us pass on what we make
// under our own, MIT, and ask for no more than to be named.
func allowed() []string {
	return []string{"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "Unlicense"}
}

// module is one that something is compiled from.
type module struct {
	Path, Version string
	Files         fs.FS
}

// modules lists those that our programs, tests and tools are compiled from.
func modules(ctx context.Context) ([]module, error) {
	own, err := listed(ctx, "-test", "./...")
	if err != nil {
		return nil, err
	}
	tools, err := listed(ctx, "tool") // without their tests, which nobody runs
	if err != nil {
		return nil, err
	}
	lines := slices.Concat(own, tools)
	slices.Sort(lines)
	var all []module
	for _, line := range slices.Compact(lines) {
		f := strings.Split(line, "\t")
		if len(f) != 3 {
			continue // a package of ours or of Go's
		}
		if f[2] == "" {
			return nil, fmt.Errorf("list modules: %s is not on this machine, go mod download brings it", f[0])
		}
		all = append(all, module{f[0], f[1], os.DirFS(f[2])})
	}
	return all, nil
}

// listed gives a line for each package, with its module's path, version and directory.
func listed(ctx context.Context, args ...string) ([]string, error) {
	const each = "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}"
	args = append([]string{"list", "-deps", "-f", each}, args...)
	out, err := exec.CommandContext(ctx, "go", args...).Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return nil, fmt.Errorf("list modules: %w: %s", err, strings.TrimSpace(string(failed.Stderr)))
	} else if err != nil {
		return nil, fmt.Errorf("list modules: %w", err)
	}
	return strings.Split(string(out), "\n"), nil
}

// licenceFile are the names of files that hold licences. What ends in .docs is that of texts,
// which are not compiled.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|unlicense)([-.].*)?$`)

// recogniser tells licences by their text. It takes a second to make.
type recogniser struct{ *classifier.Classifier }

func newRecogniser() (recogniser, error) {
	c, err := assets.DefaultClassifier()
	return recogniser{c}, err
}

// judge says which licences a module has, and what is wrong with them, if anything is.
func (r recogniser) judge(m module) (names []string, wrong string) {
	entries, err := fs.ReadDir(m.Files, ".")
	if err != nil {
		return nil, "its directory cannot be read: " + err.Error()
	}
	for _, e := range entries {
		if e.IsDir() || !licenceFile.MatchString(e.Name()) || path.Ext(e.Name()) == ".docs" {
			continue
		}
		text, err := fs.ReadFile(m.Files, e.Name())
		if err != nil {
			return nil, "its licence cannot be read: " + err.Error()
		}
		found := r.names(text)
		if len(found) == 0 {
			return names, e.Name() + " is no licence that is known"
		}
		names = append(names, found...)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) == 0 {
		return nil, "it has no licence"
	}
	for _, n := range names {
		if !slices.Contains(allowed(), n) {
			return names, "its licence " + n + " is not among those that are allowed: " +
				strings.Join(allowed(), ", ")
		}
	}
	return names, ""
}

// names are the licences whose text stands in a file, or to which it refers as a header does.
func (r recogniser) names(text []byte) []string {
	var out []string
	for _, m := range r.Match(text).Matches {
		if m.MatchType == "License" || m.MatchType == "Header" {
			out = append(out, m.Name)
		}
	}
	return out
}
