package gradertest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"firedrill/fixtures/payment"
	"firedrill/grader"
	"firedrill/grader/gradertest"
	"firedrill/grader/report"
	"firedrill/rubric"
)

// recorder is a test whose outcome is looked at.
type recorder struct {
	ctx    context.Context
	dir    string
	said   string // by Errorf
	logged string
	ended  bool
}

func (r *recorder) Helper()                      {}
func (r *recorder) Context() context.Context     { return r.ctx }
func (r *recorder) TempDir() string              { return r.dir }
func (r *recorder) Logf(f string, args ...any)   { r.logged += fmt.Sprintf(f, args...) + "\n" }
func (r *recorder) Errorf(f string, args ...any) { r.said += fmt.Sprintf(f, args...) + "\n" }
func (r *recorder) FailNow()                     { r.ended = true; runtime.Goexit() }

// record runs a test and gives what became of it.
func record(t *testing.T, test func(gradertest.T)) *recorder {
	t.Helper()
	r := &recorder{ctx: t.Context(), dir: t.TempDir()}
	done := make(chan struct{})
	go func() {
		defer close(done)
		test(r)
	}()
	<-done
	require.Equal(t, r.said != "", r.ended, "a test that fails ends, and only that: %s", r.said)
	return r
}

func exam(t *testing.T) grader.Exam {
	t.Helper()
	e, err := payment.Exam()
	require.NoError(t, err)
	return e
}

const weak = `# Incident notes

## Timeline
- 14:02 payments fail with 503
- 14:20 looked at the pool of connections

## Root cause
The payment database ran out of connections.
`

// TestNotes grades a text, and shows the evidence where it is not as required.
func TestNotes(t *testing.T) {
	e := exam(t)
	rules, err := rubric.Load(e.Rubrics, e.Rubric)
	require.NoError(t, err)
	g := gradertest.Notes(t, e, "The name fraud-api.internal.corp does not resolve any more: NXDOMAIN.\n",
		gradertest.Rubric(rules))
	g.RequireMet("cause.dns", "cause.dns")
	g.RequirePoints("cause.dns", 6)
	g.RequireNotGradable("service.payments")

	weakly := gradertest.Notes(t, e, weak, gradertest.Rubric(rules))
	weakly.RequireNotMet("cause.dns")
	got := record(t, func(rt gradertest.T) { gradertest.Of(rt, weakly.Report).RequireMet("cause.dns", "fix.dns") })
	require.Contains(t, got.said, "cause.dns is not_met, want met:\n")
	require.Contains(t, got.said, "Concludes that the name of the fraud host does not resolve\n")
	require.Contains(t, got.said, "incident-notes.md: ")
	require.Contains(t, got.said, "fix.dns is not_met, want met:\n", "all that is wrong is told at once")

	got = record(t, func(rt gradertest.T) { gradertest.Of(rt, g.Report).RequirePoints("cause.dns", 3) })
	require.Contains(t, got.said, "cause.dns gives 6 points, want 3:\n")
	require.Contains(t, got.said, "> The name fraud-api.internal.corp does not resolve any more: NXDOMAIN.")
}

// graded is a report with what each assertion looks at.
func graded() *report.Report {
	return &report.Report{
		Submission: report.Submission{Notes: "incident-notes.md"},
		Grade: rubric.Grade{
			Rubric: rubric.Version{Name: "team", Version: "1.2.0"},
			Points: 3, Lowest: 3, Highest: 8, Of: 8, Pass: 5, State: rubric.Open,
			Criteria: []rubric.Result{
				{ID: "cause", Title: "Finds the cause", Outcome: rubric.Met, Points: 3, Lowest: 3, Highest: 3, Of: 3, Reason: "says so",
					Evidence: []rubric.Evidence{{Kind: rubric.KindNotes, File: "incident-notes.md",
						Lines: []int{4}, Quote: "no such host", Reason: "says so"}}},
				{ID: "mark", Title: "Tells others", Outcome: rubric.NeedsReview, Highest: 5, Of: 5, Reason: "no mark"},
			},
		},
		Claims: []rubric.Claimed{{Claim: "payments.restored", Verdict: rubric.Contradicted, Lines: []int{9},
			Quote: "all \x1b[31mpayments pass", Observed: []string{"16 accepted of 200 asked"}}},
		Record: &report.Record{Observations: []rubric.Observation{
			{Probe: "faulty.payments", World: "faulty", Counts: map[string]int{"asked": 200, "accepted": 16},
				Transcript: []rubric.Exchange{{Method: "POST", Path: "/api/payment", Status: 503, Answer: "no such host"},
					{Method: "POST", Path: "/api/payment", Error: "EOF"}},
				Logs: []string{"level=ERROR"}, Notes: []string{"rows counted"}},
			{Probe: "healed.payments", World: "healed", Unchecked: "the lab could not be healed"},
			{Probe: "faulty.health", World: "faulty", Down: "does not compile"},
		}},
	}
}

