package notes

import (
	"strconv"
	"strings"
)

// entry is a statement that carries a clock time.
type entry struct {
	minutes float64
	sent    int
	tok     int
}

// timeline finds time-stamped entries that stand together and in order: the
// rows of a table, the items of a list, lines or paragraphs that begin with a
// time, or several times in one sentence.
func (d *document) timeline(c *criterion) (match, bool) {
	r := &crule{Rule: &c.detectorRule}
	runs := d.stampRuns(c.Detector.Least)
	if len(runs) == 0 {
		return match{}, false
	}
	m := match{rule: r}
	for _, e := range runs[0] {
		m.parts = append(m.parts, part{e.sent, hit{0, uint16(e.tok), uint16(e.tok + 1)}})
	}
	return m, true
}

// stampRuns lists the runs of at least n entries in order, best first: entries
// of one list, table or block, then paragraphs that begin with a time, then list
// items that hold a time anywhere, then times in one sentence or paragraph.
func (d *document) stampRuns(n int) [][]entry {
	var heads, inline, loose stampRun
	var paras []entry
	var last *block
	for i, s := range d.sents {
		if s.row || s.src&(srcNever|srcLog) != 0 || s.block.level == 9 {
			continue
		}
		if last != nil && !d.sameRun(last, s.block) {
			heads.end(n)
			loose.end(n)
		}
		if last != s.block {
			inline.end(n)
		}
		if e, ok := d.stamped(i, s); ok {
			heads.add(e)
			if last != s.block && (s.block.kind == kindParagraph || s.block.kind == kindHeading) {
				paras = append(paras, e)
			}
		}
		in := inlineStamps(i, s)
		if len(in) > 0 && s.block.kind == kindItem && last != s.block {
			loose.add(in[0])
		}
		if s.block.kind != kindCode {
			last = s.block
			inline.add(in...)
		}
	}
	heads.end(n)
	loose.end(n)
	inline.end(n)
	heads.add(paras...)
	heads.end(n)
	return append(append(heads.kept, loose.kept...), inline.kept...)
}

// stampRun collects entries and keeps the runs that are long and in order.
type stampRun struct {
	open []entry
	kept [][]entry
}

func (r *stampRun) add(es ...entry) { r.open = append(r.open, es...) }

func (r *stampRun) end(n int) {
	if len(r.open) >= n && ordered(r.open) {
		r.kept = append(r.kept, r.open)
	}
	r.open = nil
}

// sameRun says whether two blocks may hold entries of one timeline: rows or
// items that stand together, or items with nothing but code between them.
func (d *document) sameRun(a, b *block) bool {
	return a == b || b.kind == kindCode || a.kind == b.kind &&
		(a.kind == kindItem && b.group-a.group <= listGap || a.kind == kindRow && a.group == b.group)
}

// listGap is how far the groups of two lists with only code between them differ.
const listGap = 2

// ordered says whether entries never go back in time. The clock may pass
// midnight, or one o'clock after twelve, once.
func ordered(run []entry) bool {
	const hour = 60
	turned := 0.0
	for i := 1; i < len(run); i++ {
		from, to := run[i-1].minutes+turned, run[i].minutes+turned
		switch {
		case to >= from:
		case turned == 0 && from >= 20*hour && to < 6*hour:
			turned = 24 * hour
		case turned == 0 && from >= 12*hour && from < 13*hour && to >= hour && to < 8*hour:
			turned = 12 * hour
		default:
			return false
		}
	}
	return run[0].minutes < run[len(run)-1].minutes+turned
}

// headWords is how many words may stand before the time that opens an entry,
// such as a weekday, "approx" or the name of a speaker.
const headWords = 3

// stamped reads the time with which a statement begins; in a row, its first.
func (d *document) stamped(i int, s *sentence) (entry, bool) {
	if len(s.toks) < 2 {
		return entry{}, false
	}
	limit := 1
	switch {
	case s.block.kind == kindRow:
		limit = len(s.toks)
	case s.toks[0].first:
		limit = 1 + headWords
	case leadsTime(&s.toks[0]):
		limit = 2
	}
	for k := 0; k < len(s.toks) && k < limit; k++ {
		t := &s.toks[k]
		if t.kind == tTime && (t.text != "iso" || s.block.kind != kindCode) {
			return entry{t.val, i, k}, true
		}
		if k == 0 {
			if m, ok := bareClock(t); ok {
				return entry{m, i, k}, true
			}
		}
	}
	return relativeTime(i, s)
}

// leadsTime says whether a word may stand before the time of an entry in the
// middle of a line.
func leadsTime(t *token) bool {
	switch t.text {
	case "at", "approx", "about", "around", "ca", "by", "then", "um", "gegen", "vers", "à":
		return true
	}
	return t.kind == tDate || t.kind == tNum
}

// bareClock reads "1405" or "14.05" at the head of an entry.
func bareClock(t *token) (float64, bool) {
	if t.kind != tNum {
		return 0, false
	}
	digits := t.text
	if h, m, ok := strings.Cut(digits, "."); ok && len(m) == 2 && len(h) > 0 && len(h) < 3 {
		digits = ("0" + h)[len(h)-1:] + m
	}
	n, err := strconv.Atoi(digits)
	if err != nil || len(digits) != 4 || n < 0 || n >= 2400 {
		return 0, false
	}
	return float64(n/100*60 + n%100), n%100 < 60
}

// relativeTime reads "T+12 min", minutes after the start.
func relativeTime(i int, s *sentence) (entry, bool) {
	if len(s.toks) < 4 || s.toks[0].text != "t" || s.toks[1].text != "and" {
		return entry{}, false
	}
	switch t := &s.toks[2]; t.kind {
	case tNum:
		return entry{t.val, i, 2}, true
	case tDur:
		return entry{t.val / 60, i, 2}, true
	}
	return entry{}, false
}

// inlineStamps lists the times of one sentence that stand in clauses of their own.
func inlineStamps(i int, s *sentence) []entry {
	var out []entry
	last := -1
	for k, t := range s.toks {
		if t.kind != tTime || t.text == "iso" {
			continue
		}
		if last >= 0 && k-last < 2 {
			last = k
			continue
		}
		out = append(out, entry{t.val, i, k})
		last = k
	}
	return out
}
