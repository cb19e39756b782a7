package grader

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"firedrill/grader/report"
	"firedrill/rubric"
)

// UnstableError says that grades of one submission differ. The report is the first grade,
// and its stability section says which criteria and how.
type UnstableError struct {
	Criteria []string
	Runs     int
}

func newUnstable(s *report.Stability) *UnstableError {
	e := &UnstableError{Runs: s.Runs}
	for _, d := range s.Criteria {
		e.Criteria = append(e.Criteria, d.ID)
	}
	return e
}

func (e *UnstableError) Error() string {
	return fmt.Sprintf("%d grades differ on %d criteria, first %s", e.Runs, len(e.Criteria), e.Criteria[0])
}

// Hint says what to do about it.
func (e *UnstableError) Hint() string {
	return "the report lists them under stability; decide these criteria by hand"
}

// Repeat grades a submission n times, one after another, and gives the first grade with a
// stability section: every criterion, and every count of a probe, on which grades differ.
// Criteria that differ are an *UnstableError; counts alone are none, as the rubric gives the
// same points for them. If part of any grade could not be checked, an *UncheckedError is
// given instead: then the machine differs, not the grade.
func Repeat(ctx context.Context, c Config, n int) (*report.Report, error) {
	var all []*report.Report
	var unchecked *UncheckedError
	for i := range n {
		if n > 1 && c.Progress != nil {
			c.Progress("repeat", fmt.Sprintf("grade %d of %d", i+1, n))
		}
		r, err := Grade(ctx, c)
		var part *UncheckedError
		switch {
		case errors.As(err, &part):
			if unchecked == nil {
				unchecked = part
			}
		case err != nil:
			return nil, err
		}
		all = append(all, r)
	}
	first := all[0]
	if n > 1 {
		first.Stability = stability(all)
	}
	switch {
	case unchecked != nil:
		return first, unchecked
	case first.Stability != nil && len(first.Stability.Criteria) > 0:
		return first, newUnstable(first.Stability)
	}
	return first, nil
}

// stability compares grades of one submission, in the order of the first one.
func stability(all []*report.Report) *report.Stability {
	out := &report.Stability{Runs: len(all)}
	for _, c := range all[0].Criteria {
		out.Criteria = differing(out.Criteria, c.ID, all, func(r *report.Report) string {
			i := slices.IndexFunc(r.Criteria, func(o rubric.Result) bool { return o.ID == c.ID })
			if i < 0 {
				return "missing"
			}
			return fmt.Sprintf("%s, %d points", r.Criteria[i].Outcome, r.Criteria[i].Points)
		})
	}
	for _, o := range all[0].Record.Observations {
		counts := map[string]bool{}
		for _, r := range all {
			for name := range observed(r, o.Probe).Counts {
				counts[name] = true
			}
		}
		for _, name := range slices.Sorted(maps.Keys(counts)) {
			out.Counts = differing(out.Counts, o.Probe+" "+name, all, func(r *report.Report) string {
				n, ok := observed(r, o.Probe).Counts[name]
				if !ok {
					return "not counted"
				}
				return fmt.Sprint(n)
			})
		}
	}
	return out
}

func observed(r *report.Report, probe string) rubric.Observation {
	for _, o := range r.Record.Observations {
		if o.Probe == probe {
			return o
		}
	}
	return rubric.Observation{}
}

// differing adds what the grades say about one thing, unless all say the same.
func differing(to []report.Difference, id string, all []*report.Report,
	say func(*report.Report) string) []report.Difference {
	d := report.Difference{ID: id}
	for i, r := range all {
		value := say(r)
		at := slices.IndexFunc(d.Seen, func(s report.Seen) bool { return s.Value == value })
		if at < 0 {
			at, d.Seen = len(d.Seen), append(d.Seen, report.Seen{Value: value})
		}
		d.Seen[at].Runs = append(d.Seen[at].Runs, i+1)
	}
	if len(d.Seen) == 1 {
		return to
	}
	return append(to, d)
}
