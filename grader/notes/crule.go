package notes

import (
	"slices"

	"firedrill/rubric/rule"
)

// crule is a rule as numbers.
type crule struct {
	*rule.Rule
	id                    int32 // of the fact that it marks
	all                   []atom
	unless, clause, next  []atom
	sections, notSections uint32
	admit                 source
	span                  rule.Span
	sentences             int // neighbouring sentences of a window
	affirmed              bool
}

// criterion is a criterion with its compiled rules.
type criterion struct {
	*rule.Criterion
	met, against []*crule
	// detectorRule stands in findings for the built-in detector.
	detectorRule rule.Rule
}

func (c *compiler) rule(r *rule.Rule) *crule {
	out := &crule{
		Rule: r, id: -1,
		all:         c.phrases(r.All),
		unless:      c.phrases(r.Unless),
		clause:      c.phrases(r.UnlessClause),
		next:        c.phrases(r.UnlessNext),
		sections:    c.roles(r.Sections),
		notSections: c.roles(r.NotSections),
		span:        r.Span,
		affirmed:    r.Polarity != "any",
	}
	switch r.Span {
	case rule.SpanTwo:
		out.sentences = 2
	case rule.SpanThree:
		out.sentences = 3
	}
	for _, a := range r.Admit {
		out.admit |= sourceByName(a)
	}
	if !slices.Contains(c.set.Facts, r) {
		return out
	}
	out.id = c.id("#" + r.Name.Value)
	return out
}

func (c *compiler) roles(names []string) uint32 {
	var mask uint32
	for _, n := range names {
		mask |= 1 << slices.Index(c.roleNames(), n)
	}
	return mask
}

// roleNames lists the section roles in order.
func (c *compiler) roleNames() []string {
	var out []string
	for n := range c.set.Concepts {
		if len(n) > 8 && n[:8] == "section." {
			out = append(out, n[8:])
		}
	}
	slices.Sort(out)
	return out
}

func (c *compiler) criterion(cr *rule.Criterion) *criterion {
	out := &criterion{Criterion: cr}
	common, next := c.phrases(cr.Unless), c.phrases(cr.UnlessNext)
	for _, r := range cr.Met {
		cc := c.rule(r)
		if !r.Bare {
			cc.unless = append(cc.unless, common...)
			cc.next = append(cc.next, next...)
		}
		out.met = append(out.met, cc)
	}
	if cr.Detector != nil {
		out.detectorRule = rule.Rule{Name: cr.Detector.Name}
	}
	for _, r := range cr.Against {
		out.against = append(out.against, c.rule(r))
	}
	return out
}