// TestFailuresShowWhy holds what each assertion says when it does not hold.
func TestFailuresShowWhy(t *testing.T) {
	for _, c := range []struct {
		name string
		ask  func(*gradertest.Graded)
		says string // all of it, where it ends in a newline
	}{
		{"outcome", func(g *gradertest.Graded) { g.RequireReview("cause") },
			"cause is met, want needs_review:\n  cause: met, 3 of 3\n    Finds the cause\n    > no such host\n" +
				"    incident-notes.md:4: says so\n\n"},
		{"nothing named", func(g *gradertest.Graded) { g.RequireMet() }, "name the criteria that must be met\n"},
		{"misspelt", func(g *gradertest.Graded) { g.RequireMet("cuase") },
			"rubric team 1.2.0 has no criterion \"cuase\", it has\n    cause\n    mark\n"},
		{"open points", func(g *gradertest.Graded) { g.RequirePoints("mark", 5) },
			"mark is open, 0 to 5 points, want 5:\n  mark: needs review, 0 (0 to 5) of 5\n"},
		{"total", func(g *gradertest.Graded) { g.RequireTotal(3, 3) },
			"the total is 3 to 8 points, want 3 to 3:\n    met             3 of 3   cause\n" +
				"    needs_review    0 of 5   mark\n\n"},
		{"state", func(g *gradertest.Graded) { g.RequireState(rubric.Passed) },
			"the grade is open, want passed: 3 to 8 points, 5 to pass\n"},
		{"count", func(g *gradertest.Graded) { g.RequireCount("faulty.payments", "accepted", 200) },
			"probe faulty.payments counted 16 accepted, want 200:\n    accepted           16\n    asked              200\n" +
				"    - rows counted\n    > POST /api/payment\n    < 503 no such host\n    > POST /api/payment\n" +
				"    < no answer: EOF\n    | level=ERROR\n\n"},
		{"range", func(g *gradertest.Graded) { g.RequireCountBetween("faulty.payments", "accepted", 17, 200) },
			"probe faulty.payments counted 16 accepted, want 17 to 200:\n"},
		{"no such count", func(g *gradertest.Graded) { g.RequireCount("faulty.payments", "booked", 1) },
			"probe faulty.payments has no count \"booked\", it has accepted, asked\n"},
		{"no such probe", func(g *gradertest.Graded) { g.RequireCount("faulty.refunds", "asked", 1) },
			"there is no probe \"faulty.refunds\", there are\n    faulty.payments\n" +
				"    healed.payments\n    faulty.health\n"},
		{"unchecked", func(g *gradertest.Graded) { g.RequireCount("healed.payments", "asked", 1) },
			"probe healed.payments was not made: the lab could not be healed\n"},
		{"down", func(g *gradertest.Graded) { g.RequireCount("faulty.health", "asked", 1) },
			"probe faulty.health found no service: does not compile\n"},
		{"no record", func(g *gradertest.Graded) { g.Record = nil; g.RequireCount("faulty.health", "asked", 1) },
			"the report comes without its record, which has what the probes counted\n"},
		{"claim", func(g *gradertest.Graded) { g.RequireClaim("payments.restored", rubric.Confirmed) },
			"the claim payments.restored is not confirmed:\n    incident-notes.md:[9]: all \\x1b[31mpayments pass\n" +
				"    contradicted: 16 accepted of 200 asked\n"},
		{"not claimed", func(g *gradertest.Graded) { g.RequireClaim("cap", rubric.Confirmed) },
			"the notes do not claim cap, they claim payments.restored\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := record(t, func(rt gradertest.T) { c.ask(gradertest.Of(rt, graded())) })
			if strings.HasSuffix(c.says, "\n\n") || strings.Count(c.says, "\n") == 1 {
				require.True(t, strings.HasPrefix(got.said, c.says), got.said)
			} else {
				require.Contains(t, got.said, c.says)
			}
		})
	}
}

// TestWhatHolds: nothing is said where all is as required.
func TestWhatHolds(t *testing.T) {
	got := record(t, func(rt gradertest.T) {
		g := gradertest.Of(rt, graded())
		g.RequireMet("cause")
		g.RequireReview("mark")
		g.RequirePoints("cause", 3)
		g.RequireTotal(3, 8)
		g.RequireState(rubric.Open)
		g.RequireCount("faulty.payments", "accepted", 16)
		g.RequireCountBetween("faulty.payments", "accepted", 16, 16)
		g.RequireClaim("payments.restored", rubric.Contradicted)
	})
	require.Empty(t, got.said)
	require.False(t, got.ended)
}

