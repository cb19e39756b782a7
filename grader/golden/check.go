package golden

import (
	"context"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"firedrill/grader/notes"
	"firedrill/grader/regrade"
	"firedrill/grader/report"
	"firedrill/rubric"
)

// Difference is where a grade is not what is expected.
type Difference struct {
	// Line of the expectation's file, 1-based.
	Line int `json:"line"`
	// About is a criterion, or what of the totals it is: points, lowest, highest, state.
	About    string `json:"about"`
	Expected string `json:"expected"`
	Got      string `json:"got"`
	// Reason, Lines and Quote say on what the outcome rests.
	Reason string `json:"reason,omitempty"`
	Lines  []int  `json:"lines,omitempty"`
	Quote  string `json:"quote,omitempty"`
}

// Result is what came of one golden submission.
type Result struct {
	Name string `json:"name"`
	File string `json:"file"`
	// Compared is how many criteria were, LeftOut how many could not be for want of a record.
	Compared    int          `json:"compared"`
	LeftOut     int          `json:"left_out"`
	Differences []Difference `json:"differences"`
	Grade       rubric.Grade `json:"-"`
}

// Check grades all golden submissions under a rubric and compares, in their order.
func Check(ctx context.Context, r *rubric.Rubric, cases []Case, opts notes.Options) ([]Result, error) {
	grader := regrade.New(r, opts)
	out := make([]Result, len(cases))
	err := each(ctx, len(cases), func(i int) {
		out[i] = cases[i].compare(grader.Grade(Afresh(cases[i].Record)))
	})
	return out, err
}

// Afresh is a record whose notes are to be read again.
func Afresh(rec *report.Record) *report.Record {
	out := *rec
	out.Rubric, out.Findings, out.Said = rubric.Version{}, nil, nil
	return &out
}

// each calls f for 0 to n-1, several at a time.
func each(ctx context.Context, n int, f func(i int)) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			f(i)
			return nil
		})
	}
	return g.Wait()
}

// compare holds a grade to what is expected.
func (c Case) compare(g rubric.Grade) Result {
	out := Result{Name: c.Name, File: c.Expected.File, Grade: g, Differences: []Difference{}}
	if !c.NotesOnly {
		out.Differences = append(out.Differences, c.totals(g)...)
	}
	got := map[string]rubric.Result{}
	for _, x := range g.Criteria {
		got[x.ID] = x
	}
	for _, want := range c.Expected.Criteria {
		is, ok := got[want.ID]
		switch {
		case !ok:
			out.Compared++
			out.Differences = append(out.Differences, Difference{Line: want.Line, About: want.ID,
				Expected: want.String(), Got: "the rubric has no such criterion"})
		case !c.covers(is):
			out.LeftOut++
		default:
			out.Compared++
			if !want.matches(is) {
				out.Differences = append(out.Differences, difference(want, is))
			}
		}
	}
	return out
}

func (c Case) totals(g rubric.Grade) []Difference {
	var out []Difference
	for _, t := range []struct {
		about string
		want  *int
		got   int
	}{{"points", c.Expected.Points, g.Points}, {"lowest", c.Expected.Lowest, g.Lowest},
		{"highest", c.Expected.Highest, g.Highest}} {
		if t.want != nil && *t.want != t.got {
			out = append(out, Difference{Line: 1, About: t.about, Expected: fmt.Sprint(*t.want),
				Got: fmt.Sprint(t.got)})
		}
	}
	if want := c.Expected.State; want != "" && want != g.State {
		out = append(out, Difference{Line: 1, About: "state", Expected: string(want), Got: string(g.State)})
	}
	return out
}

func (c Criterion) matches(r rubric.Result) bool {
	return c.Outcome == r.Outcome && (c.Points == nil || *c.Points == r.Points)
}

// String spells what is expected.
func (c Criterion) String() string {
	if c.Points == nil {
		return string(c.Outcome)
	}
	return spelled(c.Outcome, *c.Points)
}

func spelled(o rubric.Outcome, points int) string { return fmt.Sprintf("%s with %d", o, points) }

func difference(want Criterion, is rubric.Result) Difference {
	d := Difference{Line: want.Line, About: want.ID, Expected: want.String(), Reason: is.Reason,
		Got: spelled(is.Outcome, is.Points)}
	if want.Points == nil {
		d.Got = string(is.Outcome)
	}
	for _, e := range is.Evidence {
		if e.Quote != "" {
			d.Lines, d.Quote = e.Lines, e.Quote
			break
		}
	}
	return d
}
