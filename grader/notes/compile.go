package notes

import (
	"fmt"
	"sort"

	"firedrill/rubric/rule"
)

// seq is a compiled sequence.
type seq struct {
	concept int32
	elems   []elem
	// needs are plain elements that some token must match, the rarest first.
	needs []int32
}

// start is a sequence that a token may begin, with the two rarest of its needs besides that
// token: most sequences are refused by those, without a look at the sequence.
type start struct {
	first, second int32
	seq           *seq
}

func (s *seq) start() start {
	out := start{-1, -1, s}
	for _, e := range s.needs {
		switch {
		case len(s.elems) > 0 && e == s.elems[0].plain:
		case out.first < 0:
			out.first, out.second = e, e
		case out.second == out.first:
			out.second = e
		}
	}
	if out.first < 0 && len(s.needs) > 0 {
		out.first, out.second = s.needs[0], s.needs[0]
	}
	return out
}

// elem is one place of a sequence, as numbers.
type elem struct {
	stems, exact, prefixes, refs []int32
	kinds                        uint32
	gap                          int
	anchor                       byte
	// plain numbers the elements that tokens can match by themselves, equal ones
	// alike; -1 for gaps, anchors and mere references.
	plain int32
}

// program is a rule set made ready to read notes.
type program struct {
	vocab *vocabulary
	names []string
	ids   map[string]int32
	// levels holds, per level, the sequences that begin with a concept or a
	// typed token; those that begin with words hang on the words.
	levels   []level
	plain    postings
	except   map[int32]int32
	facts    []*crule
	criteria []*criterion
	sections []sectionRole
	written  map[string]string // where each concept begins, file:line
	negation int32             // the concept cue.negation, -1 without
	// weighed says per concept whether it is a feature; weights are nil without a second reader.
	weighed []bool
	weights *compiledWeights
}

type level struct {
	byStem, byExact, byPrefix, byRef map[int32][]*seq
	byKind                           [20][]*seq
	// done are concepts complete after this level, with exceptions to apply.
	excepts []int32
}

// sectionRole is a role that headings give to a section.
type sectionRole struct {
	name    string
	concept int32
}

// compiler builds a program.
type compiler struct {
	p      *program
	set    *rule.Set
	seqs   map[int32][]rule.Seq
	height map[int32]int
	plain  map[string]int32
}

// compile makes a rule set ready. It panics on nothing: the set is checked.
func compile(set *rule.Set) *program {
	p := &program{vocab: newVocabulary(), ids: map[string]int32{}, except: map[int32]int32{}}
	c := &compiler{p: p, set: set, seqs: map[int32][]rule.Seq{}, height: map[int32]int{},
		plain: map[string]int32{}}
	p.plain = postings{byStem: map[int32][]int32{}, byExact: map[int32][]int32{},
		byPrefix: map[int32][]int32{}}
	names := make([]string, 0, len(set.Concepts))
	for n := range set.Concepts {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		c.concept(n, set.Concepts[n])
	}
	for _, f := range set.Facts {
		p.facts = append(p.facts, c.rule(f))
	}
	for _, cr := range set.Criteria {
		p.criteria = append(p.criteria, c.criterion(cr))
	}
	c.place()
	p.vocab.seal()
	for _, n := range names {
		if len(n) > 8 && n[:8] == "section." {
			p.sections = append(p.sections, sectionRole{n[8:], p.ids[n]})
		}
	}
	p.negation = p.named("cue.negation")
	p.written = map[string]string{}
	for _, n := range names {
		if any := set.Concepts[n].Any; len(any) > 0 {
			p.written[n] = fmt.Sprintf("%s:%d", any[0].File, any[0].Line)
		}
	}
	p.weighed, p.weights = weighed(p.names, set.Weights), compileWeights(set.Weights, p.criteria)
	return p
}

func (c *compiler) id(name string) int32 {
	if n, ok := c.p.ids[name]; ok {
		return n
	}
	n := int32(len(c.p.names))
	c.p.ids[name] = n
	c.p.names = append(c.p.names, name)
	return n
}

func (c *compiler) concept(name string, con *rule.Concept) {
	id := c.id(name)
	for _, p := range con.Any {
		c.seqs[id] = append(c.seqs[id], p.Seqs...)
	}
	if len(con.Except) > 0 {
		ex := c.id(name + "~except")
		for _, p := range con.Except {
			c.seqs[ex] = append(c.seqs[ex], p.Seqs...)
		}
		c.p.except[id] = ex
	}
}

// atom is a part of a statement: a hit of one of these concepts.
type atom struct {
	ids  []int32
	text string
}

// phrase gives an inline phrase of a rule a concept of its own, shared by all
// rules that spell it the same. A plain choice of concepts and facts needs none.
func (c *compiler) phrase(p rule.Phrase) atom {
	if ids := c.choice(p); ids != nil {
		return atom{ids, p.Value}
	}
	name := "'" + p.Value
	if n, ok := c.p.ids[name]; ok {
		return atom{[]int32{n}, p.Value}
	}
	id := c.id(name)
	c.seqs[id] = p.Seqs
	return atom{[]int32{id}, p.Value}
}

