package notes

import (
	"strconv"
	"strings"

	"firedrill/rubric/rule"
)

// part is where one phrase of a rule was found.
type part struct {
	sent int
	hit  hit
}

// before says whether a part stands before another.
func (p part) before(q part) bool {
	return p.sent < q.sent || p.sent == q.sent && p.hit.to <= q.hit.from
}

// match is one statement that fits a rule.
type match struct {
	rule  *crule
	parts []part
}

// maxMatches bounds the statements per rule: more add nothing to a decision.
const maxMatches = 16

// eval finds the statements that fit a rule.
func (d *document) eval(r *crule) []match {
	switch r.span {
	case rule.SpanClause, rule.SpanSentence, rule.SpanRow:
		return d.evalSentences(r)
	}
	return d.evalUnits(r)
}

func (d *document) evalSentences(r *crule) []match {
	var out []match
	for i, s := range d.sents {
		if s.row != (r.span == rule.SpanRow) || !d.hasAll(r, s) || d.refused(r, i) != "" {
			continue
		}
		c := &combo{d: d, r: r, sent: i, s: s}
		if c.search(0) {
			out = append(out, match{r, c.parts()})
			if len(out) == maxMatches {
				break
			}
		}
	}
	return out
}

func (d *document) hasAll(r *crule, s *sentence) bool {
	for _, a := range r.all {
		if !s.has.any(a.ids) {
			return false
		}
	}
	return true
}

// refused gives the reason why a sentence cannot carry the rule, or "".
func (d *document) refused(r *crule, i int) string {
	s := d.sents[i]
	if s.src&srcNever != 0 || s.src&^r.admit != 0 {
		return "it is " + (s.src &^ r.admit).String()
	}
	if r.sections != 0 && s.roles&r.sections == 0 {
		return "it stands in another section"
	}
	if s.roles&r.notSections != 0 {
		return "it stands in a section that does not count here"
	}
	for _, a := range r.unless {
		if s.has.any(a.ids) {
			return "it also holds " + a.text + " (" + d.found(s, a) + ")"
		}
	}
	if len(r.next) > 0 && i+1 < len(d.sents) && d.sents[i+1].section == s.section {
		for _, a := range r.next {
			if d.sents[i+1].has.any(a.ids) {
				return "the next sentence holds " + a.text + " (" + d.found(d.sents[i+1], a) + ")"
			}
		}
	}
	return ""
}

// found quotes the words of a sentence that are a hit of an atom.
func (d *document) found(s *sentence, a atom) string {
	for _, h := range s.hits {
		if h.concept >= 0 && contains(a.ids, h.concept) {
			return strconv.Quote(tokenText(s.toks[h.from:h.to]))
		}
	}
	return "elsewhere"
}

// combo searches one hit per phrase in a sentence.
type combo struct {
	d    *document
	r    *crule
	sent int
	s    *sentence
	hits []hit
	n    int
	why  string
}

// maxCombos bounds the search in one sentence.
const maxCombos = 400

func (c *combo) search(a int) bool {
	if a == len(c.r.all) {
		return c.fits()
	}
	for _, h := range c.s.hits {
		if h.concept < 0 || !contains(c.r.all[a].ids, h.concept) {
			continue
		}
		if c.n++; c.n > maxCombos {
			return false
		}
		c.hits = append(c.hits, h)
		if c.search(a + 1) {
			return true
		}
		c.hits = c.hits[:a]
	}
	return false
}

// fits checks a choice of hits against the rule's conditions.
func (c *combo) fits() bool {
	lo, hi := c.hits[0].from, c.hits[0].to
	for i, h := range c.hits {
		lo, hi = min(lo, h.from), max(hi, h.to)
		for _, other := range c.hits[:i] {
			if h.from < other.to && other.from < h.to {
				c.why = "the same words would have to stand for two parts"
				return false
			}
		}
		if c.r.Ordered && i > 0 && h.from < c.hits[i-1].to {
			c.why = "the parts stand in another order"
			return false
		}
	}
	if c.r.Within > 0 && int(hi-lo) > c.r.Within {
		c.why = "the parts stand too far apart"
		return false
	}
	if c.r.span == rule.SpanClause && c.s.toks[lo].clause != c.s.toks[hi-1].clause {
		c.why = "the parts stand in different clauses"
		return false
	}
	for _, h := range c.hits {
		if why := c.d.hitRefused(c.r, c.s, h, c.hits); why != "" {
			c.why = why
			return false
		}
	}
	return true
}

