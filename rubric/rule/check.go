package rule

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"firedrill/rubric/strict"
)

// check finds what only shows when all files are read: names that refer to
// nothing, names used twice, and concepts that contain themselves.
func (s *Set) check() []error {
	c := &checker{set: s, facts: map[string]bool{}}
	names := make([]string, 0, len(s.Concepts))
	for n := range s.Concepts {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		c.refs(s.Concepts[n].Any, false)
		c.refs(s.Concepts[n].Except, false)
	}
	for _, f := range s.Facts {
		c.rule(f)
		c.facts["#"+f.Name.Value] = true
	}
	ids := map[string]bool{}
	for _, cr := range slices.Concat(s.Criteria, s.Claims) {
		if ids[cr.ID.Value] {
			c.fail(cr.ID, "give one of them another id, and name it in the rubric by `rule:`",
				"criterion %s is defined twice", cr.ID.Value)
		}
		ids[cr.ID.Value] = true
		c.refs(cr.Unless, true)
		c.refs(cr.UnlessNext, true)
		for _, r := range slices.Concat(cr.Met, cr.Against) {
			c.rule(r)
		}
	}
	if len(c.errs) == 0 {
		c.cycles(names)
	}
	return c.errs
}

type checker struct {
	set   *Set
	facts map[string]bool
	errs  []error
}

func (c *checker) fail(at Text, hint, format string, args ...any) {
	c.errs = append(c.errs, Problem{at.File, strict.Problem{Line: at.Line, Path: at.Path,
		Message: fmt.Sprintf(format, args...), Hint: hint}})
}

func (c *checker) rule(r *Rule) {
	for _, ps := range [][]Phrase{r.All, r.Unless, r.UnlessClause, r.UnlessNext} {
		c.refs(ps, true)
	}
	for _, role := range slices.Concat(r.Sections, r.NotSections) {
		if c.set.Concepts["section."+role] == nil {
			c.fail(r.Name, "define the concept, or correct the section's name", "rule %q: no concept section.%s names that section", r.Name.Value, role)
		}
	}
}

func (c *checker) refs(ps []Phrase, factsToo bool) {
	for _, p := range ps {
		for _, name := range p.Refs() {
			switch {
			case strings.HasPrefix(name, "#") && !factsToo:
				c.fail(p.Text, "refer to facts in rules", "phrase %q: a concept cannot refer to a fact", p.Value)
			case strings.HasPrefix(name, "#") && !c.facts[name]:
				c.fail(p.Text, "write the fact above, or correct its name", "phrase %q: no earlier fact is called %s", p.Value, name)
			case !strings.HasPrefix(name, "#") && c.set.Concepts[name] == nil:
				c.fail(p.Text, "define it under `concepts`, or correct its name", "phrase %q: no concept is called %s", p.Value, name)
			}
		}
	}
}

// Refs lists the concepts and facts (with #) that the phrase refers to, sorted.
func (p Phrase) Refs() []string {
	var out []string
	for _, q := range p.Seqs {
		for _, e := range q {
			for _, a := range e.Atoms {
				if a.Kind == Ref {
					out = append(out, a.Text)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// cycles reports concepts that contain themselves.
func (c *checker) cycles(names []string) {
	const visiting, done = 1, 2
	state := map[string]int{}
	var visit func(n string)
	visit = func(n string) {
		state[n] = visiting
		con := c.set.Concepts[n]
		for _, p := range slices.Concat(con.Any, con.Except) {
			for _, ref := range p.Refs() {
				switch state[ref] {
				case visiting:
					c.fail(p.Text, "take the reference out", "concept %s contains itself by way of %s", n, ref)
				case 0:
					visit(ref)
				}
			}
		}
		state[n] = done
	}
	for _, n := range names {
		if state[n] == 0 {
			visit(n)
		}
	}
}
