// Package examples holds submissions as candidates hand them in, and the grade that
// each must get: submissions/NAME is the directory, submissions/NAME.expected.yaml
// what is expected of it.
//
// A submission is the kit with a few files changed. So that the others never drift from
// the kit, the expectation lists what was changed; everything else is equal to the kit,
// which a test holds and `make examples` restores. The package has no opinion on how a
// grade is made: it only compares. submissions/NAME.record.json is what the last grade was
// made of, so that a rubric can be tested on the examples without Docker.
package examples

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"firedrill/rubric"
)

// suffix of an expectation's file, which stands beside the submission.
const suffix = ".expected.yaml"

// formatVersion is the version of the expectation's format.
const formatVersion = 1

// Expected is what one example submission must get.
type Expected struct {
	// Format is the format's version.
	Format int `yaml:"expected"`
	// About says in a sentence who hands this in.
	About string `yaml:"about"`
	// Changed are the files that differ from the kit or are not in it.
	Changed []string `yaml:"changed"`
	// Points, Lowest and Highest are the grade's totals.
	Points  int `yaml:"points"`
	Lowest  int `yaml:"lowest"`
	Highest int `yaml:"highest"`
	// Criteria are all of the rubric's, in its order.
	Criteria []Criterion `yaml:"criteria"`
}

// Criterion is the expected result of one criterion.
type Criterion struct {
	ID      string         `yaml:"id"`
	Outcome rubric.Outcome `yaml:"outcome"`
	Points  int            `yaml:"points"`
}

// Names lists the examples that have an expectation in dir, sorted.
func Names(dir fs.FS) ([]string, error) {
	found, err := fs.Glob(dir, "*"+suffix)
	if err != nil {
		return nil, err
	}
	for i := range found {
		found[i] = strings.TrimSuffix(found[i], suffix)
	}
	slices.Sort(found)
	return found, nil
}

// Load reads the expectation of one example in dir.
func Load(dir fs.FS, name string) (*Expected, error) {
	data, err := fs.ReadFile(dir, name+suffix)
	if err != nil {
		return nil, fmt.Errorf("read expected grade: %w", err)
	}
	var e Expected
	if err := yaml.UnmarshalWithOptions(data, &e, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read expected grade %s: %w", name+suffix, err)
	}
	if e.Format != formatVersion {
		return nil, fmt.Errorf("%s: version %d of the format is not known", name+suffix, e.Format)
	}
	return &e, nil
}

// Differences says where a grade is not what is expected; nothing when it is.
// Criteria that are missing and criteria that are not expected both count.
func (e *Expected) Differences(g rubric.Grade) []string {
	var out []string
	differ := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if g.Points != e.Points || g.Lowest != e.Lowest || g.Highest != e.Highest {
		differ("total: got %d (%d to %d), expected %d (%d to %d)",
			g.Points, g.Lowest, g.Highest, e.Points, e.Lowest, e.Highest)
	}
	rest := slices.Clone(e.Criteria)
	for _, c := range g.Criteria {
		i := slices.IndexFunc(rest, func(w Criterion) bool { return w.ID == c.ID })
		if i < 0 {
			differ("%s: not expected", c.ID)
			continue
		}
		if want := rest[i]; want.Outcome != c.Outcome || want.Points != c.Points {
			differ("%s: got %s, %d points, expected %s, %d: %s",
				c.ID, c.Outcome, c.Points, want.Outcome, want.Points, c.Reason)
		}
		rest = slices.Delete(rest, i, i+1)
	}
	for _, w := range rest {
		differ("%s: missing", w.ID)
	}
	return out
}

// Drift says how an example differs from the kit where it should not, and where it
// does not though it should.
func Drift(example, kit fs.FS, changed []string) ([]string, error) {
	var out []string
	err := each(example, func(name string, data []byte) error {
		original, err := fs.ReadFile(kit, name)
		listed := slices.Contains(changed, name)
		switch {
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return err
		case err != nil && !listed:
			out = append(out, name+": not in the kit")
		case err == nil && string(original) != string(data) && !listed:
			out = append(out, name+": differs from the kit")
		case err == nil && string(original) == string(data) && listed:
			out = append(out, name+": listed as changed, but is the kit's")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, name := range changed {
		if _, err := fs.Stat(example, name); err != nil {
			out = append(out, name+": listed as changed, but missing")
		}
	}
	err = each(kit, func(name string, _ []byte) error {
		if _, err := fs.Stat(example, name); err != nil {
			out = append(out, name+": missing")
		}
		return nil
	})
	return out, err
}

// each calls f for every file.
func each(fsys fs.FS, f func(name string, data []byte) error) error {
	return fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, path.Clean(name))
		if err != nil {
			return err
		}
		return f(name, data)
	})
}
