package page

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/grader/report"
	"firedrill/rubric"
)

// loaded is a report as grading left it: strong, or weak.
func loaded(t *testing.T, name string) *report.Report {
	t.Helper()
	r, err := report.Load(filepath.Join("testdata", name))
	require.NoError(t, err)
	require.NotNil(t, r.Record)
	return r
}

func toExaminer(t *testing.T, r *report.Report) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Examiner(&b, Input{Report: r}))
	return b.String()
}

func toCandidate(t *testing.T, r *report.Report) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Candidate(&b, Input{Report: r}))
	return b.String()
}

// has and hasNot do not print a whole page where they fail.
func has(t *testing.T, html, want string) {
	t.Helper()
	require.True(t, strings.Contains(html, want), "the page lacks %q", want)
}

func hasNot(t *testing.T, html, never string) {
	t.Helper()
	require.False(t, strings.Contains(html, never), "the page holds %q", never)
}

func TestPieces(t *testing.T) {
	for in, want := range map[string][]piece{
		"":                   nil,
		"plain\ttext\n":      {{"plain\ttext\n", false}},
		"Grüße 漢字 ✅ ⚠️":      {{"Grüße 漢字 ✅ ⚠️", false}},
		"a\u202eb":           {{"a", false}, {"U+202E", true}, {"b", false}},
		"\u200b\x00":         {{"U+200B", true}, {"U+0000", true}},
		"\u3164\u2800\u00ad": {{"U+3164", true}, {"U+2800", true}, {"U+00AD", true}},
		"\u2028\x1b[2J":      {{"U+2028", true}, {"U+001B", true}, {"[2J", false}},
		"\U000e0041":         {{"U+E0041", true}},
	} {
		require.Equal(t, want, pieces(in), "%q", in)
	}
	long := pieces(strings.Repeat("é", maxRunes+7))
	require.Equal(t, piece{strings.Repeat("é", maxRunes), false}, long[0])
	require.Equal(t, piece{"… 7 more characters", true}, long[1])
}

func TestSpans(t *testing.T) {
	require.Empty(t, spans(nil))
	var got []string
	for _, s := range spans([]int{3, 5, 6, 7, 9}) {
		got = append(got, s.String())
	}
	require.Equal(t, []string{"3", "5–7", "9"}, got)
	require.Equal(t, []int{1, 2, 3, 4}, merge([]int{1, 3}, []int{2, 3, 4}))
}

// TestReadings: the words of package rubric are understood, of all kinds of conditions.
func TestReadings(t *testing.T) {
	limit := func(num, den uint64) *rubric.Limit { return &rubric.Limit{Num: num, Den: den} }
	r := &rubric.Rubric{Groups: []rubric.Group{{ID: "g", Points: 1, Criteria: []rubric.Criterion{{
		ID: "c", Source: rubric.FromProbe, Points: 1, Probe: "p", Steps: []rubric.Step{{Points: 1, When: []rubric.Condition{
			{Probe: "p", Of: [2]string{"rows_right", "asked"}, AtLeast: limit(9500, 10_000)},
			{Probe: "p", Of: [2]string{"slow", "asked"}, AtMost: limit(250, 10_000)},
			{Probe: "p", Count: "largest_dollars", AtLeast: limit(1, 1), AtMost: limit(1000, 1)},
			{Probe: "p", Count: "rows", AtMost: limit(0, 1)},
		}}}}}}}}
	g := rubric.Score(r, rubric.Inputs{Observations: []rubric.Observation{{Probe: "p", World: "w",
		Counts: map[string]int{"rows_right": 190, "asked": 200, "slow": 9, "largest_dollars": 500, "rows": 2}}}})
	var got []reading
	for _, s := range g.Criteria[0].Evidence[0].Counted {
		got = append(got, read(s))
	}
	require.Equal(t, []reading{
		{Text: "190 rows right of 200 asked (95.0 %)", Wanted: "at least 95% wanted", Sign: "yes",
			Filled: "95.00%", Ticks: []string{"95%"}, names: []string{"rows right", "asked"}},
		{Text: "9 slow of 200 asked (4.5 %)", Wanted: "at most 2.5% wanted", Sign: "no",
			Filled: "4.50%", Ticks: []string{"2.5%"}, names: []string{"slow", "asked"}},
		{Text: "500 largest dollars", Wanted: "at least 1 and at most 1000 wanted", Sign: "yes",
			names: []string{"largest dollars"}},
		{Text: "2 rows", Wanted: "at most 0 wanted", Sign: "no", names: []string{"rows"}},
	}, got)
	require.Equal(t, reading{Text: "told otherwise; at length"}, read("told otherwise; at length"))
}