// TestRequireGolden: a grade that changes fails, with every change and why; one that is
// accepted is kept.
func TestRequireGolden(t *testing.T) {
	file := filepath.Join(t.TempDir(), "jane.expected.yaml")
	hold := func(r *report.Report, update bool) *recorder {
		return record(t, func(rt gradertest.T) { gradertest.Of(rt, r).RequireGolden(file, update) })
	}
	require.Contains(t, hold(graded(), false).said, "no such file")
	require.Contains(t, hold(graded(), true).logged, "accepted:\n"+file+": is new")
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(kept), "- {id: cause, outcome: met, points: 3}\n")
	require.Empty(t, hold(graded(), false).said)
	require.Empty(t, hold(graded(), true).logged, "nothing changed")

	changed := graded()
	changed.Rubric.Version, changed.Lowest, changed.Points = "1.3.0", 1, 1
	changed.Criteria[0].Outcome, changed.Criteria[0].Points = rubric.NotMet, 1
	changed.Criteria[1].ID = "mark2"
	says := hold(changed, false).said
	for _, want := range []string{
		"the grade under rubric team 1.3.0 is not the golden one:\n" + file,
		"points: expected 3, got 1\n",
		"cause: expected met with 3, got not_met with 1\n  cause: partly met, 1",
		"> no such host", "mark: expected needs_review with 0, got the rubric has no such criterion",
		"hint: where every change is meant",
	} {
		require.Contains(t, says, want)
	}
	again, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(kept), string(again), "a test that fails accepts nothing")

	require.NoError(t, os.WriteFile(file, []byte("expected: 2\n"), 0o600))
	require.Contains(t, hold(graded(), true).said, "not known", "what is not understood is not overwritten")
}

// TestGolden holds a directory of golden submissions to a rubric.
func TestGolden(t *testing.T) {
	e := exam(t)
	rules, err := rubric.Load(e.Rubrics, e.Rubric)
	require.NoError(t, err)
	dir := t.TempDir()
	put := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	hold := func(update bool) *recorder {
		return record(t, func(rt gradertest.T) {
			gradertest.Golden(rt, e, dir, update, gradertest.Rubric(rules))
		})
	}
	require.Contains(t, hold(false).said, "no golden submissions")
	put("weak.md", weak)
	put("weak.expected.yaml", "expected: 1\nabout: somebody\ncriteria:\n  - {id: cause.dns, outcome: not_met}\n")
	require.Empty(t, hold(false).said)

	put("weak.expected.yaml", "expected: 1\nabout: somebody\ncriteria:\n  - {id: cause.dns, outcome: met, points: 6}\n")
	says := hold(false).said
	require.Contains(t, says, "1 of 1 golden submissions get something else under rubric payment ")
	require.Contains(t, says, "weak.expected.yaml:4: cause.dns: expected met with 6, got not_met with 0\n"+
		"  cause.dns: not met, 0 of 6\n    Concludes that the name of the fraud host does not resolve\n")
	require.Contains(t, hold(true).logged, "accepted:\n")
	require.Empty(t, hold(false).said)
	kept, err := os.ReadFile(filepath.Join(dir, "weak.expected.yaml"))
	require.NoError(t, err)
	require.Contains(t, string(kept), "about: somebody\n", "what people wrote stays")
}

// TestWhatCannotBeGraded fails with an error and a hint.
func TestWhatCannotBeGraded(t *testing.T) {
	e := exam(t)
	got := record(t, func(rt gradertest.T) { gradertest.Grade(rt, e, t.TempDir(), gradertest.NotesOnly()) })
	require.Contains(t, got.said, "incident-notes.md")
	require.Contains(t, got.said, "\nhint: ")
	t.Setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
	got = record(t, func(rt gradertest.T) { gradertest.Grade(rt, e, "../../examples/submissions/pristine") })
	require.Contains(t, got.said, "docker engine not available")
	require.Contains(t, got.said, "hint: start docker, or run `make setup`; gradertest.NotesOnly() needs none")
}

// dying is a test whose time has run out.
type dying struct{ *recorder }

func (dying) Deadline() (time.Time, bool) { return time.Now().Add(time.Second), true }

func TestDeadlineIsHonoured(t *testing.T) {
	e := exam(t)
	var got *recorder
	record(t, func(rt gradertest.T) {
		got = rt.(*recorder)
		gradertest.Notes(dying{got}, e, weak)
	})
	require.Contains(t, got.said, "deadline exceeded")
}

// TestGrade grades a whole submission in containers and asks what the probes counted.
func TestGrade(t *testing.T) {
	t.Parallel()
	g := gradertest.Grade(t, exam(t), "../../examples/submissions/pristine")
	g.RequireNotMet("service.payments", "cause.dns")
	g.RequirePoints("service.payments", 0)
	g.RequireCount("faulty.payments", "asked", 200)
	g.RequireCountBetween("faulty.payments", "accepted", 10, 22)
	g.RequireState(rubric.Failed)
}
