// Package cohort sums up the grades of many submissions: as a table for a terminal, and as
// CSV for a spreadsheet.
//
// A row says of one submission what its report says, and no more: points with the interval
// that open outcomes leave, the state, and what a person has to decide. A submission that
// could not be graded has a row with the reason, no points and no rank: it is never last.
//
// Names of directories and errors may hold a candidate's words. The terminal gets no control
// character of them, and no cell of the CSV is taken for a formula.
package cohort

import (
	"cmp"
	"slices"

	"firedrill/grader/report"
	"firedrill/rubric"
)

// Row is one submission.
type Row struct {
	// Rank is 1 for the most points decided so far; equal points share a rank. 0 where there
	// is no grade.
	Rank int
	// Name is the submission's, Report the directory of its report.
	Name   string
	Report string
	// Grade is nil where the submission could not be graded.
	Grade *Grade
	// Kept says that the grade is of an earlier start.
	Kept bool
	// Error says why there is no grade, or which part of it could not be checked.
	Error string
}

// Grade is what a cohort shows of a report.
type Grade struct {
	Points, Lowest, Highest, Of, Pass int
	State                             string
	// Decide are the criteria that wait for a person, those first on which most hangs.
	// Unchecked are those that could not be checked.
	Decide, Unchecked []string
	Criteria          []Criterion
	Submission        string // hash
	Rubric            rubric.Version
}

// Criterion is the outcome of one criterion.
type Criterion struct {
	ID      string
	Outcome rubric.Outcome
	Points  int
}

// Sum takes from a report what a cohort shows. It keeps nothing else of it.
func Sum(r *report.Report) *Grade {
	g := &Grade{Points: r.Points, Lowest: r.Lowest, Highest: r.Highest, Of: r.Of, Pass: r.Pass,
		State: string(r.State), Submission: r.Submission.Hash, Rubric: r.Rubric}
	open := slices.Clone(r.Criteria)
	slices.SortStableFunc(open, func(a, b rubric.Result) int {
		return cmp.Compare(b.Highest-b.Lowest, a.Highest-a.Lowest)
	})
	for _, c := range open {
		switch c.Outcome {
		case rubric.NeedsReview:
			g.Decide = append(g.Decide, c.ID)
		case rubric.NotGradable:
			g.Unchecked = append(g.Unchecked, c.ID)
		}
	}
	for _, c := range r.Criteria {
		g.Criteria = append(g.Criteria, Criterion{c.ID, c.Outcome, c.Points})
	}
	return g
}

// Rank sorts rows by points, the most first, and numbers them. Rows of equal points stay in
// the order of their names, and those without a grade come last.
func Rank(rows []Row) {
	slices.SortStableFunc(rows, func(a, b Row) int {
		switch {
		case (a.Grade == nil) != (b.Grade == nil):
			return cmp.Compare(btoi(a.Grade == nil), btoi(b.Grade == nil))
		case a.Grade != nil && a.Grade.Points != b.Grade.Points:
			return cmp.Compare(b.Grade.Points, a.Grade.Points)
		}
		return cmp.Compare(a.Name, b.Name)
	})
	for i := range rows {
		switch {
		case rows[i].Grade == nil:
			rows[i].Rank = 0
		case i > 0 && rows[i-1].Grade.Points == rows[i].Grade.Points:
			rows[i].Rank = rows[i-1].Rank
		default:
			rows[i].Rank = i + 1
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
