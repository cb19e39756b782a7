package notes

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"

	"firedrill/rubric/rule"
)

// RunExplain shows, for one file and one criterion, every statement that was
// considered, and why each rule fired or did not.
func RunExplain(ctx context.Context, rules *rule.Set, opts Options, args []string,
	stdin io.Reader, stdout, _ io.Writer) error {
	fs := flag.NewFlagSet("explain", flag.ContinueOnError)
	id := fs.String("criterion", "", "the criterion to explain")
	names, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(names) != 1 || *id == "" {
		return Usage{"explain needs one file and --criterion ID"}
	}
	if rules.Criterion(*id) == nil {
		return Usage{fmt.Sprintf("no criterion %q in the rules", *id)}
	}
	src, err := readNotes(names[0], stdin)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err = io.WriteString(stdout, New(rules, opts).Explain(src, *id))
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
const maxExplained = 6

// explainRule lists the statements that fit a rule, and those that nearly did.
func (d *document) explainRule(b *strings.Builder, r *crule, what string) {
	fmt.Fprintf(b, "\nrule %q (%s:%d), %s when one %s holds\n", r.Name.Value, r.Name.File, r.Name.Line,
		what, r.span)
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
	shown := 0
	for i, s := range d.sents {
		if fired[i] || s.row != (r.span == rule.SpanRow) {
			continue
		}
		why := d.whyNot(r, i)
		if why == "" {
			continue
		}
		if shown++; shown > maxExplained {
			fmt.Fprintf(b, "  and more\n")
			return
		}
		fmt.Fprintf(b, "  not on%s: %s\n      %s\n", lineList(d.linesOf(s, 0, len(s.toks))),
			d.sentenceText(s), why)
	}
}

// whyNot says why a sentence that holds a part of the rule does not fit it, or
// "" when it holds none.
func (d *document) whyNot(r *crule, i int) string {
	s := d.sents[i]
	var have, miss []string
	for _, a := range r.all {
		if s.has.any(a.ids) {
			have = append(have, a.text)
		} else {
			miss = append(miss, a.text)
		}
	}
	switch {
	case len(have) == 0:
		return ""
	case len(miss) > 0 && r.narrow():
		return "holds " + strings.Join(have, ", ") + " but lacks " + strings.Join(miss, ", ")
	}
	if why := d.refused(r, i); why != "" {
		return "refused: " + why
	}
	c := &combo{d: d, r: r, sent: i, s: s}
	if len(miss) == 0 && !c.search(0) && c.why != "" {
		return "refused: " + c.why
	}
	return "holds " + strings.Join(have, ", ") + " but lacks " + strings.Join(miss, ", ") + " nearby"
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
