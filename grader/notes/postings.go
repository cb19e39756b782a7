package notes

// postings list, per word number, the plain elements that the word matches, so
// that matching a token is the test of one bit.
type postings struct {
	byStem, byExact, byPrefix map[int32][]int32
	byKind                    [20][]int32
	n                         int32
}

func (p *postings) add(e *elem, id int32) {
	for _, n := range e.stems {
		p.byStem[n] = append(p.byStem[n], id)
	}
	for _, n := range e.exact {
		p.byExact[n] = append(p.byExact[n], id)
	}
	for _, n := range e.prefixes {
		p.byPrefix[n] = append(p.byPrefix[n], id)
	}
	for k := range p.byKind {
		if e.kinds&(1<<k) != 0 {
			p.byKind[k] = append(p.byKind[k], id)
		}
	}
}

// matches is the set of plain elements that a word matches.
func (p *postings) matches(w *wordInfo) bitset {
	set := make(bitset, p.n/64+1)
	for _, id := range p.byStem[w.stem] {
		set.set(id)
	}
	for _, id := range p.byExact[w.exact] {
		set.set(id)
	}
	for _, n := range w.prefixes {
		for _, id := range p.byPrefix[n] {
			set.set(id)
		}
	}
	for k, ids := range p.byKind {
		if w.classes&(1<<k) != 0 {
			for _, id := range ids {
				set.set(id)
			}
		}
	}
	return set
}
