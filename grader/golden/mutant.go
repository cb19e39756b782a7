package golden

import (
	"fmt"
	"slices"

	"firedrill/rubric"
)

// Mutant is a rubric with one change, as a slip of the pen would make it.
type Mutant struct {
	// About is the criterion or claim, Kind one of the constants below, Text says the change.
	About string `json:"about"`
	Kind  string `json:"kind"`
	Text  string `json:"text"`

	apply func(*rubric.Rubric)
}

// Kinds of mutants.
const (
	MutantCriterion = "criterion" // a criterion is dropped
	MutantPoints    = "points"    // a criterion or a step is worth one point more
	MutantRequires  = "requires"  // a prerequisite is dropped
	MutantStep      = "step"      // a step of partial credit is dropped
	MutantCondition = "condition" // a condition is dropped, or turned round
	MutantLimit     = "limit"     // a limit is loosened or tightened
	MutantClaim     = "claim"     // a claim is dropped, or one of its conditions turned round
	MutantRule      = "rule"      // a rule for notes is dropped
	MutantFact      = "fact"      // a fact that rules build on is dropped
)

// mutants lists all changes of the rubric's own file and of its claims, in their order.
// Rules for notes are taken out elsewhere, see ablations.
func mutants(r *rubric.Rubric) []Mutant {
	var out []Mutant
	for g, group := range r.Groups {
		for i, c := range group.Criteria {
			out = append(out, ofCriterion(c, g, i)...)
		}
	}
	for i, c := range r.Claimable {
		out = append(out, ofClaim(c, i)...)
	}
	return out
}

// mutate gives the rubric with a mutant's change; the original stays as it is.
func (m Mutant) mutate(r *rubric.Rubric) *rubric.Rubric {
	out := *r
	out.Groups = slices.Clone(r.Groups)
	for g := range out.Groups {
		group := &out.Groups[g]
		group.Criteria = slices.Clone(group.Criteria)
		for i := range group.Criteria {
			c := &group.Criteria[i]
			c.Requires, c.Scale = slices.Clone(c.Requires), slices.Clone(c.Scale)
			c.Steps = slices.Clone(c.Steps)
			for s := range c.Steps {
				c.Steps[s].When = slices.Clone(c.Steps[s].When)
			}
		}
	}
	out.Claimable = slices.Clone(r.Claimable)
	for i := range out.Claimable {
		c := &out.Claimable[i]
		c.Confirmed, c.Contradicted = slices.Clone(c.Confirmed), slices.Clone(c.Contradicted)
	}
	m.apply(&out)
	return &out
}

// ofCriterion lists the changes of one criterion, at place i of group g.
func ofCriterion(c rubric.Criterion, g, i int) []Mutant {
	at := func(r *rubric.Rubric) *rubric.Criterion { return &r.Groups[g].Criteria[i] }
	var out []Mutant
	add := func(kind, text string, apply func(*rubric.Rubric)) {
		out = append(out, Mutant{c.ID, kind, text, apply})
	}
	add(MutantCriterion, "dropped", func(r *rubric.Rubric) { dropCriterion(r, g, i) })
	add(MutantPoints, fmt.Sprintf("worth %d instead of %d", c.Points+1, c.Points),
		func(r *rubric.Rubric) { raise(at(r)) })
	for k, id := range c.Requires {
		add(MutantRequires, "counts without "+id, func(r *rubric.Rubric) {
			at(r).Requires = slices.Delete(at(r).Requires, k, k+1)
		})
	}
	for s, step := range c.Steps {
		if len(c.Steps) > 1 {
			add(MutantStep, fmt.Sprintf("step %d dropped, for %s", s+1, points(step.Points)),
				func(r *rubric.Rubric) { at(r).Steps = slices.Delete(at(r).Steps, s, s+1) })
		}
		if s > 0 {
			add(MutantPoints, fmt.Sprintf("step %d gives %d instead of %d", s+1, step.Points+1, step.Points),
				func(r *rubric.Rubric) { at(r).Steps[s].Points++ })
		}
		for k, w := range step.When {
			if len(step.When) > 1 {
				add(MutantCondition, fmt.Sprintf("for %s, not asked any more: %s", points(step.Points), w),
					func(r *rubric.Rubric) { at(r).Steps[s].When = slices.Delete(at(r).Steps[s].When, k, k+1) })
			}
			for _, v := range variants(w) {
				add(v.kind, fmt.Sprintf("for %s: %s", points(step.Points), v.Condition),
					func(r *rubric.Rubric) { at(r).Steps[s].When[k] = v.Condition })
			}
		}
	}
	return out
}

