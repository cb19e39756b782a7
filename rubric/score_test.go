package rubric

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func small(t *testing.T) *Rubric {
	t.Helper()
	r, err := Load(files(valid), "r.yaml")
	require.NoError(t, err)
	return r
}

func finding(rule string, o Outcome) Finding {
	return Finding{Criterion: rule, Outcome: o, Lines: []int{4, 7}, Quote: "a gremlin",
		Reason: "says so", Rule: "gremlin named"}
}

func work(asked, accepted, lost int) Observation {
	return Observation{Probe: "faulty.work", World: "faulty",
		Counts:     map[string]int{"asked": asked, "accepted": accepted, "lost": lost},
		Transcript: []Exchange{{Method: "POST", Path: "/work", Status: 201, Micros: 812}}}
}

func rest(rows int) Observation {
	return Observation{Probe: "faulty.rest", World: "faulty", Counts: map[string]int{"rows": rows}}
}

// best is what earns everything.
func best() Inputs {
	return Inputs{
		NotesFile: "notes.md",
		Findings: []Finding{
			finding("gremlin", Met), finding("cause.wrong", NotMet)},
		Observations: []Observation{work(20, 19, 0), rest(4)},
		Marks:        []Mark{{Criterion: "manner", Points: 2, By: "ada", Why: "calm"}},
	}
}

