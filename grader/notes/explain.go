package notes

import (
	"context"
	"fmt"
	"io"
	"strings"

	"firedrill/rubric/rule"
)

// Explanation is a request to show how notes were read for a criterion.
type Explanation struct {
	File      string // "-" is stdin
	Criterion string // its id
}

// Run shows every statement that was considered, and why each rule fired or did not.
func (o Explanation) Run(ctx context.Context, rules *rule.Set, opts Options, stdin io.Reader,
	stdout io.Writer) error {
	if o.Criterion == "" {
		return Usage{"want --criterion ID"}
	}
	if rules.Criterion(o.Criterion) == nil {
		return Usage{fmt.Sprintf("no criterion %q in the rules", o.Criterion)}
	}
	src, err := readNotes(o.File, stdin)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err = io.WriteString(stdout, New(rules, opts).Explain(src, o.Criterion))
	return err
}

// Explain says how the notes were read for a criterion.
func (j *Judging) Explain(src []byte, id string) string {
	d := read(j.p, src, j.opts)
	d.decideFacts()
	var b strings.Builder
	for _, c := range j.p.criteria {
		if c.ID.Value != id {
			continue
		}
		first, taken := d.byRules(c)
		f := d.hear(c, first, taken)
		fmt.Fprintf(&b, "%s: %s%s\n  wanted: %s\n  %s\n",
			id, f.Outcome, lineList(f.Lines), c.Says, f.Reason)
		d.explainSecond(&b, c, first, taken)
		for _, r := range c.met {
			d.explainRule(&b, r, "meets it")
		}
		for _, r := range c.against {
			d.explainRule(&b, r, "takes statements back ("+r.Cancels+")")
		}
		if c.Detector != nil {
			fmt.Fprintf(&b, "\ncheck %q: at least %d entries in order\n",
				c.Detector.Name.Value, c.Detector.Least)
		}
	}
	return b.String()
}

// maxExplained bounds the near misses shown per rule.
const maxExplained = 4

// explainRule lists the statements that fit a rule, and those that came nearest to it.
func (d *document) explainRule(b *strings.Builder, r *crule, what string) {
	fmt.Fprintf(b, "\nrule %q (%s:%d), %s when %s holds\n", r.Name.Value, r.Name.File, r.Name.Line,
		what, spanNames[r.span])
	for _, a := range r.all {
		fmt.Fprintf(b, "    %s\n", a.text)
	}
	fired := map[int]bool{}
	for _, m := range d.eval(r) {
		for _, g := range m.parts {
			fired[g.sent] = true
		}
		fmt.Fprintf(b, "  fires on%s: %s\n", lineList(d.matchLines(m)), d.words(m))
	}
	near := d.nearest(r, fired)
	for _, n := range near[:min(len(near), maxExplained)] {
		s := d.sents[n.sent]
		fmt.Fprintf(b, "  not on%s: %s\n      %s\n", lineList(d.linesOf(s, 0, len(s.toks))),
			d.sentenceText(s), n.why)
	}
	if len(near) > maxExplained {
		fmt.Fprintf(b, "  and %d more that are no nearer\n", len(near)-maxExplained)
	}
	if len(near) > 0 && len(near[0].miss) == 1 {
		d.advise(b, near[0])
	}
}

// spanNames say where the parts of a rule must stand.
var spanNames = map[rule.Span]string{
	rule.SpanClause: "one clause", rule.SpanSentence: "one sentence", rule.SpanRow: "one table row",
	rule.SpanTwo: "a run of two sentences", rule.SpanThree: "a run of three sentences",
	rule.SpanBlock: "one paragraph or list", rule.SpanSection: "one section", rule.SpanNotes: "the notes",
}

// nearMiss is a sentence that does not fit a rule.
type nearMiss struct {
	sent int
	miss []string // the parts that it lacks
	why  string
}

// nearest gives the sentences that lack the fewest parts of a rule, in order.
func (d *document) nearest(r *crule, fired map[int]bool) []nearMiss {
	var out []nearMiss
	for i, s := range d.sents {
		if fired[i] || s.row != (r.span == rule.SpanRow) {
			continue
		}
		n := nearMiss{sent: i}
		n.miss, n.why = d.whyNot(r, i)
		switch {
		case n.why == "" || len(out) > 0 && len(n.miss) > len(out[0].miss):
			continue
		case len(out) > 0 && len(n.miss) < len(out[0].miss):
			out = nil
		}
		out = append(out, n)
	}
	return out
}

// advise tells an author where the words are missing for a rule that nearly fired.
func (d *document) advise(b *strings.Builder, n nearMiss) {
	for _, ref := range strings.Split(n.miss[0], "|") {
		if at, ok := d.p.written[strings.TrimPrefix(ref, "@")]; ok && strings.HasPrefix(ref, "@") {
			fmt.Fprintf(b, "  to fire there, %s (%s) would have to know the words\n", ref, at)
		}
	}
}

// whyNot says which parts of a rule a sentence lacks and why it does not fit, or "" when
// it holds no part.
func (d *document) whyNot(r *crule, i int) (miss []string, why string) {
	s := d.sents[i]
	var have []string
	for _, a := range r.all {
		if s.has.any(a.ids) {
			have = append(have, a.text)
		} else {
			miss = append(miss, a.text)
		}
	}
	lacks := "holds " + strings.Join(have, ", ") + " but lacks " + strings.Join(miss, ", ")
	switch {
	case len(have) == 0:
		return miss, ""
	case len(miss) > 0 && r.narrow():
		return miss, lacks
	}
	if why := d.refused(r, i); why != "" {
		return miss, "refused: " + why
	}
	c := &combo{d: d, r: r, sent: i, s: s}
	if len(miss) == 0 && !c.search(0) && c.why != "" {
		return miss, "refused: " + c.why
	}
	return miss, lacks + " nearby"
}

// narrow says whether the parts must stand in one sentence.
func (r *crule) narrow() bool {
	return r.span == rule.SpanClause || r.span == rule.SpanSentence || r.span == rule.SpanRow
}

// words quotes what carried a match.
func (d *document) words(m match) string {
	var out []string
	for _, g := range m.parts {
		s := d.sents[g.sent]
		out = append(out, fmt.Sprintf("%q", tokenText(s.toks[g.hit.from:g.hit.to])))
	}
	return strings.Join(out, " + ")
}

func (d *document) sentenceText(s *sentence) string {
	text := tokenText(s.toks)
	if len(text) > 110 {
		return strings.ToValidUTF8(text[:110], "") + "…"
	}
	return text
}

func tokenText(toks []token) string {
	words := make([]string, len(toks))
	for i, t := range toks {
		words[i] = t.text
	}
	return strings.Join(words, " ")
}