// TestBars: what is drawn is what is said.
func TestBars(t *testing.T) {
	b := newBar(56, 50, 75, 100, 60)
	require.Equal(t, bar{Earned: "50.00%", From: "50.00%", Open: "25.00%", Pass: "60.00%",
		Mark: "60 to pass", Side: "middle",
		Text: "56 of 100 points, 50 to 75 once everything is decided; 60 to pass"}, b)
	require.Equal(t, bar{Earned: "0%", From: "0%", Open: "0%", Text: "−3 of 0 points"}, newBar(-3, -3, -3, 0, 0))
}

// TestAnswers: a chart's words count what it draws.
func TestAnswers(t *testing.T) {
	o := rubric.Observation{Pace: &rubric.Pace{Asked: 5, Answers: []rubric.Answer{
		{Status: 201, Micros: 900}, {Status: 402, Micros: 12_000}, {Status: 503, Micros: 2_000_000},
		{Status: 0, Micros: 5}, {Status: 200, Micros: 11_500_000}}}}
	c, words := answered(o, true)
	require.Equal(t, "5 requests: 2 × 2xx, 1 × 4xx, 1 × 5xx, 1 × no answer; median 2.0 s, slowest 12 s", words)
	require.Equal(t, 2, strings.Count(c.OK, "M"))
	require.Equal(t, 1, strings.Count(c.Refused, "M"))
	require.Equal(t, 1, strings.Count(c.Failed, "M"))
	require.Equal(t, "M14 40V0.0", c.Never, "what never came is as high as the chart")

	o.Pace.Asked = 10
	_, words = answered(o, true)
	require.Contains(t, words, "10 requests, of which the worst of every 2: 2 × 2xx")
	_, words = answered(rubric.Observation{Unchecked: "no lab"}, true)
	require.Equal(t, "not checked: no lab", words)
	_, words = answered(rubric.Observation{Transcript: []rubric.Exchange{{Status: 200, Micros: 7}}}, true)
	require.Equal(t, "no requests of its own", words)
	_, words = answered(rubric.Observation{Transcript: []rubric.Exchange{{Status: 200, Micros: 7000}}}, false)
	require.Equal(t, "1 request: 1 × 2xx; median 7.0 ms, slowest 7.0 ms", words)
}

// TestEverythingIsThere: each criterion with its evidence, and the sections of the page.
func TestEverythingIsThere(t *testing.T) {
	for _, name := range []string{"strong", "weak"} {
		r := loaded(t, name)
		html := toExaminer(t, r)
		for _, c := range r.Criteria {
			has(t, html, `id="c-`+c.ID+`"`)
			for _, e := range c.Evidence {
				has(t, html, escaped(e.Quote))
				has(t, html, escaped(e.Reason))
				has(t, html, escaped(e.Rule))
				for _, x := range e.Transcript {
					has(t, html, escaped(x.Answer))
				}
				for _, s := range e.Logs {
					has(t, html, escaped(s))
				}
			}
		}
		for _, c := range r.Claims {
			has(t, html, escaped(c.Quote))
		}
		for _, o := range r.Record.Observations {
			has(t, html, "<code>"+o.Probe+"</code>")
		}
		for line := range strings.Lines(string(r.Record.Notes)) {
			has(t, html, escaped(strings.TrimSuffix(line, "\n")))
		}
		has(t, html, r.Submission.Hash)
		has(t, html, escaped(r.Run.Engine))
	}
}

// escaped is text as html/template writes it.
func escaped(s string) string {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, "t", s); err != nil {
		panic(err)
	}
	return b.String()
}

// TestWithoutRecord: reports from before records were kept, and of other runs.
func TestWithoutRecord(t *testing.T) {
	r := loaded(t, "strong")
	r.Record = nil
	has(t, toExaminer(t, r), "The notes were not kept with this report.")
	has(t, toCandidate(t, r), "The notes were not kept with this report.")
	hasNot(t, toExaminer(t, r), `href="#L`)
}