func TestScore(t *testing.T) {
	type want struct {
		points, lowest, highest int
		state                   State
		id                      string
		outcome                 Outcome
		earned                  int
	}
	cases := []struct {
		name   string
		change func(*Inputs)
		want   want
	}{
		{"everything", func(*Inputs) {},
			want{10, 10, 10, Passed, "works", Met, 4}},
		{"nothing given", func(in *Inputs) { *in = Inputs{} },
			want{0, 0, 10, Open, "works", NotGradable, 0}},
		{"not in the notes", func(in *Inputs) { in.Findings[0].Outcome = NotMet },
			want{7, 7, 7, Passed, "cause.named", NotMet, 0}},
		{"notes in doubt", func(in *Inputs) { in.Findings[0].Outcome = NeedsReview },
			want{7, 7, 10, Passed, "cause.named", NeedsReview, 0}},
		{"unknown outcome", func(in *Inputs) { in.Findings[0].Outcome = "great" },
			want{7, 7, 10, Passed, "cause.named", NotGradable, 0}},
		{"two findings", func(in *Inputs) { in.Findings = append(in.Findings, in.Findings[0]) },
			want{7, 7, 10, Passed, "cause.named", NotGradable, 0}},
		{"penalty", func(in *Inputs) { in.Findings[1].Outcome = Met },
			want{8, 8, 8, Passed, "cause.wrong", Met, -2}},
		{"penalty in doubt", func(in *Inputs) { in.Findings[1].Outcome = NeedsReview },
			want{10, 8, 10, Passed, "cause.wrong", NeedsReview, 0}},
		{"penalty takes no more than there is", func(in *Inputs) {
			in.Findings[0].Outcome, in.Findings[1].Outcome = NotMet, Met
		}, want{7, 7, 7, Passed, "cause.wrong", Met, -2}},
		{"lower step", func(in *Inputs) { in.Observations[0] = work(20, 10, 0) },
			want{8, 8, 8, Passed, "works", NotMet, 2}},
		{"one condition of two", func(in *Inputs) { in.Observations[0] = work(20, 20, 1) },
			want{8, 8, 8, Passed, "works", NotMet, 2}},
		{"no step, and what requires it", func(in *Inputs) { in.Observations[0] = work(20, 9, 0) },
			want{5, 5, 5, Failed, "safe", NotMet, 0}},
		{"ratio of nothing", func(in *Inputs) { in.Observations[0] = work(0, 0, 0) },
			want{5, 5, 5, Failed, "works", NotMet, 0}},
		{"probe not made", func(in *Inputs) {
			in.Observations[0] = Observation{Probe: "faulty.work", Unchecked: "no engine"}
		}, want{5, 5, 10, Open, "works", NotGradable, 0}},
		{"service gone by its own fault", func(in *Inputs) {
			in.Observations[0] = Observation{Probe: "faulty.work", Down: "does not compile"}
		}, want{5, 5, 5, Failed, "works", NotMet, 0}},
		{"requires what is open", func(in *Inputs) {
			in.Observations[0] = Observation{Probe: "faulty.work", Unchecked: "no engine"}
		}, want{5, 5, 10, Open, "safe", NotGradable, 0}},
		{"count missing", func(in *Inputs) { delete(in.Observations[0].Counts, "lost") },
			want{5, 5, 10, Open, "works", NotGradable, 0}},
		{"count negative", func(in *Inputs) { in.Observations[0].Counts["lost"] = -1 },
			want{5, 5, 10, Open, "works", NotGradable, 0}},
		{"observed twice", func(in *Inputs) { in.Observations[1].Probe = "faulty.work" },
			want{5, 5, 10, Open, "works", NotGradable, 0}},
		{"both limits", func(in *Inputs) { in.Observations[1] = rest(6) },
			want{9, 9, 9, Passed, "safe", NotMet, 0}},
		{"no mark yet", func(in *Inputs) { in.Marks = nil },
			want{8, 8, 10, Passed, "manner", NeedsReview, 0}},
		{"mark between", func(in *Inputs) { in.Marks[0].Points = 1 },
			want{9, 9, 9, Passed, "manner", NotMet, 1}},
		{"mark off the scale", func(in *Inputs) { in.Marks[0].Points = 3 },
			want{8, 8, 10, Passed, "manner", NeedsReview, 0}},
	}
	r := small(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in := best()
			c.change(&in)
			g := Score(r, in)
			got := want{points: g.Points, lowest: g.Lowest, highest: g.Highest, state: g.State}
			for _, result := range g.Criteria {
				require.NotEmpty(t, result.Evidence, result.ID)
				require.NotEmpty(t, result.Reason, result.ID)
				if result.ID == c.want.id {
					got.id, got.outcome, got.earned = result.ID, result.Outcome, result.Points
				}
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestScoreEvidence(t *testing.T) {
	in := best()
	in.Observations[0] = work(20, 10, 0)
	g := Score(small(t), in)
	require.Equal(t, []Evidence{{Kind: KindNotes, File: "notes.md", Lines: []int{4, 7},
		Quote: "a gremlin", Reason: "says so", Rule: "gremlin named"}}, g.Criteria[0].Evidence)
	require.Equal(t, []Evidence{{Kind: KindProbe, Probe: "faulty.work", World: "faulty",
		Counted: []string{
			"10 accepted of 20 asked (50.0 %); at least 95% wanted: does not hold",
			"0 lost; at most 0 wanted: holds",
			"10 accepted of 20 asked (50.0 %); at least 50% wanted: holds"},
		Transcript: []Call{{Method: "POST", Path: "/work", Status: 201}},
	}}, g.Criteria[2].Evidence)
	require.Equal(t, []Subtotal{{"safety", "Is safe", 2, 2, 2, 4}}, g.Dimensions)
}

func TestScoreIsDeterministic(t *testing.T) {
	r := small(t)
	one, err := json.Marshal(Score(r, best()))
	require.NoError(t, err)
	in := best()
	in.Observations[0], in.Observations[1] = in.Observations[1], in.Observations[0]
	in.Observations[1].Transcript[0].Micros = 99
	other, err := json.Marshal(Score(r, in))
	require.NoError(t, err)
	require.Equal(t, string(one), string(other))
}

// TestExactRatio pins limits that a rounded comparison would get wrong.
func TestExactRatio(t *testing.T) {
	const huge = 1 << 62
	for _, c := range []struct {
		limit       string
		part, whole int
		holds       bool
		words       string
	}{
		{"95%", 19, 20, true, "19 a of 20 b (95.0 %); at least 95% wanted: holds"},
		{"95%", 9499, 10000, false, "9499 a of 10000 b (94.9 %); at least 95% wanted: does not hold"},
		{"33.33%", 1, 3, true, "1 a of 3 b (33.3 %); at least 33.33% wanted: holds"},
		{"33.34%", 1, 3, false, "1 a of 3 b (33.3 %); at least 33.34% wanted: does not hold"},
		{"100%", huge - 1, huge, false, ""},
		{"100%", huge, huge, true, ""},
		{"0%", 0, 1, true, "0 a of 1 b (0.0 %); at least 0% wanted: holds"},
		{"0%", 0, 0, false, "0 a of 0 b; at least 0% wanted: does not hold"},
	} {
		limit, ok := parsePercent(c.limit)
		require.True(t, ok, c.limit)
		require.Equal(t, c.limit, limit.String())
		k := Condition{Of: [2]string{"a", "b"}, AtLeast: limit}.
			apply(map[string]int{"a": c.part, "b": c.whole})
		require.Equal(t, c.holds, k.holds, "%d of %d, %s", c.part, c.whole, c.limit)
		if c.words != "" {
			require.Equal(t, c.words, k.words)
		}
	}
	for _, bad := range []string{
		"", "%", "95", "-1%", "1e2%", "1.%", ".5%", "1.234%", "1234567%", "1 %",
	} {
		_, ok := parsePercent(bad)
		require.False(t, ok, bad)
	}
}

// TestRequired: no pass without a required criterion, whatever the total, and none decided
// while it is open.
func TestRequired(t *testing.T) {
	text := strings.Replace(valid, "        rule: gremlin\n", "        rule: gremlin\n        required: 3\n", 1)
	text = strings.Replace(text, "        requires: [works]\n", "        requires: [works]\n        required: 1\n", 1)
	r, err := Load(files(text), "r.yaml")
	require.NoError(t, err)
	for _, c := range []struct {
		name   string
		change func(*Inputs)
		state  State
		lacks  []string
	}{
		{"earned", func(*Inputs) {}, Passed, nil},
		{"not earned", func(in *Inputs) { in.Findings[0].Outcome = NotMet }, Failed, []string{"cause.named"}},
		{"in doubt", func(in *Inputs) { in.Findings[0].Outcome = NeedsReview }, Open, nil},
		{"not checked", func(in *Inputs) { in.Observations = in.Observations[:1] }, Open, nil},
		{"in doubt and another lacks", func(in *Inputs) {
			in.Findings[0].Outcome = NeedsReview
			in.Observations[1] = rest(9)
		}, Failed, []string{"safe"}},
		{"both lack", func(in *Inputs) {
			in.Findings[0].Outcome = NotMet
			in.Observations[1] = rest(9)
		}, Failed, []string{"cause.named", "safe"}},
		{"by way of what it requires", func(in *Inputs) { in.Observations[0] = work(20, 0, 20) }, Failed,
			[]string{"safe"}},
		{"everything open", func(in *Inputs) { *in = Inputs{} }, Open, nil},
	} {
		in := best()
		c.change(&in)
		g := Score(r, in)
		require.Equal(t, c.state, g.State, c.name)
		require.Equal(t, c.lacks, g.Lacks, c.name)
	}
	require.Equal(t, 3, Score(r, best()).Criteria[0].Required)
}

// TestCap: more than the cap earns nothing, and a penalty is taken from what counts.
func TestCap(t *testing.T) {
	text := strings.Replace(valid, "points: 5\n", "points: 5\n    cap: 3\n", 1)
	text = strings.Replace(text, "points: 3\n    criteria", "points: 3\n    cap: 2\n    criteria", 1)
	r, err := Load(files(strings.Replace(text, "points: 10", "points: 7", 1)), "r.yaml")
	require.NoError(t, err)
	group := func(change func(*Inputs), i int) [4]int {
		in := best()
		change(&in)
		g := Score(r, in)
		require.Equal(t, 7, g.Of)
		s := g.Groups[i]
		return [4]int{s.Points, s.Lowest, s.Highest, s.Of}
	}
	require.Equal(t, [4]int{3, 3, 3, 3}, group(func(*Inputs) {}, 1), "5 earned, 3 count")
	require.Equal(t, [4]int{2, 2, 2, 3}, group(func(in *Inputs) {
		in.Observations[0], in.Observations[1] = work(20, 10, 0), rest(9)
	}, 1), "less than the cap counts as it is")
	require.Equal(t, [4]int{3, 3, 3, 3}, group(func(in *Inputs) {
		in.Observations = in.Observations[:1]
	}, 1), "what is open beyond the cap leaves nothing open")
	require.Equal(t, [4]int{0, 0, 3, 3}, group(func(in *Inputs) { in.Observations = nil }, 1))
	require.Equal(t, [4]int{0, 0, 0, 2}, group(func(in *Inputs) { in.Findings[1].Outcome = Met }, 0),
		"3 earned, 2 count, 2 are taken off")
	require.Equal(t, [4]int{2, 0, 2, 2}, group(func(in *Inputs) {
		in.Findings[1].Outcome = NeedsReview
	}, 0))
}
