package notes

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
	for _, run := range d.stampRuns(c.Detector.Least) {
		m := match{rule: r}
		for _, e := range run {
			m.parts = append(m.parts, part{e.sent, hit{0, uint16(e.tok), uint16(e.tok + 1)}})
		}
		return m, true
	}
	return match{}, false
}

// stampRuns lists the runs of at least n entries in order, best first: entries
// of one list, table or block, then paragraphs that begin with a time, then
// several times in one sentence.
func (d *document) stampRuns(n int) [][]entry {
	var runs, inline [][]entry
	var run, paras []entry
	keep := func(r []entry) {
		if len(r) >= n && ordered(r) {
			runs = append(runs, r)
		}
	}
	var last *block
	for i, s := range d.sents {
		if s.row || s.src&(srcNever|srcLog) != 0 || s.block.level == 9 {
			continue
		}
		if last != nil && !sameRun(last, s.block) {
			keep(run)
			run = nil
		}
		if e, ok := d.stamped(i, s); ok {
			run = append(run, e)
			if last != s.block && (s.block.kind == kindParagraph || s.block.kind == kindHeading) {
				paras = append(paras, e)
			}
		}
		last = s.block
		if in := inlineStamps(i, s); len(in) >= n && ordered(in) {
			inline = append(inline, in)
		}
	}
	keep(run)
	keep(paras)
	return append(runs, inline...)
}

// sameRun says whether two blocks may hold entries of one timeline.
func sameRun(a, b *block) bool {
	return a == b || a.kind == b.kind && a.group == b.group &&
		(a.kind == kindRow || a.kind == kindItem)
}

// ordered says whether entries never go back in time. Crossing midnight and
// twelve-hour clocks are not guessed at.
func ordered(run []entry) bool {
	for i := 1; i < len(run); i++ {
		if run[i].minutes < run[i-1].minutes {
			return false
		}
	}
	return run[0].minutes < run[len(run)-1].minutes
}

// stamped reads the time with which a statement begins; in a row, its first.
func (d *document) stamped(i int, s *sentence) (entry, bool) {
	limit := 2
	if s.block.kind == kindRow {
		limit = len(s.toks)
	}
	for k := 0; k < len(s.toks) && k < limit; k++ {
		t := &s.toks[k]
		if t.kind == tTime && t.text != "iso" && (len(s.toks) > 1) {
			return entry{t.val, i, k}, true
		}
		if m, ok := militaryTime(t); ok && k == 0 && len(s.toks) > 1 {
			return entry{m, i, k}, true
		}
		if s.block.kind != kindRow && k == 0 && t.kind != tNum && t.text != "at" && t.kind != tDate {
			break
		}
	}
	return entry{}, false
}

// militaryTime reads "1405" at the head of a line.
func militaryTime(t *token) (float64, bool) {
	if t.kind != tNum || len(t.text) != 4 || t.val >= 2400 || t.val < 0 {
		return 0, false
	}
	h, m := int(t.val)/100, int(t.val)%100
	return float64(h*60 + m), m < 60
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
