package examples

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"firedrill/fixtures/payment"
	"firedrill/rubric"
)

const submissions = "submissions"

func TestExamplesFollowTheKit(t *testing.T) {
	kit, err := payment.Kit(payment.Standard())
	require.NoError(t, err)
	dir := os.DirFS(submissions)
	names, err := Names(dir)
	require.NoError(t, err)
	require.Equal(t, []string{"always-200", "bypass", "circuit-breaker", "compose-flag",
		"degraded-mode", "double-charge", "good-notes-no-fix", "health-only", "hosts-stub",
		"pristine", "review-queue", "right-fix-wrong-cause", "routes-deleted", "wrong-cause"}, names)
	for _, name := range names {
		e, err := Load(dir, name)
		require.NoError(t, err)
		require.NotEmpty(t, e.About)
		drift, err := Drift(os.DirFS(filepath.Join(submissions, name)), kit, e.Changed)
		require.NoError(t, err)
		require.Empty(t, drift, "%s: make examples restores what is not listed as changed", name)
	}
}

// TestExpectationsAreWhole holds every expectation to the shipped rubric: all criteria,
// and totals that its points give.
func TestExpectationsAreWhole(t *testing.T) {
	r, err := rubric.Load(rubric.Shipped(), "payment/payment.yaml")
	require.NoError(t, err)
	dir := os.DirFS(submissions)
	names, err := Names(dir)
	require.NoError(t, err)
	points := map[string]int{}
	for _, name := range names {
		e, err := Load(dir, name)
		require.NoError(t, err)
		sum := 0
		for i, c := range r.Criteria() {
			require.Less(t, i, len(e.Criteria), name)
			require.Equal(t, c.ID, e.Criteria[i].ID, name)
			sum += e.Criteria[i].Points
		}
		require.Len(t, e.Criteria, len(r.Criteria()))
		require.Equal(t, e.Points, sum, name)
		points[name] = sum
	}
	require.Greater(t, points["degraded-mode"], points["bypass"])
	require.Greater(t, points["bypass"], points["wrong-cause"])
	require.GreaterOrEqual(t, points["wrong-cause"], points["pristine"])
}

// attacks says which points each trick goes for; a name that ends in a point stands for
// all criteria that begin with it. grader.TestExamples holds expectations to real grades.
var attacks = map[string][]string{
	"always-200":            {"service."},
	"routes-deleted":        {"service."},
	"health-only":           {"service."},
	"double-charge":         {"service."},
	"wrong-cause":           {"service.", "cause."},
	"good-notes-no-fix":     {"service."},
	"right-fix-wrong-cause": {"cause."},
	"bypass": {"service.health", "service.amounts", "service.exposure", "service.deferred",
		"service.decisions", "service.flapping", "service.slow", "service.relapse"},
	"hosts-stub": {"service.health", "service.amounts", "service.exposure", "service.deferred",
		"service.decisions", "service.flapping", "service.slow", "service.relapse"},
	"compose-flag": {"service.health", "service.amounts", "service.exposure"},
}

// TestTricksGainNothing: no cheat gets more than the unchanged kit does on any criterion
// that it attacks.
func TestTricksGainNothing(t *testing.T) {
	dir := os.DirFS(submissions)
	baseline, err := Load(dir, "pristine")
	require.NoError(t, err)
	for name, attacked := range attacks {
		e, err := Load(dir, name)
		require.NoError(t, err)
		for _, prefix := range attacked {
			hit := 0
			for i, c := range e.Criteria {
				if c.ID == prefix || (strings.HasSuffix(prefix, ".") && strings.HasPrefix(c.ID, prefix)) {
					hit++
					require.LessOrEqual(t, c.Points, baseline.Criteria[i].Points, "%s: %s", name, c.ID)
				}
			}
			require.NotZero(t, hit, "%s: no criterion is called %s", name, prefix)
		}
	}
}

// TestTricksDoNotPass: whatever an examiner adds, who only pretends stays below the mark,
// and who mitigates well gets above it.
func TestTricksDoNotPass(t *testing.T) {
	r, err := rubric.Load(rubric.Shipped(), "payment/payment.yaml")
	require.NoError(t, err)
	dir := os.DirFS(submissions)
	for _, name := range []string{"pristine", "wrong-cause", "always-200", "routes-deleted",
		"health-only", "double-charge"} {
		e, err := Load(dir, name)
		require.NoError(t, err)
		require.Less(t, e.Highest, r.Pass, name)
	}
	for _, name := range []string{"degraded-mode", "review-queue", "circuit-breaker"} {
		e, err := Load(dir, name)
		require.NoError(t, err)
		require.GreaterOrEqual(t, e.Lowest, r.Pass, name)
	}
}

