package notes

import (
	"slices"

	"firedrill/rubric"
	"firedrill/rubric/rule"
)

// Ablation is what becomes of findings when a rule is taken out.
type Ablation struct {
	// Criterion that the rule decides, empty for a fact, and Place among its rules, those
	// against behind those for it; of a fact, its place among the facts.
	Criterion string
	Place     int
	// Against tells a rule that takes statements back.
	Against bool
	Rule    *rule.Rule
	// Findings are those that differ without it, in the order of the rules.
	Findings []rubric.Finding
}

// Ablate judges notes once for each rule and each fact that is taken out, and says what
// differs then. It tells which rules a set of notes needs: one that no notes miss is either
// superfluous or untested. The ablations are in the order of the rules, the same for all notes.
func (j *Judging) Ablate(src []byte) []Ablation {
	d := read(j.p, src, j.opts)
	d.decideFacts()
	var whole []rubric.Finding
	for _, c := range j.p.criteria {
		whole = append(whole, d.decide(c))
	}
	var out []Ablation
	for i, c := range j.p.criteria {
		n := len(c.met)
		for place, r := range slices.Concat(c.met, c.against) {
			a := Ablation{Criterion: c.ID.Value, Place: place, Against: place >= n, Rule: r.Rule}
			if f := d.decide(c.without(place)); f.Outcome != whole[i].Outcome {
				a.Findings = []rubric.Finding{f}
			}
			out = append(out, a)
		}
	}
	for place, f := range j.p.facts {
		out = append(out, Ablation{Place: place, Rule: f.Rule, Findings: j.withoutFact(src, place, whole)})
	}
	return out
}

// without is the criterion with one of its rules taken out.
func (c *criterion) without(place int) *criterion {
	out := *c
	drop := func(all []*crule, i int) []*crule { return slices.Delete(slices.Clone(all), i, i+1) }
	if n := len(c.met); place < n {
		out.met = drop(c.met, place)
	} else {
		out.against = drop(c.against, place-n)
	}
	return &out
}

// withoutFact gives the findings that differ when a fact is not marked.
func (j *Judging) withoutFact(src []byte, place int, whole []rubric.Finding) []rubric.Finding {
	p := *j.p
	p.facts = slices.Delete(slices.Clone(p.facts), place, place+1)
	d := read(&p, src, j.opts)
	d.decideFacts()
	var out []rubric.Finding
	for i, c := range p.criteria {
		if f := d.decide(c); f.Outcome != whole[i].Outcome {
			out = append(out, f)
		}
	}
	return out
}
