package notes

import (
	"bytes"
	"unicode/utf8"
)

// classify finds out for each sentence whose words it holds.
func (d *document) classify(opts Options) {
	copies := newCopies(opts.Papers)
	log := d.p.named("source.log")
	predicate := d.p.named("source.predicate")
	addressed := d.p.named("source.addressed")
	template := d.p.named("source.template")
	guesses := guessLists{concept: d.p.named("cue.guesslist")}
	for _, s := range d.sents {
		if guesses.covers(s) {
			s.src |= srcGuess
		}
		switch s.block.kind {
		case kindCode:
			if !proseInCode(s) {
				s.src |= srcCode
			}
		case kindHeading:
			s.src |= srcHeading
		case kindComment:
			s.src |= srcComment
		}
		if log >= 0 && s.has.has(log) {
			s.src |= srcLog
		}
		if s.toks[len(s.toks)-1].text == "?" {
			s.src |= srcQuestion
		}
		if keywordList(s) && (predicate < 0 || !s.has.has(predicate)) {
			s.src |= srcKeywords
		}
		if addressed >= 0 && s.has.has(addressed) {
			s.src |= srcAddressed
			d.flag("addressed", s, "text addressed to the grader is not counted")
		}
		// The papers show log lines too: a log is nobody's words, wherever it was copied.
		ownWords := s.block.kind != kindCode && s.src&srcLog == 0
		if template >= 0 && s.has.has(template) || ownWords && copies.covers(s.toks) {
			s.src |= srcCopied
			d.flag("copied", s, copiedReason)
		}
		if s.src&srcEndless != 0 {
			d.flag("endless", s, "so many words without an end are no statement and are not counted")
		}
	}
	if d.pasted() {
		d.classifyPaste(copies)
	}
}

const copiedReason = "text copied from the exam's documents is not counted"

// copiedShare is the part of the sentences that may be copied from the exam's papers before
// notes are suspect: quoting one of them is nothing.
const copiedShare = 0.2

// pasted says whether the exam's papers make up a good part of the notes.
func (d *document) pasted() bool {
	copied := 0
	for _, s := range d.sents {
		if s.src&srcCopied != 0 {
			copied++
		}
	}
	return float64(copied) > copiedShare*float64(len(d.sents))
}

// classifyPaste looks again at notes into which whole papers were pasted. Then their tables,
// queries and figures are copies as well, and so are short lines between copies.
func (d *document) classifyPaste(c *copies) {
	lines := map[int]bool{} // copied ones: rows are read once more, with their headers
	for i, s := range d.sents {
		at := d.line(s.block.source(int(s.toks[0].off)))
		short := len(s.toks) < gramSize && i > 0 && d.sents[i-1].src&srcCopied != 0
		if s.src&srcCopied == 0 && (short || s.row && lines[at] || c.holds(s.toks)) {
			s.src |= srcCopied
			d.flag("copied", s, copiedReason)
		}
		lines[at] = lines[at] || s.src&srcCopied != 0
	}
}

// guessLists follows lists that a line such as "Possible reasons:" opens: what
// stands in them is not concluded.
type guessLists struct {
	concept int32
	open    bool
}

func (g *guessLists) covers(s *sentence) bool {
	if g.concept < 0 {
		return false
	}
	switch s.block.kind {
	case kindItem:
	case kindParagraph, kindHeading:
		text := bytes.TrimRight(s.block.text, " *_\n")
		g.open = s.has.has(g.concept) && len(s.toks) <= 8 &&
			(s.block.kind == kindHeading || bytes.HasSuffix(text, []byte(":")))
		return false
	default:
		g.open = false
	}
	return g.open
}

// proseInCode says whether a line of a code block is plain writing: some people
// set their notes in one to keep the columns.
func proseInCode(s *sentence) bool {
	from, to := int(s.toks[0].off), int(s.toks[len(s.toks)-1].off)
	line := s.block.text[bytes.LastIndexByte(s.block.text[:from], '\n')+1:]
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		line = line[:end]
	}
	line = bytes.TrimSpace(line)
	if len(line) == 0 || bytes.ContainsAny(line, "{}$=;\\|<>`") || bytes.ContainsAny(line[:1], "#+-/*@\"") {
		return false
	}
	words := 0
	for _, t := range s.toks {
		if t.kind == tWord {
			words++
		}
	}
	return words >= 3 && to > from
}

func (d *document) flag(kind string, s *sentence, why string) {
	for i := range d.flags {
		f := &d.flags[i]
		if f.Kind == kind {
			f.Lines = merge(f.Lines, d.linesOf(s, 0, len(s.toks)))
			return
		}
	}
	d.flags = append(d.flags, Flag{Kind: kind, Lines: d.linesOf(s, 0, len(s.toks)), Reason: why})
}

// keywordList says whether a sentence is a row of terms that says nothing:
// four and more short pieces between commas, slashes or dashes.
func keywordList(s *sentence) bool {
	if s.row || s.block.kind == kindRow || len(s.toks) < 3 {
		return false
	}
	line := s.block.text[s.toks[0].off:s.toks[len(s.toks)-1].off]
	pieces := 1
	for _, sep := range []string{",", ";", " / ", " + ", " | "} {
		pieces += bytes.Count(line, []byte(sep))
	}
	return pieces >= 4 && len(s.toks) <= 3*pieces
}

// sanitize takes out what a reader would not see and reports it.
func sanitize(src []byte) ([]byte, []Flag) {
	out := bytes.ToValidUTF8(src, []byte("?"))
	if bytes.IndexFunc(out, invisible) < 0 {
		return out, nil
	}
	out = bytes.Clone(out)
	var flags []Flag
	line := 1
	for i := 0; i < len(out); {
		r, n := utf8.DecodeRune(out[i:])
		if r == '\n' {
			line++
		}
		if invisible(r) {
			for k := range n {
				out[i+k] = ' '
			}
			if len(flags) == 0 {
				flags = append(flags, Flag{Kind: "hidden",
					Reason: "invisible or direction-changing characters were taken out"})
			}
			if at := flags[0].Lines; len(at) == 0 || at[len(at)-1] != line {
				flags[0].Lines = append(at, line)
			}
		}
		i += n
	}
	return out, flags
}

// invisible characters: control, zero width, direction and tag characters.
func invisible(r rune) bool {
	switch {
	case r == '\n' || r == '\t' || r == '\r':
		return false
	case r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0:
		return true
	case r >= 0x200b && r <= 0x200f && r != 0x200d, r >= 0x202a && r <= 0x202e,
		r >= 0x2060 && r <= 0x206f, r == 0xfeff, r == 0xad, r >= 0xe0000 && r <= 0xe007f:
		return true
	}
	return false
}
