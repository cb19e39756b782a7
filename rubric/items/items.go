// Package items tells how a rubric measures a cohort: classical item analysis, criterion by
// criterion.
//
// Difficulty is the mean share of a criterion's points that was earned: 1 is easy.
// Discrimination is the corrected item-total correlation: how far those who earn it also earn
// the rest, itself left out. Alpha is Cronbach's: how far the criteria measure one thing.
//
// All of these are estimates. The package gives how many submissions each rests on, and an
// interval of 95 % where theory has one; of few submissions it gives no figure at all. It knows
// nothing of files, and does not say what a good figure is.
//
// # Open outcomes
//
// What a person has yet to decide, and what could not be checked, is missing and not zero. A
// criterion's figures rest on those for whom it is decided. Alpha needs everything decided of
// a submission, so it is given for those alone, and beside it twice for everybody: with all
// that is open at its lowest, and at its highest. Criteria that are open for all (an
// examiner's marks before they are given) are left out and named.
package items

import (
	"slices"

	"gonum.org/v1/gonum/stat"

	"firedrill/rubric"
)

// Least is the number of submissions below which correlations and alpha are not given.
const Least = 10

// Item says how one criterion measured the cohort.
type Item struct {
	ID     string        `json:"id"`
	Title  string        `json:"title"`
	Source rubric.Source `json:"source"`
	// Points are what it can give; negative for a penalty.
	Points int `json:"points"`
	// Decided is for how many it is, Review how many wait for a person, Unchecked how many
	// could not be checked.
	Decided   int `json:"decided"`
	Review    int `json:"review"`
	Unchecked int `json:"unchecked"`
	// Overridden is how often a person decided otherwise than was found automatically.
	Overridden int `json:"overridden"`
	// Difficulty is the mean share of the points, of a penalty the share who incur it; nil
	// when it is decided for nobody.
	Difficulty *float64 `json:"difficulty"`
	// Discrimination is nil for few, and where all get the same.
	Discrimination *Estimate `json:"discrimination"`
	// Everybody and Nobody tell that all for whom it is decided get all its points, or none.
	Everybody bool `json:"everybody"`
	Nobody    bool `json:"nobody"`
}

// Estimate is a figure with its interval of 95 %.
type Estimate struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	N     int     `json:"n"`
}

// Analysis says how a rubric measured a cohort.
type Analysis struct {
	Rubric rubric.Version `json:"rubric"`
	// N is the number of submissions; Passed, Failed and Open what became of them.
	N      int `json:"n"`
	Passed int `json:"passed"`
	Failed int `json:"failed"`
	Open   int `json:"open"`
	// Mean and Deviation are of the points so far; Deviation is 0 for a single submission.
	Mean      float64 `json:"mean"`
	Deviation float64 `json:"deviation"`
	// Review is the share of all outcomes that waits for a person.
	Review float64 `json:"review"`
	// Alpha is of submissions of which everything is decided; nil for few.
	Alpha *Estimate `json:"alpha"`
	// Complete is how many those are. AlphaLowest and AlphaHighest are of all submissions,
	// with what is open at its lowest and at its highest; nil for few.
	Complete     int      `json:"complete"`
	AlphaLowest  *float64 `json:"alpha_lowest"`
	AlphaHighest *float64 `json:"alpha_highest"`
	// LeftOut are criteria that are open for all.
	LeftOut []string `json:"left_out"`
	Items   []Item   `json:"items"`
}

// Analyse looks at grades of one rubric; their criteria are the rubric's, in its order.
func Analyse(r *rubric.Rubric, grades []rubric.Grade) Analysis {
	a := Analysis{N: len(grades), LeftOut: []string{}, Items: []Item{}}
	if len(grades) == 0 {
		return a
	}
	a.Rubric = grades[0].Rubric
	a.states(grades)
	t := read(r, grades)
	var outcomes, review int
	for i, c := range r.Criteria() {
		item := t.item(i, c)
		a.Items = append(a.Items, item)
		outcomes += len(grades)
		review += item.Review
		if item.Decided == 0 {
			a.LeftOut = append(a.LeftOut, c.ID)
		}
	}
	if outcomes > 0 {
		a.Review = float64(review) / float64(outcomes)
	}
	a.alphas(t)
	return a
}

func (a *Analysis) states(grades []rubric.Grade) {
	var points []float64
	for _, g := range grades {
		points = append(points, float64(g.Points))
		switch g.State {
		case rubric.Passed:
			a.Passed++
		case rubric.Failed:
			a.Failed++
		default:
			a.Open++
		}
	}
	a.Mean = stat.Mean(points, nil)
	if len(points) > 1 {
		a.Deviation = stat.StdDev(points, nil)
	}
}

// table holds what everybody got: results[criterion][submission].
type table struct{ results [][]rubric.Result }

func read(r *rubric.Rubric, grades []rubric.Grade) table {
	var t table
	for _, c := range r.Criteria() {
		row := make([]rubric.Result, len(grades))
		for i, g := range grades {
			at := slices.IndexFunc(g.Criteria, func(x rubric.Result) bool { return x.ID == c.ID })
			row[i] = rubric.Result{Outcome: rubric.NotGradable}
			if at >= 0 {
				row[i] = g.Criteria[at]
			}
		}
		t.results = append(t.results, row)
	}
	return t
}

func decided(r rubric.Result) bool { return r.Outcome == rubric.Met || r.Outcome == rubric.NotMet }

// item looks at one criterion.
func (t table) item(i int, c rubric.Criterion) Item {
	out := Item{ID: c.ID, Title: c.Title, Source: c.Source, Points: c.Points}
	if c.Penalty {
		out.Points = -c.Points
	}
	var shares []float64
	for _, r := range t.results[i] {
		switch {
		case decided(r):
			out.Decided++
			shares = append(shares, float64(r.Points)/float64(out.Points))
		case r.Outcome == rubric.NeedsReview:
			out.Review++
		default:
			out.Unchecked++
		}
		if r.Automatic != nil {
			out.Overridden++
		}
	}
	if out.Decided == 0 {
		return out
	}
	mean := stat.Mean(shares, nil)
	out.Difficulty = &mean
	out.Everybody, out.Nobody = slices.Min(shares) >= 1, slices.Max(shares) <= 0
	out.Discrimination = t.discrimination(i)
	return out
}

// discrimination correlates a criterion with the sum of the others that are decided for the
// same submissions as often as not: those open for somebody are left out of the sum for all.
func (t table) discrimination(i int) *Estimate {
	var others []int
	for k := range t.results {
		if k != i && t.decidedWhere(k, i) {
			others = append(others, k)
		}
	}
	var x, y []float64
	for s, r := range t.results[i] {
		if !decided(r) {
			continue
		}
		rest := 0
		for _, k := range others {
			rest += t.results[k][s].Points
		}
		x, y = append(x, float64(r.Points)), append(y, float64(rest))
	}
	return correlation(x, y)
}

// decidedWhere reports whether criterion k is decided wherever i is.
func (t table) decidedWhere(k, i int) bool {
	for s, r := range t.results[i] {
		if decided(r) && !decided(t.results[k][s]) {
			return false
		}
	}
	return true
}
