package rule

import (
	"slices"
	"strings"
)

// ForClaims gives the set that finds claims: its criteria are the claims, by their ids, and
// of the rest it holds what they refer to, so that it is quickly made ready.
func (s *Set) ForClaims() *Set {
	out := &Set{Concepts: map[string]*Concept{}, Criteria: s.Claims}
	facts := map[string]bool{}
	var need func(phrases ...[]Phrase)
	needRule := func(r *Rule) { need(r.All, r.Unless, r.UnlessClause, r.UnlessNext) }
	need = func(phrases ...[]Phrase) {
		for _, p := range slices.Concat(phrases...) {
			for _, name := range p.Refs() {
				concept := s.Concepts[name]
				switch {
				case strings.HasPrefix(name, "#") && !facts[name]:
					facts[name] = true
					for _, f := range s.Facts {
						if "#"+f.Name.Value == name {
							needRule(f)
						}
					}
				case concept != nil && out.Concepts[name] == nil:
					out.Concepts[name] = concept
					need(concept.Any, concept.Except)
				}
			}
		}
	}
	for _, c := range s.Claims {
		need(c.Unless, c.UnlessNext)
		for _, r := range slices.Concat(c.Met, c.Against) {
			needRule(r)
		}
	}
	for name, concept := range s.Concepts {
		family, _, _ := strings.Cut(name, ".")
		if family == "section" || family == "source" || family == "cue" { // readers know these by name
			out.Concepts[name] = concept
			need(concept.Any, concept.Except)
		}
	}
	for _, f := range s.Facts {
		if facts["#"+f.Name.Value] {
			out.Facts = append(out.Facts, f)
		}
	}
	return out
}