// dropCriterion takes a criterion out, and out of what others require.
func dropCriterion(r *rubric.Rubric, g, i int) {
	id := r.Groups[g].Criteria[i].ID
	r.Groups[g].Criteria = slices.Delete(r.Groups[g].Criteria, i, i+1)
	for _, group := range r.Groups {
		for k := range group.Criteria {
			c := &group.Criteria[k]
			c.Requires = slices.DeleteFunc(c.Requires, func(s string) bool { return s == id })
		}
	}
}

// raise makes a criterion worth a point more, its best step and mark as well.
func raise(c *rubric.Criterion) {
	c.Points++
	if len(c.Steps) > 0 {
		c.Steps[0].Points++
	}
	if n := len(c.Scale); n > 0 {
		c.Scale[n-1].Points++
	}
}

// variant is a condition that was changed.
type variant struct {
	rubric.Condition
	kind string
}

// share and some are by how much limits move: five percentage points, or one.
const share, some = 500, 1

// variants gives a condition turned round, and its limit looser and tighter.
func variants(w rubric.Condition) []variant {
	turned := w
	turned.AtLeast, turned.AtMost = w.AtMost, w.AtLeast
	out := []variant{{turned, MutantCondition}}
	move := func(limit *rubric.Limit, set func(*rubric.Condition, *rubric.Limit)) {
		if limit == nil {
			return
		}
		for _, up := range []bool{true, false} {
			if l, ok := moved(*limit, up); ok {
				v := w
				set(&v, l)
				out = append(out, variant{v, MutantLimit})
			}
		}
	}
	move(w.AtLeast, func(c *rubric.Condition, l *rubric.Limit) { c.AtLeast = l })
	move(w.AtMost, func(c *rubric.Condition, l *rubric.Limit) { c.AtMost = l })
	return out
}

// moved is a limit moved up or down, within what it can be.
func moved(l rubric.Limit, up bool) (*rubric.Limit, bool) {
	by, most := uint64(some), uint64(1)<<31
	if l.Den != 1 {
		by, most = share, l.Den
	}
	switch {
	case up && l.Num < most:
		return &rubric.Limit{Num: min(l.Num+by, most), Den: l.Den}, true
	case !up && l.Num > 0:
		return &rubric.Limit{Num: l.Num - min(by, l.Num), Den: l.Den}, true
	}
	return nil, false
}

// ofClaim lists the changes of one claim.
func ofClaim(c rubric.Claim, i int) []Mutant {
	out := []Mutant{{"claim " + c.ID, MutantClaim, "dropped", func(r *rubric.Rubric) {
		r.Claimable = slices.Delete(r.Claimable, i, i+1)
	}}}
	turn := func(what string, all []rubric.Condition, of func(*rubric.Claim) []rubric.Condition) {
		for k, w := range all {
			v := variants(w)[0]
			out = append(out, Mutant{"claim " + c.ID, MutantClaim, what + ": " + v.String(),
				func(r *rubric.Rubric) { of(&r.Claimable[i])[k] = v.Condition }})
		}
	}
	turn("confirmed by", c.Confirmed, func(c *rubric.Claim) []rubric.Condition { return c.Confirmed })
	turn("contradicted by", c.Contradicted, func(c *rubric.Claim) []rubric.Condition { return c.Contradicted })
	return out
}

func points(n int) string {
	if n == 1 {
		return "1 point"
	}
	return fmt.Sprintf("%d points", n)
}
