package gradertest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"firedrill/grader/report"
	"firedrill/rubric"
)

// width of what failures show, in columns.
const width = 100

// Graded is a grade in a test. Its Report is all there is; the methods are for what tests
// ask most. Each fails the test, and ends it, where it does not hold.
type Graded struct {
	*report.Report
	t T
}

// RequireMet holds criteria to be met. A penalty that is met costs points.
func (g *Graded) RequireMet(ids ...string) {
	g.t.Helper()
	g.requireOutcome(rubric.Met, ids)
}

// RequireNotMet holds criteria to be not met: looked for, and not found.
func (g *Graded) RequireNotMet(ids ...string) {
	g.t.Helper()
	g.requireOutcome(rubric.NotMet, ids)
}

// RequireReview holds criteria to be left for a person to decide.
func (g *Graded) RequireReview(ids ...string) {
	g.t.Helper()
	g.requireOutcome(rubric.NeedsReview, ids)
}

// RequireNotGradable holds criteria to be unchecked, as those of a service are in a grade of
// notes alone.
func (g *Graded) RequireNotGradable(ids ...string) {
	g.t.Helper()
	g.requireOutcome(rubric.NotGradable, ids)
}

func (g *Graded) requireOutcome(want rubric.Outcome, ids []string) {
	g.t.Helper()
	if len(ids) == 0 {
		fail(g.t, "name the criteria that must be %s", want)
	}
	var wrong []string
	for _, id := range ids {
		if c := g.criterion(id); c.Outcome != want {
			wrong = append(wrong, fmt.Sprintf("%s is %s, want %s:\n%s", id, c.Outcome, want, g.evidence(id)))
		}
	}
	if len(wrong) > 0 {
		fail(g.t, "%s", strings.Join(wrong, "\n"))
	}
}

// RequirePoints holds a criterion to be decided, and to give that many points; a penalty
// that is due gives less than none.
func (g *Graded) RequirePoints(id string, points int) {
	g.t.Helper()
	switch c := g.criterion(id); {
	case c.Lowest != c.Highest:
		fail(g.t, "%s is open, %d to %d points, want %d:\n%s", id, c.Lowest, c.Highest, points, g.evidence(id))
	case c.Points != points:
		fail(g.t, "%s gives %d points, want %d:\n%s", id, c.Points, points, g.evidence(id))
	}
}

// RequireTotal holds the whole grade to lie between two totals once everything is decided;
// where nothing is open they are the same.
func (g *Graded) RequireTotal(lowest, highest int) {
	g.t.Helper()
	if g.Lowest != lowest || g.Highest != highest {
		fail(g.t, "the total is %d to %d points, want %d to %d:\n%s",
			g.Lowest, g.Highest, lowest, highest, g.table())
	}
}

// RequireState holds the grade to have passed, failed, or be open.
func (g *Graded) RequireState(want rubric.State) {
	g.t.Helper()
	if g.State != want {
		fail(g.t, "the grade is %s, want %s: %d to %d points, %d to pass\n%s",
			g.State, want, g.Lowest, g.Highest, g.Pass, g.table())
	}
}

// RequireCount holds what a probe counted to be exactly that. `grader probes` documents the
// counts.
func (g *Graded) RequireCount(probe, count string, want int) {
	g.t.Helper()
	g.RequireCountBetween(probe, count, want, want)
}

// RequireCountBetween holds what a probe counted to lie between two figures, both included.
func (g *Graded) RequireCountBetween(probe, count string, least, most int) {
	g.t.Helper()
	o := g.observation(probe)
	got, ok := o.Counts[count]
	if !ok {
		fail(g.t, "probe %s has no count %q, it has %s", probe, count,
			strings.Join(slices.Sorted(maps.Keys(o.Counts)), ", "))
	}
	if got < least || got > most {
		want := fmt.Sprint(least)
		if most != least {
			want = fmt.Sprintf("%d to %d", least, most)
		}
		fail(g.t, "probe %s counted %d %s, want %s:\n%s", probe, got, count, want, seen(o))
	}
}