// TestReadmeTellsOfAll: the table says of every example what it teaches, and of no other.
func TestReadmeTellsOfAll(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	var told []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z0-9-]+)` \\|").FindAllStringSubmatch(string(readme), -1) {
		told = append(told, row[1])
	}
	slices.Sort(told)
	names, err := Names(os.DirFS(submissions))
	require.NoError(t, err)
	require.Equal(t, names, told)
}

// TestShippedRubricFitsTheProbes lints the rubric against the exam that it is for.
func TestShippedRubricFitsTheProbes(t *testing.T) {
	exam, err := payment.Exam()
	require.NoError(t, err)
	known := rubric.ProbeCounts{}
	for _, p := range exam.Probes {
		known[p.ID] = slices.Sorted(maps.Keys(p.Counts))
	}
	problems, err := rubric.Lint(exam.Rubrics, exam.Rubric, known)
	require.NoError(t, err)
	require.Empty(t, problems)
}

func TestDifferences(t *testing.T) {
	e := Expected{Points: 3, Lowest: 3, Highest: 5, Criteria: []Criterion{
		{"a", rubric.Met, 3}, {"b", rubric.NeedsReview, 0}}}
	g := rubric.Grade{Points: 3, Lowest: 3, Highest: 5, Criteria: []rubric.Result{
		{ID: "a", Outcome: rubric.Met, Points: 3}, {ID: "b", Outcome: rubric.NeedsReview}}}
	require.Empty(t, e.Differences(g))
	g.Points = 4
	g.Criteria = []rubric.Result{{ID: "a", Outcome: rubric.NotMet, Reason: "no statement"}, {ID: "c"}}
	require.Equal(t, []string{
		"total: got 4 (3 to 5), expected 3 (3 to 5)",
		"a: got not_met, 0 points, expected met, 3: no statement",
		"c: not expected",
		"b: missing",
	}, e.Differences(g))
}

func TestDriftAndRefresh(t *testing.T) {
	kit := fstest.MapFS{
		"README.md":       {Data: []byte("new"), Mode: 0o644},
		"notes.md":        {Data: []byte("template"), Mode: 0o644},
		"service/main.go": {Data: []byte("package main"), Mode: 0o644},
		"service/run.sh":  {Data: []byte("#!/bin/sh"), Mode: 0o755},
	}
	dir := t.TempDir()
	put := func(name, text string) {
		full := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(full), 0o755))
		require.NoError(t, os.WriteFile(full, []byte(text), 0o644))
	}
	put("one.expected.yaml", "expected: 1\nabout: one\n"+
		"changed: [notes.md, service/main.go, service/extra.go]\n"+
		"points: 0\nlowest: 0\nhighest: 0\ncriteria: []\n")
	put("one/README.md", "old")
	put("one/notes.md", "filled in")
	put("one/service/main.go", "package main")
	put("one/service/gone.go", "no longer in the kit")
	e, err := Load(os.DirFS(dir), "one")
	require.NoError(t, err)
	one := os.DirFS(filepath.Join(dir, "one"))
	drift, err := Drift(one, kit, e.Changed)
	require.NoError(t, err)
	require.Equal(t, []string{
		"README.md: differs from the kit",
		"service/gone.go: not in the kit",
		"service/main.go: listed as changed, but is the kit's",
		"service/extra.go: listed as changed, but missing",
		"service/run.sh: missing",
	}, drift)

	done, err := Refresh(dir, kit)
	require.NoError(t, err)
	require.Equal(t, []string{
		filepath.Join(dir, "one/README.md"),
		filepath.Join(dir, "one/service/run.sh"),
		filepath.Join(dir, "one/service/gone.go"),
	}, done)
	done, err = Refresh(dir, kit)
	require.NoError(t, err)
	require.Empty(t, done, "a second time there is nothing to do")
	text, err := os.ReadFile(filepath.Join(dir, "one/notes.md"))
	require.NoError(t, err)
	require.Equal(t, "filled in", string(text))
}

func TestAccept(t *testing.T) {
	dir := t.TempDir()
	const head = "expected: 1\nabout: >-\n  somebody\nchanged:\n  - a.go # kept\n"
	file := filepath.Join(dir, "one.expected.yaml")
	put := func(text string) { require.NoError(t, os.WriteFile(file, []byte(text), 0o644)) }
	put(head + "points: 0\nlowest: 0\nhighest: 0\ncriteria: []\n")
	g := rubric.Grade{Points: 3, Lowest: 3, Highest: 5, Criteria: []rubric.Result{
		{ID: "a", Outcome: rubric.Met, Points: 3}, {ID: "b", Outcome: rubric.NeedsReview}}}
	differ, err := Accept(dir, "one", g)
	require.NoError(t, err)
	require.Len(t, differ, 3)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, head+"points: 3\nlowest: 3\nhighest: 5\ncriteria:\n"+
		"  - {id: a, outcome: met, points: 3}\n  - {id: b, outcome: needs_review, points: 0}\n", string(text))
	differ, err = Accept(dir, "one", g)
	require.NoError(t, err)
	require.Empty(t, differ, "a second time nothing differs")
	_, err = Accept(dir, "two", g)
	require.ErrorContains(t, err, "two.expected.yaml")
}

func TestLoadIsStrict(t *testing.T) {
	const good = "expected: 1\nabout: a\nchanged: []\npoints: 0\nlowest: 0\nhighest: 0\ncriteria: []\n"
	for text, says := range map[string]string{
		good + "extra: 1\n":          "unknown field",
		"expected: 2\n" + good[12:]:  "version 2 of the format is not known",
		"expected: 1\npoints: [1]\n": "points",
	} {
		_, err := Load(fstest.MapFS{"x" + suffix: {Data: []byte(text)}}, "x")
		require.ErrorContains(t, err, says)
	}
}
