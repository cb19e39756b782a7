package notes

import (
	"math"
	"math/rand/v2"
	"sort"
)

// Table counts decisions against labels.
type table struct{ tp, fp, fn, tn int }

func (t *table) add(label, value int) {
	switch {
	case label == 1 && value == 1:
		t.tp++
	case label == 0 && value == 1:
		t.fp++
	case label == 1:
		t.fn++
	default:
		t.tn++
	}
}

func (t table) n() int { return t.tp + t.fp + t.fn + t.tn }

func ratio(a, b int) float64 {
	if b == 0 {
		return math.NaN()
	}
	return float64(a) / float64(b)
}

func (t table) precision() float64  { return ratio(t.tp, t.tp+t.fp) }
func (t table) recall() float64     { return ratio(t.tp, t.tp+t.fn) }
func (t table) prevalence() float64 { return ratio(t.tp+t.fn, t.n()) }
func (t table) accuracy() float64   { return ratio(t.tp+t.tn, t.n()) }

// f1 is undefined where the criterion neither holds nor is claimed anywhere.
func (t table) f1() float64 { return ratio(2*t.tp, 2*t.tp+t.fp+t.fn) }

// kappa is Cohen's agreement beyond chance.
func (t table) kappa() float64 {
	n := float64(t.n())
	if n == 0 {
		return math.NaN()
	}
	po := float64(t.tp+t.tn) / n
	a, b := float64(t.tp+t.fn)/n, float64(t.tp+t.fp)/n
	pe := a*b + (1-a)*(1-b)
	if pe == 1 {
		return 1
	}
	return (po - pe) / (1 - pe)
}

// ac1 is Gwet's agreement beyond chance, steadier where a label is rare.
func (t table) ac1() float64 {
	n := float64(t.n())
	if n == 0 {
		return math.NaN()
	}
	po := float64(t.tp+t.tn) / n
	q := (float64(t.tp+t.fn) + float64(t.tp+t.fp)) / (2 * n)
	pe := 2 * q * (1 - q)
	return (po - pe) / (1 - pe)
}

// figures are the overall figures of a set of judged notes.
type figures struct {
	macroF1, kappa, decided, accuracy, evidence float64
}

// overall computes the figures of some notes.
func overall(notes [][]decision) figures {
	per := map[string]*table{}
	var pooled, sure table
	decided, hits, met := 0, 0, 0
	for _, note := range notes {
		for _, d := range note {
			t := per[d.criterion]
			if t == nil {
				t = &table{}
				per[d.criterion] = t
			}
			t.add(d.label, d.value())
			pooled.add(d.label, d.value())
			if d.outcome == "met" || d.outcome == "not_met" {
				decided++
				sure.add(d.label, d.value())
			}
			if d.outcome == "met" && d.label == 1 {
				met++
				if d.cited {
					hits++
				}
			}
		}
	}
	return figures{macro(per), pooled.kappa(), ratio(decided, pooled.n()), sure.accuracy(),
		ratio(hits, met)}
}

// macro is the mean F1 over the criteria that have one.
func macro(per map[string]*table) float64 {
	ids := make([]string, 0, len(per))
	for id := range per {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	sum, n := 0.0, 0
	for _, id := range ids {
		if f := per[id].f1(); !math.IsNaN(f) {
			sum += f
			n++
		}
	}
	if n == 0 {
		return math.NaN()
	}
	return sum / float64(n)
}

// Interval is a bootstrap interval of 95 %.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// resamples and seed of the bootstrap: the same notes give the same intervals.
const (
	resamples = 400
	seed      = 20260303
)

// bootstrap draws notes with replacement and gives the interval of each figure.
func bootstrap(notes [][]decision, pick func(figures) float64) Interval {
	rng := rand.New(rand.NewPCG(seed, uint64(len(notes))))
	values := make([]float64, 0, resamples)
	draw := make([][]decision, len(notes))
	for range resamples {
		for i := range draw {
			draw[i] = notes[rng.IntN(len(notes))]
		}
		if v := pick(overall(draw)); !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	if len(values) == 0 {
		return Interval{}
	}
	sort.Float64s(values)
	return Interval{values[len(values)*25/1000], values[min(len(values)*975/1000, len(values)-1)]}
}