// TestPeopleDecide: what a person decided, what that replaced, what a pass needs, and costs.
func TestPeopleDecide(t *testing.T) {
	r := loaded(t, "weak")
	c := &r.Criteria[0]
	c.Automatic = &rubric.Automatic{Outcome: rubric.NotMet, Reason: "no statement found"}
	c.Outcome, c.Points, c.Reason, c.Required = rubric.Met, c.Of, "decided by Kim", 2
	c.Evidence = append([]rubric.Evidence{{Kind: rubric.KindMark, By: "Kim", When: "2026-05-04", Reason: "it is in the drawing"}}, c.Evidence...)
	lost := &r.Criteria[1]
	lost.Outcome, lost.Points, lost.Lowest, lost.Highest = rubric.NotMet, 0, 0, 0
	r.Lacks, r.State = []string{lost.ID}, rubric.Failed
	r.Criteria = append(r.Criteria,
		rubric.Result{ID: rubric.CostsHints, Group: "examiner", Title: "Hints that were given", Candidate: "What hints cost",
			Source: rubric.FromExaminer, Outcome: rubric.Met, Penalty: 3, Points: -2, Lowest: -2, Highest: -2},
		rubric.Result{ID: rubric.CostsTime, Group: "examiner", Title: "Time beyond", Candidate: "What extra time costs",
			Source: rubric.FromExaminer, Outcome: rubric.NotMet})
	html := toExaminer(t, r)
	has(t, html, "decided by a person; without that it would be not met, 0 points: no statement found")
	has(t, html, "<b>Kim</b>")
	has(t, html, "a pass needs at least 2 of it")
	has(t, html, `missing: <a href="#c-`+lost.ID+`">`)
	has(t, html, "<b>−2</b> <span>due</span>")
	has(t, html, "<b>0</b> <span>not due</span>")
	html = toCandidate(t, r)
	hasNot(t, html, "Kim")
	hasNot(t, html, "drawing")
	require.Equal(t, 1, strings.Count(html, "a pass needs it"))
	has(t, html, "What extra time costs")
}

func TestCandidateWithoutWording(t *testing.T) {
	r := loaded(t, "weak")
	r.Criteria[3].Candidate = ""
	require.ErrorIs(t, Candidate(&bytes.Buffer{}, Input{Report: r}), ErrNoWording)
}

// TestCandidateSeesNoInternals: rules, reasons, titles, ids, probes, limits and points of
// single criteria have no way onto the candidate's page.
func TestCandidateSeesNoInternals(t *testing.T) {
	for _, name := range []string{"strong", "weak"} {
		r := loaded(t, name)
		const mark = "INTERNAL"
		r.Rubric = rubric.Version{Name: mark, Version: mark, Exam: mark, Title: mark, Hash: mark}
		for i := range r.Groups {
			r.Groups[i].Title, r.Groups[i].Points = mark, 8901
		}
		for i := range r.Dimensions {
			r.Dimensions[i].Title = mark
		}
		r.Run.Engine, r.Run.Versions = mark, map[string]string{mark: mark}
		for i := range r.Criteria {
			c := &r.Criteria[i]
			c.ID, c.Title, c.Reason = mark, mark, mark
			if c.Of > 0 && c.Points > 0 {
				c.Of, c.Points = 8902, 8901
			}
			for j := range c.Evidence {
				e := &c.Evidence[j]
				e.Reason, e.Rule, e.Probe, e.World, e.By = mark, mark, mark, mark, mark
				e.Counted, e.Remarks, e.Logs = []string{mark}, []string{mark}, []string{mark}
				for k := range e.Transcript {
					e.Transcript[k] = rubric.Call{Method: mark, Path: mark, Body: mark, Answer: mark}
				}
				if c.Outcome == rubric.NotMet && c.Source == rubric.FromNotes {
					e.Quote = mark // what was looked at and is not it
				}
			}
		}
		for i := range r.Claims {
			c := &r.Claims[i]
			c.Claim, c.Says, c.Rule, c.Probe, c.World, c.Reason = mark, mark, mark, mark, mark, mark
			c.Observed = []string{mark}
		}
		for i := range r.Settings {
			r.Settings[i].Reason = mark
		}
		for i := range r.Record.Observations {
			o := &r.Record.Observations[i]
			o.Probe, o.World, o.Down, o.Unchecked, o.Logs = mark, mark, mark, mark, []string{mark}
		}
		r.Notices = []report.Notice{{About: "notes", Text: mark, Output: mark}, {About: "build", Text: mark}}
		html := toCandidate(t, r)
		hasNot(t, html, mark)
		hasNot(t, html, "8901")
		hasNot(t, html, "8902")
		has(t, html, r.Criteria[0].Candidate)
	}
}
