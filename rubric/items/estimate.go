package items

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"firedrill/rubric"
)

// confidence of all intervals.
const confidence = 0.95

// correlation is Pearson's, with Fisher's interval; nil for few, and where one of the two
// does not vary.
func correlation(x, y []float64) *Estimate {
	n := len(x)
	if n < Least || !varies(x) || !varies(y) {
		return nil
	}
	r := stat.Correlation(x, y, nil)
	if math.IsNaN(r) {
		return nil
	}
	r = max(-1, min(1, r))
	out := &Estimate{Value: r, Low: r, High: r, N: n}
	if math.Abs(r) < 1 {
		half := distuv.UnitNormal.Quantile((1+confidence)/2) / math.Sqrt(float64(n-3))
		out.Low, out.High = math.Tanh(math.Atanh(r)-half), math.Tanh(math.Atanh(r)+half)
	}
	return out
}

func varies(x []float64) bool { return slices.Min(x) != slices.Max(x) }

// alphas gives Cronbach's alpha of those of whom everything is decided, and its bounds.
func (a *Analysis) alphas(t table) {
	var used []int // criteria that are decided for somebody
	for i, row := range t.results {
		if slices.ContainsFunc(row, decided) {
			used = append(used, i)
		}
	}
	var complete []int
	for s := range a.N {
		if len(used) > 0 && !slices.ContainsFunc(used, func(i int) bool { return !decided(t.results[i][s]) }) {
			complete = append(complete, s)
		}
	}
	a.Complete = len(complete)
	points := func(r rubric.Result) float64 { return float64(r.Points) }
	if value, ok := t.alpha(used, complete, points); ok {
		a.Alpha = feldt(value, len(complete), len(used))
	}
	everybody := make([]int, a.N)
	for s := range everybody {
		everybody[s] = s
	}
	if v, ok := t.alpha(used, everybody, func(r rubric.Result) float64 { return float64(r.Lowest) }); ok {
		a.AlphaLowest = &v
	}
	if v, ok := t.alpha(used, everybody, func(r rubric.Result) float64 { return float64(r.Highest) }); ok {
		a.AlphaHighest = &v
	}
}

// alpha is Cronbach's, over criteria and submissions; false for few, for a single criterion,
// and where totals do not vary.
func (t table) alpha(criteria, submissions []int, points func(rubric.Result) float64) (float64, bool) {
	k := float64(len(criteria))
	if len(submissions) < Least || k < 2 {
		return 0, false
	}
	totals := make([]float64, len(submissions))
	sum := 0.0
	for _, i := range criteria {
		column := make([]float64, len(submissions))
		for at, s := range submissions {
			column[at] = points(t.results[i][s])
			totals[at] += column[at]
		}
		sum += stat.Variance(column, nil)
	}
	all := stat.Variance(totals, nil)
	if all == 0 {
		return 0, false
	}
	return k / (k - 1) * (1 - sum/all), true
}

// feldt is the exact interval of alpha for items that are parallel and normal.
func feldt(alpha float64, n, k int) *Estimate {
	f := distuv.F{D1: float64(n - 1), D2: float64((n - 1) * (k - 1))}
	quantile := func(p float64) float64 { return invert(f.CDF, p) }
	return &Estimate{Value: alpha, N: n,
		Low:  1 - (1-alpha)*quantile((1+confidence)/2),
		High: 1 - (1-alpha)*quantile((1-confidence)/2)}
}

// invert finds where a distribution function of positive numbers reaches p, by halving.
func invert(cdf func(float64) float64, p float64) float64 {
	low, high := 0.0, 1.0
	for cdf(high) < p {
		high *= 2
	}
	for range 60 {
		if mid := (low + high) / 2; cdf(mid) < p {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}
