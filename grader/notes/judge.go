package notes

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"firedrill/rubric"
	"firedrill/rubric/rule"
)

// Options are what a reading needs besides notes and rules.
type Options struct {
	// Papers are the texts of the exam's kit and papers, to tell copies.
	Papers []string
}

// Flag is a sign that a person should look at the notes. It never takes points.
type Flag struct {
	Kind   string `json:"kind"`
	Lines  []int  `json:"lines"`
	Reason string `json:"reason"`
}

// Report is what the notes say.
type Report struct {
	// Findings has one entry per criterion, in the order of the rules.
	Findings []rubric.Finding `json:"findings"`
	Flags    []Flag           `json:"flags"`
}

// Judge reads the notes and decides every criterion of the rules. To judge many
// notes with the same rules, use New once.
func Judge(src []byte, rules *rule.Set, opts Options) Report {
	return New(rules, opts).Judge(src)
}

// Judging is a rule set made ready. It may be used by several goroutines.
type Judging struct {
	p    *program
	opts Options
}

// New makes rules ready to judge notes.
func New(rules *rule.Set, opts Options) *Judging {
	return &Judging{p: compile(rules), opts: opts}
}

// Judge decides every criterion from the notes.
func (j *Judging) Judge(src []byte) Report {
	d := read(j.p, src, j.opts)
	d.decideFacts()
	rep := Report{Flags: append([]Flag{}, d.flags...)}
	if n := d.statements(); n > mostStatements {
		rep.Flags = append(rep.Flags, Flag{Kind: "flood",
			Reason: fmt.Sprintf("the notes hold %d statements, more than anybody writes in an exam", n)})
	}
	rep.Findings = d.decideAll()
	return rep
}

// decideAll decides the criteria side by side, which long notes are worth: deciding reads the
// document and changes nothing of it.
func (d *document) decideAll() []rubric.Finding {
	if d.p.weights != nil {
		d.odds = d.weigh()
	}
	out := make([]rubric.Finding, len(d.p.criteria))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range max(1, min(runtime.GOMAXPROCS(0), len(d.sents)/share)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(out); i = int(next.Add(1)) - 1 {
				out[i] = d.doubtFlood(d.decide(d.p.criteria[i]))
			}
		})
	}
	wg.Wait()
	return out
}

// mostStatements is far beyond what people write in an exam (107 is the most of 504 labelled
// notes). In a flood of words every rule finds something, and what was meant a person must say.
const mostStatements = 1000

// statements counts the sentences outside code and logs, which may be long.
func (d *document) statements() int {
	n := 0
	for _, s := range d.sents {
		if s.src&(srcCode|srcLog) == 0 && !s.row {
			n++
		}
	}
	return n
}

// doubtFlood leaves to a person what was found in a flood of words.
func (d *document) doubtFlood(f rubric.Finding) rubric.Finding {
	if f.Outcome == rubric.Met && d.statements() > mostStatements {
		f.Outcome = rubric.NeedsReview
		f.Reason = "found in a flood of words, so a person has to read it: " + f.Reason
	}
	return f
}

// JudgeOne decides a single criterion; the outcome is not_met when there is no
// such criterion.
func (j *Judging) JudgeOne(src []byte, id string) rubric.Finding {
	d := read(j.p, src, j.opts)
	d.decideFacts()
	for _, c := range j.p.criteria {
		if c.ID.Value == id {
			return d.doubtFlood(d.decide(c))
		}
	}
	return rubric.Finding{Criterion: id, Outcome: rubric.NotMet, Reason: "no rules for this criterion"}
}

// decideFacts marks statements, in the order of the rules.
func (d *document) decideFacts() {
	for _, f := range d.p.facts {
		for _, m := range d.eval(f) {
			for _, g := range m.parts {
				s := d.sents[g.sent]
				s.hits = append(s.hits, hit{f.id, g.hit.from, g.hit.to})
				s.has.set(f.id)
			}
		}
	}
}

// decide hears both readers, see hear.
func (d *document) decide(c *criterion) rubric.Finding {
	first, taken := d.byRules(c)
	return d.hear(c, first, taken)
}

