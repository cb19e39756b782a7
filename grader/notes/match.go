package notes

import (
	"encoding/binary"
	"slices"
)

// hit is a place where a concept was found: tokens [from, to) of a sentence.
type hit struct {
	concept  int32
	from, to uint16
}

// matcher finds concepts in sentences. It is not for concurrent use.
type matcher struct {
	p     *program
	known map[wordKey]*wordInfo
	// alike numbers the sets of elements that words match; found holds what was found in
	// sentences, by the numbers of their words: lines of a log differ in figures only.
	alike map[string]uint32
	found map[string][]hit
	key   []byte
	// per sentence
	toks  []token
	hits  []hit
	start [][]int32 // start[i] are the numbers of the hits that begin at i
	words bitset    // plain elements that some token matches
	has   bitset    // concepts found
}

type wordKey struct {
	text    string
	classes uint32
}

func newMatcher(p *program) *matcher {
	return &matcher{p: p, known: map[wordKey]*wordInfo{}, alike: map[string]uint32{},
		found: map[string][]hit{}}
}

// info looks a token's spelling up, once per spelling.
func (m *matcher) info(t *token) *wordInfo {
	key := wordKey{t.text, t.classes()}
	if w, ok := m.known[key]; ok {
		return w
	}
	w := m.p.vocab.lookup(t.text, t.kind)
	w.form = t.form()
	w.classes = key.classes
	bits := w.classes
	w.match = m.p.plain.matches(&w)
	w.starts = make([][]start, len(m.p.levels))
	for i := range m.p.levels {
		l := &m.p.levels[i]
		var s []*seq
		if w.stem >= 0 {
			s = append(s, l.byStem[w.stem]...)
		}
		if w.exact >= 0 {
			s = append(s, l.byExact[w.exact]...)
		}
		for _, n := range w.prefixes {
			s = append(s, l.byPrefix[n]...)
		}
		for k := range l.byKind {
			if bits&(1<<k) != 0 {
				s = append(s, l.byKind[k]...)
			}
		}
		for _, q := range s {
			w.starts[i] = append(w.starts[i], q.start())
		}
	}
	var set []byte
	for _, bits := range w.match {
		set = binary.LittleEndian.AppendUint64(set, bits)
	}
	n, ok := m.alike[string(set)]
	if !ok {
		n = uint32(len(m.alike))
		m.alike[string(set)] = n
	}
	w.alike = n
	m.known[key] = &w
	return &w
}

// find returns all hits in the tokens of one sentence, by start. The list is not to be
// changed.
func (m *matcher) find(toks []token) []hit {
	m.key = m.key[:0]
	for i := range toks {
		t := &toks[i]
		t.word = m.info(t)
		m.key = binary.LittleEndian.AppendUint32(m.key, t.word.alike)
		m.key = append(m.key, bit1(t.open)|bit1(t.shut)<<1)
	}
	hits, ok := m.found[string(m.key)]
	if !ok {
		hits = slices.Clip(m.search(toks))
		m.found[string(m.key)] = hits
	}
	return hits
}

// bit1 is 1 for true.
func bit1(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// search finds the hits of a sentence whose words were looked up.
func (m *matcher) search(toks []token) []hit {
	m.toks = toks
	m.hits = nil
	if cap(m.start) < len(toks)+1 {
		m.start = make([][]int32, 2*len(toks)+1)
	}
	m.start = m.start[:len(toks)+1]
	for i := range m.start {
		m.start[i] = m.start[i][:0]
	}
	m.words = cleared(m.words, m.p.plain.n)
	m.has = cleared(m.has, int32(len(m.p.names)))
	for i := range toks {
		for k, bits := range toks[i].word.match {
			m.words[k] |= bits
		}
	}
	for l := range m.p.levels {
		m.level(l)
	}
	return m.hits
}

// cleared is an empty set for n numbers, in the memory of another when it fits.
func cleared(b bitset, n int32) bitset {
	if size := int(n/64 + 1); len(b) != size {
		return make(bitset, size)
	}
	clear(b)
	return b
}

func (m *matcher) level(l int) {
	lv := &m.p.levels[l]
	for i := range m.toks {
		for _, s := range m.toks[i].word.starts[l] {
			if s.first < 0 || m.words.has(s.first) && m.words.has(s.second) {
				m.try(s.seq, i)
			}
		}
	}
	if len(lv.byRef) > 0 {
		for n := 0; n < len(m.hits); n++ {
			h := m.hits[n]
			if h.concept < 0 {
				continue
			}
			for _, s := range lv.byRef[h.concept] {
				m.try(s, int(h.from))
			}
		}
	}
	for _, id := range lv.excepts {
		if ex := m.p.except[id]; m.has.has(id) && m.has.has(ex) {
			m.drop(id, ex)
		}
	}
}

// drop removes hits of a concept that overlap one of its exceptions.
func (m *matcher) drop(id, except int32) {
	for i := range m.hits {
		h := &m.hits[i]
		if h.concept != id {
			continue
		}
		for _, x := range m.hits {
			if x.concept == except && x.from < h.to && h.from < x.to {
				h.concept = -1
				break
			}
		}
	}
}

// try adds the hits of a sequence that begin at token i.
func (m *matcher) try(s *seq, i int) {
	for _, e := range s.needs {
		if !m.words.has(e) {
			return
		}
	}
	m.step(s, 0, i, i)
}

// maxEnds bounds the ways in which one sequence may end, per start.
const maxEnds = 8

func (m *matcher) step(s *seq, e, from, i int) {
	for ; e < len(s.elems); e++ {
		el := &s.elems[e]
		switch {
		case el.anchor == '^':
			if !m.toks[min(i, len(m.toks)-1)].open {
				return
			}
			continue
		case el.anchor == '$':
			if i < 1 || !m.toks[i-1].shut {
				return
			}
			continue
		case el.gap > 0:
			for g := 0; g <= el.gap && i+g <= len(m.toks); g++ {
				m.step(s, e+1, from, i+g)
			}
			return
		}
		if i >= len(m.toks) {
			return
		}
		if len(el.refs) > 0 {
			for _, n := range m.start[i] {
				h := m.hits[n]
				if contains(el.refs, h.concept) {
					m.step(s, e+1, from, int(h.to))
				}
			}
		}
		if el.plain < 0 || !m.toks[i].word.match.has(el.plain) {
			return
		}
		i++
	}
	m.add(hit{s.concept, uint16(from), uint16(i)})
}

func (m *matcher) add(h hit) {
	if h.to <= h.from {
		return
	}
	n := 0
	for _, x := range m.start[h.from] {
		if m.hits[x].concept == h.concept {
			if m.hits[x].to == h.to {
				return
			}
			n++
		}
	}
	if n >= maxEnds {
		return
	}
	m.has.set(h.concept)
	m.start[h.from] = append(m.start[h.from], int32(len(m.hits)))
	m.hits = append(m.hits, h)
}

func contains(ns []int32, n int32) bool {
	for _, x := range ns {
		if x == n {
			return true
		}
	}
	return false
}