func (c *compiler) choice(p rule.Phrase) []int32 {
	if len(p.Seqs) != 1 || len(p.Seqs[0]) != 1 {
		return nil
	}
	var ids []int32
	for _, a := range p.Seqs[0][0].Atoms {
		if a.Kind != rule.Ref {
			return nil
		}
		ids = append(ids, c.id(a.Text))
	}
	return ids
}

func (c *compiler) phrases(ps []rule.Phrase) []atom {
	out := make([]atom, len(ps))
	for i, p := range ps {
		out[i] = c.phrase(p)
	}
	return out
}

// level of a concept is one above all that it refers to.
func (c *compiler) level(id int32) int {
	if h, ok := c.height[id]; ok {
		return h
	}
	h := 0
	for _, q := range c.seqs[id] {
		for _, e := range q {
			for _, a := range e.Atoms {
				if a.Kind == rule.Ref && a.Text[0] != '#' {
					h = max(h, c.level(c.id(a.Text))+1)
				}
			}
		}
	}
	if ex, ok := c.p.except[id]; ok {
		h = max(h, c.level(ex)+1)
	}
	c.height[id] = h
	return h
}

// place sorts all sequences into levels and indexes.
func (c *compiler) place() {
	for id := int32(0); int(id) < len(c.p.names); id++ {
		at := c.level(id)
		for len(c.p.levels) <= at {
			c.p.levels = append(c.p.levels, newLevel())
		}
		if _, ok := c.p.except[id]; ok {
			c.p.levels[at].excepts = append(c.p.levels[at].excepts, id)
		}
		for _, q := range c.seqs[id] {
			c.index(&c.p.levels[at], c.compileSeq(id, q))
		}
	}
}

func newLevel() level {
	return level{byStem: map[int32][]*seq{}, byExact: map[int32][]*seq{},
		byPrefix: map[int32][]*seq{}, byRef: map[int32][]*seq{}}
}

func (c *compiler) compileSeq(id int32, q rule.Seq) *seq {
	out := &seq{concept: id}
	for _, e := range q {
		ce := elem{gap: e.Gap, anchor: e.Anchor}
		for _, a := range e.Atoms {
			switch a.Kind {
			case rule.Word:
				ce.stems = append(ce.stems, number(c.p.vocab.stems, c.wordStem(a.Text)))
			case rule.Exact:
				ce.exact = append(ce.exact, number(c.p.vocab.exact, a.Text))
			case rule.Prefix:
				ce.prefixes = append(ce.prefixes, number(c.p.vocab.prefix, a.Text))
			case rule.Class:
				ce.kinds |= 1 << kindByClass(a.Text)
			case rule.Ref:
				ce.refs = append(ce.refs, c.id(a.Text))
			}
		}
		ce.plain = c.plainElem(&ce)
		out.elems = append(out.elems, ce)
	}
	out.needs = needs(out.elems)
	return out
}

// needs lists the plain elements of a sequence, those with fewest words first.
func needs(elems []elem) []int32 {
	var must []elem
	for _, e := range elems {
		if e.plain >= 0 && len(e.refs) == 0 {
			must = append(must, e)
		}
	}
	sort.SliceStable(must, func(i, j int) bool { return must[i].words() < must[j].words() })
	out := make([]int32, len(must))
	for i, e := range must {
		out[i] = e.plain
	}
	return out
}

// words is the number of words that an element can be; a class counts for many.
func (e *elem) words() int {
	n := len(e.stems) + len(e.exact) + len(e.prefixes)
	if e.kinds != 0 {
		n += 50
	}
	return n
}

// plainElem numbers an element, the same for equal ones.
func (c *compiler) plainElem(e *elem) int32 {
	if len(e.stems)+len(e.exact)+len(e.prefixes) == 0 && e.kinds == 0 {
		return -1
	}
	key := fmt.Sprint(e.stems, e.exact, e.prefixes, e.kinds)
	id, ok := c.plain[key]
	if !ok {
		id = c.p.plain.n
		c.p.plain.n++
		c.plain[key] = id
		c.p.plain.add(e, id)
	}
	return id
}

// wordStem stems words only; paths, files and hosts are taken as they are.
func (c *compiler) wordStem(w string) string {
	if plain(w) {
		return stem(w)
	}
	return w
}

func (c *compiler) index(l *level, s *seq) {
	first := s.elems[0]
	if first.anchor != 0 && len(s.elems) > 1 {
		first = s.elems[1]
	}
	for _, n := range first.stems {
		l.byStem[n] = append(l.byStem[n], s)
	}
	for _, n := range first.exact {
		l.byExact[n] = append(l.byExact[n], s)
	}
	for _, n := range first.prefixes {
		l.byPrefix[n] = append(l.byPrefix[n], s)
	}
	for _, n := range first.refs {
		l.byRef[n] = append(l.byRef[n], s)
	}
	for k := range l.byKind {
		if first.kinds&(1<<k) != 0 {
			l.byKind[k] = append(l.byKind[k], s)
		}
	}
}

// named is the number of a concept that the engine itself knows, -1 without it.
func (p *program) named(name string) int32 {
	if n, ok := p.ids[name]; ok {
		return n
	}
	return -1
}