// byRules weighs the statements for and against a criterion. taken tells that nothing is
// left of those for it because of one against.
func (d *document) byRules(c *criterion) (f rubric.Finding, taken bool) {
	var sure, doubtful []match
	for _, r := range c.met {
		for _, m := range d.eval(r) {
			if r.Doubt != "" {
				doubtful = append(doubtful, m)
			} else {
				sure = append(sure, m)
			}
		}
	}
	var cancel *match
	for _, r := range c.against {
		for _, m := range d.eval(r) {
			n := len(sure) + len(doubtful)
			sure, doubtful = d.cancel(sure, m), d.cancel(doubtful, m)
			if len(sure)+len(doubtful) < n {
				cancel = &m
			}
		}
	}
	if c.Detector != nil {
		if m, ok := d.timeline(c); ok {
			sure = append(sure, m)
		}
	}
	switch {
	case len(sure) > 0:
		return d.finding(c, rubric.Met, sure, "the notes say that "+c.Says+", in "+d.words(sure[0])), false
	case len(doubtful) > 0:
		return d.finding(c, rubric.NeedsReview, doubtful, doubtful[0].rule.Doubt), false
	case cancel != nil:
		return d.finding(c, rubric.NotMet, []match{*cancel},
			"said, but taken back or overruled by "+d.words(*cancel)), true
	}
	return rubric.Finding{Criterion: c.ID.Value, Outcome: rubric.NotMet, Lines: []int{},
		Reason: "no statement found that meets it: " + c.Says}, false
}

// cancel drops the matches that a statement against takes back.
func (d *document) cancel(ms []match, by match) []match {
	return slices.DeleteFunc(ms, func(m match) bool {
		switch by.rule.Cancels {
		case "all":
			return true
		case "same":
			return m.parts[0].sent == by.parts[0].sent
		case "outside":
			return !slices.ContainsFunc(m.parts, func(p part) bool { return d.final(d.sents[p.sent]) })
		case "before":
			return m.parts[len(m.parts)-1].sent < by.parts[0].sent
		}
		return d.position(m) <= d.position(by)
	})
}

// position orders statements by how final they are: a summary or a conclusion
// counts as written last.
func (d *document) position(m match) int {
	pos := 0
	for _, g := range m.parts {
		at := g.sent
		if d.final(d.sents[g.sent]) {
			at += len(d.sents)
		}
		pos = max(pos, at)
	}
	return pos
}

func (d *document) final(s *sentence) bool {
	for i, r := range d.p.sections {
		if (r.name == "cause" || r.name == "summary") && s.roles&(1<<i) != 0 {
			return true
		}
	}
	return false
}

// maxCited bounds the statements that a finding cites.
const maxCited = 3

func (d *document) finding(c *criterion, o rubric.Outcome, ms []match,
	reason string) rubric.Finding {
	f := rubric.Finding{Criterion: c.ID.Value, Outcome: o, Reason: reason, Rule: ms[0].rule.Name.Value}
	cited := 0
	for _, m := range ms {
		lines := d.matchLines(m)
		if cited > 0 && subset(lines, f.Lines) {
			continue
		}
		f.Lines = merge(f.Lines, lines)
		if cited++; cited == maxCited {
			break
		}
	}
	f.Quote = d.quote(f.Lines[0])
	return f
}

func (d *document) matchLines(m match) []int {
	var out []int
	for _, g := range m.parts {
		s := d.sents[g.sent]
		out = merge(out, d.linesOf(s, int(g.hit.from), int(g.hit.to)))
	}
	return out
}

// merge unites two ascending lists.
func merge(a, b []int) []int {
	out := append(slices.Clone(a), b...)
	slices.Sort(out)
	return slices.Compact(out)
}

func subset(a, of []int) bool {
	for _, n := range a {
		if !slices.Contains(of, n) {
			return false
		}
	}
	return true
}

// maxQuote bounds a quote, in bytes.
const maxQuote = 240

// quote is the text of a line, shortened.
func (d *document) quote(line int) string {
	from := d.lines[line-1]
	to := len(d.src)
	if line < len(d.lines) {
		to = d.lines[line] - 1
	}
	s := string(d.src[from:to])
	if len(s) <= maxQuote {
		return strings.TrimSpace(s)
	}
	cut := maxQuote
	for cut > 0 && s[cut]&0xc0 == 0x80 {
		cut--
	}
	return strings.TrimSpace(s[:cut]) + "…"
}
