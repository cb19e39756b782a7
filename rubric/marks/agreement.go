package marks

import (
	"cmp"
	"math"
	"slices"

	"firedrill/rubric"
	"firedrill/rubric/kappa"
)

// Agreement is how far two people agree on one criterion.
type Agreement struct {
	Criterion string `json:"criterion"`
	// A and B are the two, in alphabetical order.
	A string `json:"a"`
	B string `json:"b"`
	// N is how many submissions both marked, Same how many of them alike.
	N    int `json:"n"`
	Same int `json:"same"`
	// Kappa is their agreement beyond chance, see package kappa; nil where it cannot be told.
	Kappa *float64 `json:"kappa"`
}

// Dissent is a criterion of a submission on which two people differ.
type Dissent struct {
	Submission string `json:"submission"`
	Criterion  string `json:"criterion"`
	A          string `json:"a"`
	ASays      string `json:"a_says"`
	B          string `json:"b"`
	BSays      string `json:"b_says"`
	// Decided is what a third person decided, By that person; empty while it is open.
	Decided string `json:"decided,omitempty"`
	By      string `json:"by,omitempty"`
}

// Compare tells how far people agree who marked the same submissions, criterion by criterion
// in the rubric's order, and where they differ.
func Compare(r *rubric.Rubric, sheets []*Sheet) ([]Agreement, []Dissent) {
	var all []Agreement
	var dissents []Dissent
	for _, c := range r.Criteria() {
		type pair struct{ a, b string }
		marks := map[pair][2][]int{}
		for _, s := range sheets {
			entries := slices.DeleteFunc(slices.Clone(s.Entries), func(e Entry) bool { return e.Criterion != c.ID })
			markers := slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool { return e.Decides })
			said := current(markers)
			slices.SortFunc(said, func(i, j int) int { return cmp.Compare(markers[i].By, markers[j].By) })
			for x, i := range said {
				for _, j := range said[x+1:] {
					a, b := markers[i], markers[j]
					if a.Withdrawn || b.Withdrawn {
						continue
					}
					p := pair{a.By, b.By}
					m := marks[p]
					marks[p] = [2][]int{append(m[0], value(c, a.Mark)), append(m[1], value(c, b.Mark))}
					if !same(a.Mark, b.Mark) {
						dissents = append(dissents, dissent(s, entries, a, b))
					}
				}
			}
		}
		pairs := make([]pair, 0, len(marks))
		for p := range marks {
			pairs = append(pairs, p)
		}
		slices.SortFunc(pairs, func(p, q pair) int { return cmp.Or(cmp.Compare(p.a, q.a), cmp.Compare(p.b, q.b)) })
		for _, p := range pairs {
			all = append(all, agreement(c.ID, p.a, p.b, marks[p]))
		}
	}
	return all, dissents
}

func agreement(id, a, b string, m [2][]int) Agreement {
	out := Agreement{Criterion: id, A: a, B: b, N: len(m[0])}
	for i := range m[0] {
		if m[0][i] == m[1][i] {
			out.Same++
		}
	}
	if k := kappa.Weighted(m[0], m[1]); !math.IsNaN(k) && out.N > 1 {
		out.Kappa = &k
	}
	return out
}

func dissent(s *Sheet, entries []Entry, a, b Entry) Dissent {
	d := Dissent{Submission: s.Submission, Criterion: a.Criterion, A: a.By, ASays: a.Spelled(),
		B: b.By, BSays: b.Spelled()}
	if m := resolve(entries); m.Disputed == "" && m.By != a.By && m.By != b.By {
		d.Decided, d.By = m.Spelled(), m.By
	}
	return d
}

// value is a decision in points.
func value(c rubric.Criterion, m rubric.Mark) int {
	switch {
	case m.Outcome == rubric.Met && c.Penalty:
		return -c.Points
	case m.Outcome == rubric.Met:
		return c.Points
	case m.Outcome != "":
		return 0
	}
	return m.Points
}
