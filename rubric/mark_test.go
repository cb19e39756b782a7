package rubric

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func by(who string, m Mark) Mark {
	m.By, m.When, m.Why = who, "2026-05-04", "seen so"
	return m
}

func result(g Grade, id string) Result {
	for _, r := range g.Criteria {
		if r.ID == id {
			return r
		}
	}
	return Result{}
}

func TestOverride(t *testing.T) {
	for name, c := range map[string]struct {
		mark            Mark
		outcome         Outcome
		points, highest int
		reason          string
	}{
		"met":             {Mark{Criterion: "cause.named", Outcome: Met}, Met, 3, 3, "decided by ada"},
		"not met":         {Mark{Criterion: "works", Outcome: NotMet}, NotMet, 0, 0, "decided by ada"},
		"a step's points": {Mark{Criterion: "works", Points: 2}, NotMet, 2, 2, "decided by ada"},
		"all points":      {Mark{Criterion: "works", Points: 4}, Met, 4, 4, "decided by ada"},
		"no step's points": {Mark{Criterion: "works", Points: 3}, NeedsReview, 0, 4,
			"the decision by ada, 3 points, does not fit this criterion"},
		"no outcome for people": {Mark{Criterion: "works", Outcome: NeedsReview}, NeedsReview, 0, 4, "does not fit"},
		"penalty due":           {Mark{Criterion: "cause.wrong", Outcome: Met}, Met, -2, -2, "decided by ada"},
		"penalty forgiven":      {Mark{Criterion: "cause.wrong", Outcome: NotMet}, NotMet, 0, 0, "decided by ada"},
		"disputed": {Mark{Criterion: "works", Disputed: "ada says met, bo not met; a third decides"},
			NeedsReview, 0, 4, "ada says met, bo not met"},
	} {
		t.Run(name, func(t *testing.T) {
			in := best()
			in.Observations[0] = work(20, 10, 0) // two of four points
			in.Findings[0].Outcome = NotMet
			before := result(Score(small(t), in), c.mark.Criterion)
			in.Marks = append(in.Marks, by("ada", c.mark))
			r := result(Score(small(t), in), c.mark.Criterion)
			require.Equal(t, c.outcome, r.Outcome)
			require.Equal(t, c.points, r.Points)
			require.Equal(t, c.highest, r.Highest)
			require.Contains(t, r.Reason, c.reason)
			require.Equal(t, &Automatic{before.Outcome, before.Points, before.Reason}, r.Automatic)
			require.Equal(t, before.Evidence, r.Evidence[len(r.Evidence)-len(before.Evidence):],
				"what was found stays to be seen")
		})
	}
}

func TestOverrideKeepsPrerequisites(t *testing.T) {
	in := best()
	in.Observations[0] = work(20, 0, 0)
	in.Marks = append(in.Marks, by("ada", Mark{Criterion: "safe", Outcome: Met}))
	r := result(Score(small(t), in), "safe")
	require.Equal(t, NotMet, r.Outcome, "it counts only with works, which earned nothing")
	in.Marks = append(in.Marks, by("ada", Mark{Criterion: "works", Outcome: Met}))
	require.Equal(t, Met, result(Score(small(t), in), "safe").Outcome)
}

func TestWithdrawnAndEarlier(t *testing.T) {
	in := best()
	first := by("bo", Mark{Criterion: "works", Outcome: NotMet})
	in.Marks = append(in.Marks, by("ada", Mark{Criterion: "works", Outcome: Met, Earlier: []Mark{first}}))
	r := result(Score(small(t), in), "works")
	require.Equal(t, "met: seen so", r.Evidence[0].Reason)
	require.Equal(t, "before: not met: seen so", r.Evidence[1].Reason)
	require.Equal(t, "bo", r.Evidence[1].By)

	in.Marks[1] = by("ada", Mark{Criterion: "works", Withdrawn: true, Earlier: []Mark{first}})
	r = result(Score(small(t), in), "works")
	require.Equal(t, Met, r.Outcome)
	require.Nil(t, r.Automatic, "the automatic outcome counts again")
	require.Equal(t, "withdrawn: seen so", r.Evidence[0].Reason)
	in.Marks[0].Withdrawn = true
	require.Equal(t, NeedsReview, result(Score(small(t), in), "manner").Outcome)
}

