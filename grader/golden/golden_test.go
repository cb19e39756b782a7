package golden_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"firedrill/grader/golden"
	"firedrill/grader/notes"
	"firedrill/grader/report"
	"firedrill/rubric"
)

const small = `rubric: 1
name: small
version: 1.0.0
exam: demo
title: A small rubric
points: 7
pass: 4
notes: notes.yaml
groups:
  - id: all
    title: All
    points: 7
    criteria:
      - id: named
        title: Names the gremlin
        candidate: States the cause
        source: notes
        points: 3
      - id: works
        title: Answers under the fault
        candidate: Works again
        source: probe
        points: 4
        probe: faulty.work
        steps:
          - points: 4
            when: [{of: [accepted, asked], at_least: 95%}, {count: lost, at_most: 0}]
          - points: 2
            when: [{of: [accepted, asked], at_least: 50%}]
`

const rules = `version: 1
criteria:
  - id: named
    says: the gremlin is named
    met:
      - {rule: by name, all: [gremlin]}
      - {rule: by nick, all: [imp]}
`

func load(t *testing.T) *rubric.Rubric {
	t.Helper()
	r, err := rubric.Load(fstest.MapFS{"r.yaml": {Data: []byte(small)}, "notes.yaml": {Data: []byte(rules)}}, "r.yaml")
	require.NoError(t, err)
	return r
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
}

func record(notes string, accepted, lost int) *report.Record {
	return &report.Record{Notes: []byte(notes), Rubric: rubric.Version{Hash: "of another day"},
		Findings: []rubric.Finding{{Criterion: "named", Outcome: rubric.NeedsReview}},
		Observations: []rubric.Observation{{Probe: "faulty.work", World: "faulty",
			Counts:     map[string]int{"asked": 20, "accepted": accepted, "lost": lost},
			Transcript: []rubric.Exchange{{Method: "GET"}}, Logs: []string{"a line"}}}}
}

// set writes golden submissions that get what they should.
func set(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, golden.Keep(dir, "good", record("A gremlin did it.\n", 20, 0)))
	write(t, dir, "good.expected.yaml", "expected: 1\npoints: 7\nlowest: 7\nhighest: 7\nstate: passed\ncriteria:\n"+
		"  - {id: named, outcome: met, points: 3}\n  - {id: works, outcome: met, points: 4}\n")
	write(t, dir, "words.md", "The weather did it.\n")
	write(t, dir, "words.expected.yaml", "expected: 1\nabout: blames the weather\npoints: 99\ncriteria:\n"+
		"  - {id: named, outcome: not_met}\n  - {id: works, outcome: met}\n")
	return dir
}

func check(t *testing.T, dir string) []golden.Result {
	t.Helper()
	cases, err := golden.Load(dir)
	require.NoError(t, err)
	out, err := golden.Check(t.Context(), load(t), cases, notes.Options{})
	require.NoError(t, err)
	return out
}

func TestCheck(t *testing.T) {
	dir := set(t)
	got := check(t, dir)
	require.Len(t, got, 2)
	require.Empty(t, got[0].Differences)
	require.Equal(t, 2, got[0].Compared)
	require.Empty(t, got[1].Differences, "notes alone tell nothing of the service, nor of totals")
	require.Equal(t, 1, got[1].Compared)
	require.Equal(t, 1, got[1].LeftOut)

	write(t, dir, "good.expected.yaml", "expected: 1\nstate: open\nhighest: 9\ncriteria:\n"+
		"  - {id: named, outcome: not_met}\n  - {id: works, outcome: met, points: 3}\n  - {id: gone, outcome: met}\n")
	differences := check(t, dir)[0].Differences
	require.Len(t, differences, 5)
	require.Equal(t, golden.Difference{Line: 1, About: "highest", Expected: "9", Got: "7"}, differences[0])
	require.Equal(t, "state", differences[1].About)
	require.Equal(t, golden.Difference{Line: 5, About: "named", Expected: "not_met", Got: "met",
		Reason: `the notes say that the gremlin is named, in "gremlin"`, Lines: []int{1},
		Quote: "A gremlin did it."}, differences[2])
	require.Equal(t, "met with 3", differences[3].Expected)
	require.Equal(t, "met with 4", differences[3].Got)
	require.Equal(t, "the rubric has no such criterion", differences[4].Got)
}

