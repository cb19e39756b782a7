package notes

import (
	"bytes"
	"runtime"
	"sort"
	"strings"
	"sync"
)

// source tells where a sentence comes from, as bits; none is a plain statement.
type source uint16

const (
	srcCode source = 1 << iota
	srcLog
	srcHeading
	srcQuestion
	srcKeywords
	srcGuess
	// from here on nothing can admit a sentence
	srcComment
	srcCopied
	srcAddressed
	srcHidden
	srcEndless
)

const srcNever = srcComment | srcCopied | srcAddressed | srcHidden | srcEndless

func sourceByName(n string) source {
	switch n {
	case "code":
		return srcCode
	case "log":
		return srcLog
	case "heading":
		return srcHeading
	case "question":
		return srcQuestion
	case "keywords":
		return srcKeywords
	case "guess":
		return srcGuess
	}
	return 0
}

// String names the sources for a person.
func (s source) String() string {
	names := []string{"code", "log text", "a heading", "a question", "a bare list of keywords",
		"one of several open guesses",
		"a comment or template text", "copied from the exam's documents", "addressed to the grader",
		"hidden", "longer than any statement"}
	var out []string
	for i, n := range names {
		if s&(1<<i) != 0 {
			out = append(out, n)
		}
	}
	return strings.Join(out, " and ")
}

// sentence is the unit in which concepts are found.
type sentence struct {
	toks  []token
	hits  []hit
	block *block
	src   source
	// section numbers the sections; roles are bits of the program's roles.
	section int
	roles   uint32
	// row says that it repeats a table row together with the header's cells.
	row bool
	has bitset
	// under is the heading that it stands under, if any.
	under *sentence
	// held are its concepts as features, once they were asked for.
	held []heldConcept
}

// bitset is a set of concepts.
type bitset []uint64

func (b bitset) set(n int32)      { b[n>>6] |= 1 << (n & 63) }
func (b bitset) has(n int32) bool { return b[n>>6]&(1<<(n&63)) != 0 }

func (b bitset) any(ids []int32) bool {
	for _, n := range ids {
		if b.has(n) {
			return true
		}
	}
	return false
}

// document is a reading of notes.
type document struct {
	p     *program
	src   []byte
	lines []int // offsets at which lines begin
	sents []*sentence
	flags []Flag
	// odds are the second reader's, by sentence and criterion, once it was asked.
	odds [][]float64
}

// labelWords is the length of a beginning such as "DB:" that belongs to the
// clause after it.
const labelWords = 2

// maxSentence bounds the tokens of a sentence, so that reading stays linear.
const maxSentence = 120

// maxStatement bounds, in tokens, what is written without an end before it is no statement of
// anybody's: a heap of words meets any rule somewhere.
const maxStatement = 1000

// read turns notes into sentences with their hits.
func read(p *program, src []byte, opts Options) *document {
	clean, flags := sanitize(src)
	clean, beyond := tame(clean)
	if len(beyond) > 0 {
		flags = append(flags, Flag{Kind: "shape", Lines: beyond,
			Reason: "nesting, brackets, columns or link addresses beyond what people write were left out"})
	}
	d := &document{p: p, src: clean, lines: lineStarts(clean), flags: flags}
	for _, b := range parseBlocks(clean) {
		d.block(b)
	}
	d.findConcepts()
	d.assignSections()
	d.assignHeadings()
	d.classify(opts)
	return d
}

// assignHeadings tells each sentence its heading.
func (d *document) assignHeadings() {
	var last *sentence
	for _, s := range d.sents {
		if s.block.kind == kindHeading {
			last = s
		} else {
			s.under = last
		}
	}
}

func lineStarts(src []byte) []int {
	starts := []int{0}
	for i := 0; ; {
		j := bytes.IndexByte(src[i:], '\n')
		if j < 0 {
			return starts
		}
		i += j + 1
		starts = append(starts, i)
	}
}

// line is the 1-based line of an offset in the notes.
func (d *document) line(off int) int {
	return sort.Search(len(d.lines), func(i int) bool { return d.lines[i] > off })
}