func (c *combo) parts() []part {
	out := make([]part, len(c.hits))
	for i, h := range c.hits {
		out[i] = part{c.sent, h}
	}
	return out
}

// hitRefused gives the reason why a hit cannot carry the rule, or "".
func (d *document) hitRefused(r *crule, s *sentence, h hit, with []hit) string {
	if len(r.clause) > 0 {
		for _, x := range s.hits {
			if x.concept < 0 || s.toks[x.from].clause != s.toks[h.from].clause {
				continue
			}
			for _, a := range r.clause {
				if contains(a.ids, x.concept) {
					return "its clause holds " + a.text
				}
			}
		}
	}
	if r.affirmed && d.negated(s, h, with) {
		return "it is negated"
	}
	return ""
}

// negationReach is how many words a negation may stand before what it negates.
const negationReach = 6

// negated says whether a negation in the clause governs a hit. A negation that
// is part of a hit belongs to that hit and governs nothing.
func (d *document) negated(s *sentence, h hit, with []hit) bool {
	neg := d.p.negation
	if neg < 0 || !s.has.has(neg) || d.isFact(h.concept) {
		return false
	}
next:
	for _, x := range s.hits {
		if x.concept != neg || x.from >= h.from ||
			s.toks[x.from].clause != s.toks[h.from].clause || int(h.from-x.to) > negationReach {
			continue
		}
		for _, w := range with {
			if x.from < w.to && w.from < x.to {
				continue next
			}
		}
		return true
	}
	return false
}

// evalUnits looks for the phrases across sentences.
func (d *document) evalUnits(r *crule) []match {
	var out []match
	for i := 0; i < len(d.sents); {
		end, next := d.unit(r, i)
		if m, ok := d.evalUnit(r, i, end); ok {
			out = append(out, m)
			if len(out) == maxMatches {
				break
			}
			if r.sentences > 0 {
				next = m.parts[0].sent + 1
			}
		}
		i = max(next, i+1)
	}
	return out
}

// unit is the run of sentences from i that belongs together under a rule.
func (d *document) unit(r *crule, i int) (end, next int) {
	first := d.sents[i]
	same := func(s *sentence) bool { return true }
	switch r.span {
	case rule.SpanBlock:
		same = func(s *sentence) bool {
			if first.block.kind == kindRow || first.block.depth > 0 {
				return s.block.group == first.block.group
			}
			return s.block == first.block
		}
	case rule.SpanSection, rule.SpanTwo, rule.SpanThree:
		same = func(s *sentence) bool { return s.section == first.section }
	}
	left := r.sentences
	for end = i; end < len(d.sents) && same(d.sents[end]); end++ {
		if d.sents[end].row {
			continue
		}
		if r.sentences > 0 {
			if left == 0 {
				break
			}
			left--
		}
	}
	if r.sentences > 0 {
		return end, i + 1
	}
	return end, end
}

// evalUnit picks, for each phrase, the first hit in the unit that can carry it.
func (d *document) evalUnit(r *crule, from, to int) (match, bool) {
	m := match{rule: r}
	for _, a := range r.all {
		p, ok := d.firstHit(r, a, from, to)
		if !ok || r.Ordered && len(m.parts) > 0 && !m.parts[len(m.parts)-1].before(p) {
			return m, false
		}
		m.parts = append(m.parts, p)
	}
	return m, true
}

func (d *document) firstHit(r *crule, a atom, from, to int) (part, bool) {
	for i := from; i < to; i++ {
		s := d.sents[i]
		if !s.has.any(a.ids) || d.refused(r, i) != "" {
			continue
		}
		for _, h := range s.hits {
			if h.concept < 0 || !contains(a.ids, h.concept) || s.row && !d.isFact(h.concept) {
				continue // a row with its header repeats words; only facts need the header
			}
			if d.hitRefused(r, s, h, []hit{h}) == "" {
				return part{i, h}, true
			}
		}
	}
	return part{}, false
}

func (d *document) isFact(concept int32) bool {
	return strings.HasPrefix(d.p.names[concept], "#")
}