func TestKeepAndAccept(t *testing.T) {
	dir := set(t)
	rec, err := report.ReadRecord(filepath.Join(dir, "good.record.json"))
	require.NoError(t, err)
	require.Empty(t, rec.Findings)
	require.Empty(t, rec.Observations[0].Transcript)
	require.Equal(t, 20, rec.Observations[0].Counts["accepted"])

	require.NoError(t, golden.Keep(dir, "half", record("An imp did it.\n", 12, 0)))
	write(t, dir, "half.expected.yaml", "expected: 1\nabout: works half # so far\ncriteria: []\n")
	grade := check(t, dir)[1].Grade
	require.Equal(t, 5, grade.Points)
	require.NoError(t, golden.Accept(dir, "half", "", grade))
	require.Empty(t, check(t, dir)[1].Differences)
	text, err := os.ReadFile(filepath.Join(dir, "half.expected.yaml"))
	require.NoError(t, err)
	require.Equal(t, "expected: 1\nabout: works half # so far\npoints: 5\nlowest: 5\nhighest: 5\ncriteria:\n"+
		"  - {id: named, outcome: met, points: 3}\n  - {id: works, outcome: not_met, points: 2}\n", string(text))
}

func TestLoadTellsAllProblems(t *testing.T) {
	dir := t.TempDir()
	_, err := golden.Load(dir)
	require.ErrorIs(t, err, golden.ErrNone)
	write(t, dir, "a.md", "text")
	write(t, dir, "a.expected.yaml", "expected: 1\nstate: fine\ncriteria:\n  - {id: a, outcome: good}\n  - {id: a, outcom: met}\n")
	write(t, dir, "b.expected.yaml", "expected: 7\n")
	write(t, dir, "c.expected.yaml", "expected: 1\ncriteria: []\n")
	_, err = golden.Load(dir)
	for _, want := range []string{
		`a.expected.yaml:2: state: unknown state "fine"`, "one of passed, failed, open",
		`a.expected.yaml:4: criteria[0].outcome: unknown outcome "good"`,
		"a.expected.yaml:5: criteria[1].outcom: unknown field", "did you mean `outcome`?",
		`a.expected.yaml:5: criteria[1]: "a" stands twice`,
		`b.expected.yaml:1: expected: version "7" of the form is not known`,
		"there is neither", "c.record.json",
	} {
		require.ErrorContains(t, err, want)
	}
}

func TestCover(t *testing.T) {
	dir := set(t)
	cover := func() *golden.Coverage {
		cases, err := golden.Load(dir)
		require.NoError(t, err)
		c, err := golden.Cover(t.Context(), load(t), cases, notes.Options{})
		require.NoError(t, err)
		return c
	}
	c := cover()
	require.Equal(t, 2, c.Cases)
	require.Equal(t, 1, c.NotesOnly)
	require.Equal(t, []string{"works"}, c.NeverMissed)
	require.Empty(t, c.NeverMet)
	require.Equal(t, []string{"works: 2 of 4 points"}, c.NeverReached)
	unnoticed := func(c *golden.Coverage) []string {
		out := []string{}
		for _, m := range c.Unnoticed {
			out = append(out, m.About+" "+m.Kind)
		}
		return out
	}
	require.Contains(t, unnoticed(c), "works step")
	require.Contains(t, unnoticed(c), "named rule", "nobody says imp")
	require.NotContains(t, unnoticed(c), "named criterion")
	encoded := func(c *golden.Coverage) string {
		data, err := json.Marshal(c)
		require.NoError(t, err)
		return string(data)
	}
	require.Equal(t, encoded(c), encoded(cover()), "the same every time")

	// Better golden submissions leave less unnoticed.
	require.NoError(t, golden.Keep(dir, "half", record("An imp did it.\n", 12, 0)))
	write(t, dir, "half.expected.yaml", "expected: 1\ncriteria:\n  - {id: named, outcome: met}\n  - {id: works, outcome: not_met, points: 2}\n")
	require.NoError(t, golden.Keep(dir, "loses", record("An imp did it.\n", 20, 1)))
	write(t, dir, "loses.expected.yaml", "expected: 1\ncriteria:\n  - {id: works, outcome: not_met, points: 2}\n")
	better := cover()
	require.Empty(t, better.NeverMissed)
	require.Empty(t, better.NeverReached)
	require.NotContains(t, unnoticed(better), "works step")
	require.NotContains(t, unnoticed(better), "named rule")
	require.Less(t, len(better.Unnoticed), len(c.Unnoticed))

	write(t, dir, "half.expected.yaml", "expected: 1\ncriteria:\n  - {id: works, outcome: met}\n")
	cases, err := golden.Load(dir)
	require.NoError(t, err)
	_, err = golden.Cover(t.Context(), load(t), cases, notes.Options{})
	require.ErrorIs(t, err, golden.ErrDiffer)
}