// costing is the small rubric with prices.
func costing(t *testing.T) *Rubric {
	t.Helper()
	fsys := files(strings.Replace(valid, "groups:\n", "costs:\n  group: running\n  hints:\n"+
		"    - {hint: \"1\", points: 0}\n    - {hint: \"2\", points: 2}\n    - {hint: \"3\", points: 4}\n"+
		"  time: {minutes: 45, every: 5, points: 1}\ngroups:\n", 1))
	r, err := Load(fsys, "r.yaml")
	require.NoError(t, err)
	return r
}

func TestCosts(t *testing.T) {
	r := costing(t)
	require.Equal(t, Score(small(t), best()).Points, Score(r, best()).Points, "nothing was noted")
	for name, c := range map[string]struct {
		conduct                 Conduct
		hints, time             int
		points, lowest, highest int
	}{
		"nothing used":               {Conduct{Hints: []string{}, Minutes: 45}, 0, 0, 10, 10, 10},
		"free hint":                  {Conduct{Hints: []string{"1"}, Minutes: 30}, 0, 0, 10, 10, 10},
		"twice":                      {Conduct{Hints: []string{"2", "2"}, Minutes: 45}, -2, 0, 8, 8, 8},
		"a minute late":              {Conduct{Hints: []string{}, Minutes: 46}, 0, -1, 9, 9, 9},
		"late":                       {Conduct{Hints: []string{"2"}, Minutes: 51}, -2, -2, 6, 6, 6},
		"no more than the group has": {Conduct{Hints: []string{"2", "3"}, Minutes: 60}, -6, -3, 5, 5, 5},
		"hints not noted":            {Conduct{Minutes: 45}, 0, 0, 10, 5, 10},
		"time not noted":             {Conduct{Hints: []string{}}, 0, 0, 10, 5, 10},
		"unknown hint":               {Conduct{Hints: []string{"9"}, Minutes: 45}, 0, 0, 10, 5, 10},
	} {
		t.Run(name, func(t *testing.T) {
			in := best()
			in.Conduct = &c.conduct
			g := Score(r, in)
			require.Equal(t, c.hints, result(g, CostsHints).Points)
			require.Equal(t, c.time, result(g, CostsTime).Points)
			require.Equal(t, []int{c.points, c.lowest, c.highest}, []int{g.Points, g.Lowest, g.Highest})
		})
	}
}

func TestBrokenCosts(t *testing.T) {
	for text, want := range map[string]string{
		"costs: {group: running}": "costs nothing",
		"costs: {group: elsewhere, time: {minutes: 45, every: 5, points: 1}}":          `no group "elsewhere" is defined`,
		"costs: {group: running, time: {minutes: 45, every: 0, points: 1}}":            "must be at least 1",
		"costs: {group: running, hints: [{hint: a, points: -1}]}":                      "must be at least 0",
		"costs: {group: running, hints: [{hint: a, points: 1}, {hint: a, points: 2}]}": `"a" stands twice`,
		"costs: {group: running, hints: []}":                                           "is an empty list",
	} {
		_, problems, err := read(files(strings.Replace(valid, "groups:\n", text+"\ngroups:\n", 1)), "r.yaml", nil)
		require.NoError(t, err)
		require.Len(t, problems, 1, "%s: %v", text, problems)
		require.Equal(t, want, problems[0].Message)
		require.NotEmpty(t, problems[0].Hint)
		require.Positive(t, problems[0].Line)
	}
}
