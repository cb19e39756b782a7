package golden

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"firedrill/grader/notes"
	"firedrill/grader/regrade"
	"firedrill/rubric"
)

// Coverage is what golden submissions show of a rubric.
type Coverage struct {
	// Cases is how many there are, NotesOnly how many of them are without a record.
	Cases     int `json:"cases"`
	NotesOnly int `json:"notes_only"`
	// NeverMet are criteria that none meets, NeverMissed those that none that could be judged
	// fails; of a penalty, those that none or every one incurs.
	NeverMet    []string `json:"never_met"`
	NeverMissed []string `json:"never_missed"`
	// NeverReached are steps of partial credit, and marks, that none gets.
	NeverReached []string `json:"never_reached"`
	// Mutants is how many changes were tried by kind, Unnoticed which of them leave all
	// golden submissions with what they should get.
	Mutants   []Tally  `json:"mutants"`
	Unnoticed []Mutant `json:"unnoticed"`
}

// Tally counts mutants of one kind.
type Tally struct {
	Kind    string `json:"kind"`
	Tried   int    `json:"tried"`
	Noticed int    `json:"noticed"`
}

// ErrDiffer says that golden submissions do not get what they should: then nothing can be
// said of changes.
var ErrDiffer = errors.New("golden submissions do not get what they should")

// Cover tries changes of the rubric on golden submissions that get what they should.
func Cover(ctx context.Context, r *rubric.Rubric, cases []Case, opts notes.Options) (*Coverage, error) {
	grader := regrade.New(r, opts)
	inputs := make([]rubric.Inputs, len(cases))
	claims := make([][]rubric.Said, len(cases))
	results := make([]Result, len(cases))
	err := each(ctx, len(cases), func(i int) {
		inputs[i], claims[i] = grader.Inputs(Afresh(cases[i].Record))
		results[i] = cases[i].compare(rubric.Score(r, inputs[i]))
	})
	if err != nil {
		return nil, err
	}
	for _, x := range results {
		if len(x.Differences) > 0 {
			return nil, fmt.Errorf("%w: %s, for one", ErrDiffer, x.Name)
		}
	}
	c := &Coverage{Cases: len(cases), Unnoticed: []Mutant{}}
	for _, one := range cases {
		if one.NotesOnly {
			c.NotesOnly++
		}
	}
	c.shown(r, cases, results)
	all := mutants(r)
	seen := make([]bool, len(all))
	err = each(ctx, len(all), func(m int) {
		mutant := all[m].mutate(r)
		seen[m] = slices.ContainsFunc(index(cases), func(i int) bool {
			in := inputs[i]
			if all[m].Kind == MutantClaim {
				in.Claims = rubric.CheckClaims(mutant, claims[i], in.Observations)
			}
			return cases[i].notices(mutant, in)
		})
	})
	if err != nil {
		return nil, err
	}
	rules, noticed, err := ablations(ctx, r, cases, inputs, opts)
	if err != nil {
		return nil, err
	}
	c.tally(append(all, rules...), append(seen, noticed...))
	return c, nil
}

func index(cases []Case) []int {
	out := make([]int, len(cases))
	for i := range out {
		out[i] = i
	}
	return out
}

// notices reports whether the case gets something else than it should.
func (c Case) notices(r *rubric.Rubric, in rubric.Inputs) bool {
	return len(c.compare(rubric.Score(r, in)).Differences) > 0
}

// ablations takes out every rule and fact that reads notes, and tells which of that is
// noticed.
func ablations(ctx context.Context, r *rubric.Rubric, cases []Case, inputs []rubric.Inputs,
	opts notes.Options) ([]Mutant, []bool, error) {
	if r.Rules == nil {
		return nil, nil, nil
	}
	j := notes.New(r.Rules, opts)
	per := make([][]notes.Ablation, len(cases))
	err := each(ctx, len(cases), func(i int) { per[i] = j.Ablate(cases[i].Record.Notes) })
	if err != nil || len(per) == 0 {
		return nil, nil, err
	}
	var out []Mutant
	noticed := make([]bool, len(per[0]))
	for k, a := range per[0] {
		out = append(out, ofRule(a))
		for i := range cases {
			if findings := per[i][k].Findings; len(findings) > 0 && !noticed[k] {
				in := inputs[i]
				in.Findings = replaced(in.Findings, findings)
				noticed[k] = cases[i].notices(r, in)
			}
		}
	}
	return out, noticed, nil
}

func ofRule(a notes.Ablation) Mutant {
	what, kind := "rule", MutantRule
	if a.Against {
		what = "rule against"
	}
	if a.Criterion == "" {
		what, kind = "fact", MutantFact
	}
	return Mutant{About: a.Criterion, Kind: kind, Text: fmt.Sprintf("%s %q dropped (%s:%d)", what,
		a.Rule.Name.Value, a.Rule.Name.File, a.Rule.Name.Line)}
}

func replaced(all, by []rubric.Finding) []rubric.Finding {
	out := slices.Clone(all)
	for _, f := range by {
		for i := range out {
			if out[i].Criterion == f.Criterion {
				out[i] = f
			}
		}
	}
	return out
}

func (c *Coverage) tally(all []Mutant, noticed []bool) {
	for i, m := range all {
		k := slices.IndexFunc(c.Mutants, func(t Tally) bool { return t.Kind == m.Kind })
		if k < 0 {
			k, c.Mutants = len(c.Mutants), append(c.Mutants, Tally{Kind: m.Kind})
		}
		c.Mutants[k].Tried++
		if noticed[i] {
			c.Mutants[k].Noticed++
			continue
		}
		c.Unnoticed = append(c.Unnoticed, m)
	}
}

// shown says which outcomes, steps and marks no golden submission shows.
func (c *Coverage) shown(r *rubric.Rubric, cases []Case, results []Result) {
	met, missed, reached := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i, x := range results {
		for _, g := range x.Grade.Criteria {
			if !cases[i].covers(g) {
				continue
			}
			met[g.ID] = met[g.ID] || g.Outcome == rubric.Met
			missed[g.ID] = missed[g.ID] || g.Outcome == rubric.NotMet
			reached[fmt.Sprint(g.ID, g.Points)] = g.Outcome == rubric.Met || g.Outcome == rubric.NotMet ||
				reached[fmt.Sprint(g.ID, g.Points)]
		}
	}
	c.NeverMet, c.NeverMissed, c.NeverReached = []string{}, []string{}, []string{}
	for _, x := range r.Criteria() {
		if !met[x.ID] {
			c.NeverMet = append(c.NeverMet, x.ID)
		}
		if !missed[x.ID] {
			c.NeverMissed = append(c.NeverMissed, x.ID)
		}
		var partial []int
		for _, s := range x.Steps[min(1, len(x.Steps)):] {
			partial = append(partial, s.Points)
		}
		for _, a := range x.Scale {
			partial = append(partial, a.Points)
		}
		for _, p := range partial {
			if !reached[fmt.Sprint(x.ID, p)] {
				c.NeverReached = append(c.NeverReached, fmt.Sprintf("%s: %d of %d points", x.ID, p, x.Points))
			}
		}
	}
}
