package gradertest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"firedrill/rubric"
)

// goldenVersion is the version of a golden grade's form.
const goldenVersion = 1

// golden is a grade as it is kept. It holds what a team decides about, and no words: a rule
// that quotes better changes no golden grade.
type golden struct {
	Golden   int         `yaml:"golden"`
	Rubric   string      `yaml:"rubric"` // for the reader: version and name
	Points   int         `yaml:"points"`
	Lowest   int         `yaml:"lowest"`
	Highest  int         `yaml:"highest"`
	State    string      `yaml:"state"`
	Criteria []goldenOne `yaml:"criteria"`
}

type goldenOne struct {
	ID      string         `yaml:"id"`
	Outcome rubric.Outcome `yaml:"outcome"`
	Points  int            `yaml:"points"`
}

// RequireGolden holds the grade to be the one that file keeps: every criterion's outcome and
// points, and the totals. With update it writes the file instead, and logs what changed; the
// test then passes. Criteria that came or went with the rubric count as changes.
func (g *Graded) RequireGolden(file string, update bool) {
	g.t.Helper()
	was, err := readGolden(file)
	if err != nil && !(update && errors.Is(err, fs.ErrNotExist)) {
		fail(g.t, "%v\nhint: run the test with the flag that updates golden grades, "+
			"and look at the file before you keep it", err)
	}
	is := g.golden()
	changed := g.changes(was, is)
	switch {
	case len(changed) == 0:
	case !update:
		fail(g.t, "the grade is not the golden one of %s, made with rubric %s; "+
			"this one is made with %s:\n\n%s\nhint: where every change is meant, run the test with the flag that updates golden grades",
			file, was.Rubric, is.Rubric, strings.Join(changed, "\n"))
	default:
		if err := os.WriteFile(file, is.yaml(), 0o644); err != nil {
			fail(g.t, "keep the golden grade: %v", err)
		}
		g.t.Logf("%s is written anew:\n%s", file, strings.Join(changed, "\n"))
	}
}

func readGolden(file string) (golden, error) {
	var out golden
	data, err := os.ReadFile(file)
	if err != nil {
		return out, fmt.Errorf("read the golden grade: %w", err)
	}
	if err := yaml.UnmarshalWithOptions(data, &out, yaml.Strict()); err != nil {
		return out, fmt.Errorf("read the golden grade %s: %w", file, err)
	}
	if out.Golden != goldenVersion {
		return out, fmt.Errorf("%s: version %d of a golden grade's form, want %d",
			file, out.Golden, goldenVersion)
	}
	return out, nil
}

func (g *Graded) golden() golden {
	out := golden{Golden: goldenVersion, Rubric: g.Rubric.Name + " " + g.Rubric.Version,
		Points: g.Points, Lowest: g.Lowest, Highest: g.Highest, State: string(g.State)}
	for _, c := range g.Criteria {
		out.Criteria = append(out.Criteria, goldenOne{c.ID, c.Outcome, c.Points})
	}
	return out
}

// yaml writes the form with a line for each criterion, so that a change shows as one line.
func (o golden) yaml() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "golden: %d\nrubric: %s\n", o.Golden, o.Rubric)
	fmt.Fprintf(&b, "points: %d\nlowest: %d\nhighest: %d\nstate: %s\ncriteria:\n",
		o.Points, o.Lowest, o.Highest, o.State)
	for _, c := range o.Criteria {
		fmt.Fprintf(&b, "  - {id: %s, outcome: %s, points: %d}\n", c.ID, c.Outcome, c.Points)
	}
	return b.Bytes()
}

// changes says how a grade differs from the golden one, with evidence.
func (g *Graded) changes(was, is golden) []string {
	var out []string
	if was.total() != is.total() {
		out = append(out, fmt.Sprintf("total: was %s, is %s\n", was.total(), is.total()))
	}
	for _, c := range is.Criteria {
		i := slices.IndexFunc(was.Criteria, func(o goldenOne) bool { return o.ID == c.ID })
		switch {
		case i < 0:
			out = append(out, fmt.Sprintf("%s: was not there, is %s\n%s", c.ID, c, g.evidence(c.ID)))
		case was.Criteria[i] != c:
			out = append(out, fmt.Sprintf("%s: was %s, is %s\n%s", c.ID, was.Criteria[i], c, g.evidence(c.ID)))
		}
	}
	for _, c := range was.Criteria {
		if !slices.ContainsFunc(is.Criteria, func(o goldenOne) bool { return o.ID == c.ID }) {
			out = append(out, fmt.Sprintf("%s: was %s, is gone\n", c.ID, c))
		}
	}
	return out
}

func (o golden) total() string {
	return fmt.Sprintf("%d points (%d to %d), %s", o.Points, o.Lowest, o.Highest, o.State)
}

func (c goldenOne) String() string { return fmt.Sprintf("%s with %d points", c.Outcome, c.Points) }