// block cuts a block into sentences.
func (d *document) block(b *block) {
	d.cut(b, b.text, false)
	if b.kind == kindRow && len(b.header) > 0 {
		d.rowSentence(b)
	}
}

func (d *document) cut(b *block, text []byte, row bool) {
	lx := lex(text, b.kind == kindCode)
	toks, brk := joinUnits(lx.toks, lx.brk)
	for b.kind == kindHeading && len(toks) > 1 && toks[0].kind == tNum && toks[0].val < 100 {
		toks, brk = toks[1:], brk[1:] // the number of a heading
	}
	for from := 0; from < len(toks); {
		end := from + 1
		for end < len(toks) && (row || brk[end] != sentenceBreak) {
			end++
		}
		endless := end-from > maxStatement
		for ; from < end; from = min(from+maxSentence, end) {
			to := min(from+maxSentence, end)
			d.sentence(b, toks[from:to:to], brk[from:to+1], row)
			if endless {
				d.sents[len(d.sents)-1].src |= srcEndless
			}
		}
	}
}

func (d *document) sentence(b *block, toks []token, brk []breakKind, row bool) {
	clause := uint16(0)
	for i := range toks {
		label := clause == 0 && i <= labelWords && !row && b.kind != kindRow
		cut := i > 0 && (brk[i] != noBreak || conjunction(toks[i].text) || toks[i-1].text == "->")
		if cut && !(label && brk[i] == clauseBreak) {
			clause++
			toks[i-1].shut = true
			toks[i].open = true
		}
		toks[i].clause = clause
	}
	toks[0].open, toks[len(toks)-1].shut = true, true
	d.sents = append(d.sents, &sentence{toks: toks, block: b, row: row})
}

// findConcepts finds the concepts of all sentences.
func (d *document) findConcepts() {
	d.inParallel(func(from, to int) {
		m := newMatcher(d.p)
		for _, s := range d.sents[from:to] {
			s.hits = m.find(s.toks)
			s.has = make(bitset, len(d.p.names)/64+1)
			for _, h := range s.hits {
				if h.concept >= 0 {
					s.has.set(h.concept)
				}
			}
		}
	})
}

// share is the least number of sentences that are worth a goroutine.
const share = 400

// inParallel does work that concerns each sentence by itself, on ranges of sentences. What
// it gives does not depend on how many processors there are.
func (d *document) inParallel(work func(from, to int)) {
	n := len(d.sents)
	parts := max(1, min(runtime.GOMAXPROCS(0), n/share))
	var wg sync.WaitGroup
	for i := range parts {
		wg.Go(func() { work(n*i/parts, n*(i+1)/parts) })
	}
	wg.Wait()
}

// conjunction says whether a word begins a clause of its own.
func conjunction(w string) bool {
	switch w {
	case "but", "because", "although", "though", "whereas", "while", "therefore", "hence",
		"however", "so", "since", "which", "nor", "yet", "except", "instead", "unless":
		return true
	}
	return false
}

// rowSentence adds a row once more, each cell after its column's header.
func (d *document) rowSentence(b *block) {
	full := &block{kind: kindRow, quoted: b.quoted, header: b.header, group: b.group}
	cells := bytes.Split(b.text, []byte{cellBreak})
	off := 0
	for i, cell := range cells {
		if len(bytes.TrimSpace(cell)) > 0 {
			if i < len(b.header) {
				full.write([]byte(b.header[i]), b.source(off))
				full.text = append(full.text, cellBreak)
			}
			full.write(cell, b.source(off))
			full.text = append(full.text, cellBreak)
		}
		off += len(cell) + 1
	}
	d.cut(full, full.text, true)
}

// linesOf lists the lines on which tokens [from, to) of a sentence stand.
func (d *document) linesOf(s *sentence, from, to int) []int {
	var out []int
	for _, t := range s.toks[from:to] {
		n := d.line(s.block.source(int(t.off)))
		if len(out) == 0 || out[len(out)-1] != n {
			out = append(out, n)
		}
	}
	return out
}
