package notes

import "bytes"

// assignSections gives each sentence the number and the roles of its section.
// A heading opens a section; so does a short line that reads like one, and a
// label before a colon gives its own statement a role.
func (d *document) assignSections() {
	w := &sectionWalk{d: d}
	for i, s := range d.sents {
		w.visit(i, s)
	}
}

type sectionWalk struct {
	d      *document
	number int
	roles  uint32
	stack  []headingRole
	last   *block
	own    uint32 // roles from a label at the head of the current block
	pseudo bool   // the current roles stem from a line that reads like a heading
}

type headingRole struct {
	level int
	roles uint32
}

func (w *sectionWalk) visit(i int, s *sentence) {
	if s.row { // the same row once more, see rowSentence
		s.section, s.roles = w.number, w.roles
		if w.own != 0 {
			s.roles = w.own
		}
		return
	}
	if s.block != w.last {
		w.last, w.own = s.block, 0
		if s.block.kind == kindHeading && s.block.level < 9 {
			w.heading(s)
		} else if w.looksLikeHeading(i, s) {
			w.number++
			w.roles, w.pseudo = w.labelRoles(s, len(s.toks)), true
		} else {
			w.own = w.label(s)
		}
	} else if s.block.kind == kindHeading && s.block.level < 9 {
		w.roles |= w.rolesOf(s, len(s.toks))
	} else if s.toks[0].first {
		if n := w.label(s); n != 0 {
			w.own = n
		}
	}
	s.section, s.roles = w.number, w.roles
	if w.own != 0 {
		s.roles = w.own
	}
}

func (w *sectionWalk) heading(s *sentence) {
	w.number++
	w.pseudo = false
	level := s.block.level
	for len(w.stack) > 0 && w.stack[len(w.stack)-1].level >= level {
		w.stack = w.stack[:len(w.stack)-1]
	}
	roles := w.rolesOf(s, len(s.toks))
	if roles == 0 && len(w.stack) > 0 {
		roles = w.stack[len(w.stack)-1].roles
	}
	w.stack = append(w.stack, headingRole{level, roles})
	w.roles = roles
}

// looksLikeHeading: a paragraph or item of a few words that names a role and is
// followed by more, or closes with a colon.
func (w *sectionWalk) looksLikeHeading(i int, s *sentence) bool {
	if len(s.toks) > w.headingWords(s) || s.block.kind == kindCode || s.block.kind == kindComment ||
		s.block.kind == kindRow || closesSentence(s.block.text) {
		return false
	}
	alone := i+1 >= len(w.d.sents) || w.d.sents[i+1].block != s.block
	if !alone && !w.d.sents[i+1].toks[0].first {
		return false
	}
	if !alone && s.block.kind == kindItem {
		return false
	}
	if w.labelRoles(s, len(s.toks)) == 0 {
		// an unknown bold line still ends the section before it
		if s.block.lead > 0 && s.block.lead >= len(s.block.text)-1 && alone {
			return true
		}
		return false
	}
	return s.block.kind != kindItem || s.block.depth == 1 && i+1 < len(w.d.sents) &&
		w.d.sents[i+1].block.depth > 1
}

// closesSentence says whether the first line of a block ends as a sentence does,
// which no heading does.
func closesSentence(text []byte) bool {
	text, _, _ = bytes.Cut(bytes.TrimLeft(text, "\n"), []byte("\n"))
	text = bytes.TrimRight(text, " \n*_`)")
	return len(text) > 0 && (text[len(text)-1] == '.' || text[len(text)-1] == '!')
}

// headingWords bounds a line that reads like a heading: a colon or question mark
// at its end, or bold type all through, lets it be longer.
func (w *sectionWalk) headingWords(s *sentence) int {
	bold := s.block.lead > 0 && s.block.lead >= len(s.block.text)-1
	if bold || s.toks[len(s.toks)-1].text == "?" || w.colonAfter(s, len(s.toks)) {
		return 12
	}
	return 8
}

// label reads a role from the words before a colon, dash or bold opening.
func (w *sectionWalk) label(s *sentence) uint32 {
	n := w.labelEnd(s)
	if s.block.kind == kindRow && n < len(s.toks) && n <= 5 {
		return w.labelRoles(s, n) // the first cell
	}
	if s.toks[0].kind == tTime && n == 1 {
		return 0
	}
	bold := s.block.lead > 0 && int(s.toks[0].off) < s.block.lead
	if n > 6 || n == len(s.toks) && !bold {
		return 0
	}
	if !bold && !w.colonAfter(s, n) {
		return 0
	}
	return w.labelRoles(s, n)
}

// labelEnd counts the words before the first colon or, without one, the words of
// the first clause; 7 stands for more than a label has.
func (w *sectionWalk) labelEnd(s *sentence) int {
	n := 0
	for n < len(s.toks) && n < 7 && s.toks[n].clause == s.toks[0].clause {
		n++
		if n < 7 && w.colonAfter(s, n) {
			break
		}
	}
	return n
}

// labelRoles are the roles of a label: the words that name a role must make up
// half of it, because a label is short and may be part of a sentence.
func (w *sectionWalk) labelRoles(s *sentence, n int) uint32 {
	var mask uint32
	for i, r := range w.d.p.sections {
		for _, h := range s.hits {
			if h.concept == r.concept && int(h.to) <= n && 2*int(h.to-h.from) >= min(n, 4) {
				mask |= 1 << i
			}
		}
	}
	return mask
}

// colonAfter says whether token n-1 is followed by a colon.
func (w *sectionWalk) colonAfter(s *sentence, n int) bool {
	t := s.toks[n-1]
	text := s.block.text
	for i := int(t.off) + len(t.text); i < len(text) && i < int(t.off)+len(t.text)+4; i++ {
		switch text[i] {
		case ':':
			return true
		case ' ', '*', '_', '`', ')':
		default:
			return false
		}
	}
	return false
}

// rolesOf collects the roles that the first n tokens name.
func (w *sectionWalk) rolesOf(s *sentence, n int) uint32 {
	var mask uint32
	for i, r := range w.d.p.sections {
		for _, h := range s.hits {
			if h.concept == r.concept && int(h.to) <= n {
				mask |= 1 << i
			}
		}
	}
	return mask
}