// RequireClaim holds something that the notes claim about the service to have been confirmed,
// contradicted or not checked, wherever they claim it.
func (g *Graded) RequireClaim(claim string, want rubric.Verdict) {
	g.t.Helper()
	var wrong, known []string
	found := false
	for _, c := range g.Claims {
		known = append(known, c.Claim)
		if c.Claim != claim {
			continue
		}
		found = true
		if c.Verdict != want {
			why := strings.Join(append(slices.Clone(c.Observed), c.Reason), "; ")
			wrong = append(wrong, fmt.Sprintf("    %s:%v: %s\n    %s: %s", g.Submission.Notes, c.Lines,
				report.Clean(c.Quote), c.Verdict, report.Clean(strings.TrimSuffix(why, "; "))))
		}
	}
	switch {
	case !found && len(known) == 0:
		fail(g.t, "the notes do not claim %s, or anything else that can be checked", claim)
	case !found:
		slices.Sort(known)
		fail(g.t, "the notes do not claim %s, they claim %s", claim,
			strings.Join(slices.Compact(known), ", "))
	case len(wrong) > 0:
		fail(g.t, "the claim %s is not %s:\n%s", claim, want, strings.Join(wrong, "\n"))
	}
}

// criterion gives the result of that id; one that the rubric does not have fails the test.
func (g *Graded) criterion(id string) rubric.Result {
	g.t.Helper()
	var ids []string
	for _, c := range g.Criteria {
		if c.ID == id {
			return c
		}
		ids = append(ids, c.ID)
	}
	fail(g.t, "rubric %s %s has no criterion %q, it has\n    %s", g.Rubric.Name, g.Rubric.Version, id,
		strings.Join(ids, "\n    "))
	return rubric.Result{}
}

// observation gives what a probe saw; one that was not made, or not here, fails the test.
func (g *Graded) observation(probe string) rubric.Observation {
	g.t.Helper()
	if g.Record == nil {
		fail(g.t, "the report comes without its record, which has what the probes counted")
	}
	var ids []string
	for _, o := range g.Record.Observations {
		if o.Probe != probe {
			ids = append(ids, o.Probe)
			continue
		}
		if o.Unchecked != "" {
			fail(g.t, "probe %s was not made: %s", probe, report.Clean(o.Unchecked))
		}
		if o.Down != "" {
			fail(g.t, "probe %s found no service: %s", probe, report.Clean(o.Down))
		}
		return o
	}
	fail(g.t, "there is no probe %q, there are\n    %s", probe, strings.Join(ids, "\n    "))
	return rubric.Observation{}
}

// evidence shows one criterion as the report prints it.
func (g *Graded) evidence(id string) string { return g.Report.Criterion(id, width) }

// seen shows what a probe counted and its telling requests.
func seen(o rubric.Observation) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(o.Counts)) {
		fmt.Fprintf(&b, "    %-18s %d\n", name, o.Counts[name])
	}
	for _, n := range o.Notes {
		fmt.Fprintf(&b, "    - %s\n", report.Clean(n))
	}
	for _, x := range o.Transcript {
		answer := fmt.Sprint(x.Status)
		if x.Status == 0 {
			answer = "no answer: " + x.Error
		}
		fmt.Fprintf(&b, "    > %s\n    < %s\n", report.Clean(x.Method+" "+x.Path+" "+x.Body),
			report.Clean(answer+" "+x.Answer))
	}
	for _, l := range o.Logs {
		fmt.Fprintf(&b, "    | %s\n", report.Clean(l))
	}
	return b.String()
}

// table shows all criteria in a line each.
func (g *Graded) table() string {
	var b strings.Builder
	for _, c := range g.Criteria {
		fmt.Fprintf(&b, "    %-13s %3d of %-3d %s\n", c.Outcome, c.Points, c.Of, c.ID)
	}
	return b.String()
}
