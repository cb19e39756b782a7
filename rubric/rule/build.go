package rule

import (
	"slices"
	"strings"

	"firedrill/rubric/strict"
)

// What a rule may say, beside phrases.
var (
	spans = []string{"clause", "sentence", "row", "two", "three", "block", "section", "notes"}
	// sources are what a rule may admit beyond plain statements.
	sources     = []string{"code", "log", "heading", "question", "keywords", "guess"}
	polarities  = []string{"affirmed", "any"}
	cancellings = []string{"all", "earlier", "before", "outside", "same"}
	detectors   = []string{"timeline"}
)

// maxWithin bounds numbers of words and of things to be found.
const maxWithin = 10_000

// builder turns one file into rules; its document collects every problem.
type builder struct {
	file string
	doc  *strict.Doc
}

func (b *builder) errors() []error {
	var out []error
	for _, p := range b.doc.Problems() {
		out = append(out, Problem{b.file, p})
	}
	return out
}

func (b *builder) text(n strict.Node) Text {
	if !n.Present() {
		return Text{}
	}
	return Text{Value: n.Raw(), File: b.file, Line: n.Line(), Path: n.Path()}
}

func (b *builder) texts(n strict.Node) []Text {
	var out []Text
	for _, e := range n.List() {
		out = append(out, b.text(e))
	}
	return out
}

func (b *builder) phrases(n strict.Node) []Phrase {
	var out []Phrase
	for _, e := range n.List() {
		t := b.text(e)
		seqs, err := ParsePhrase(t.Value)
		switch {
		case err != nil:
			e.Fail("`rubric rules` explains how phrases are written", "%v", err)
		default:
			out = append(out, Phrase{Text: t, Seqs: seqs})
		}
	}
	return out
}

// oneOf reads an enumerated word.
func (b *builder) oneOf(n strict.Node, what string, allowed []string) string {
	word := n.Raw()
	if n.Present() && !slices.Contains(allowed, word) {
		n.Fail("one of "+strings.Join(allowed, ", "), "%s %q, want one of %s", what, word,
			strings.Join(allowed, ", "))
	}
	return word
}

func (b *builder) words(n strict.Node) []string {
	var out []string
	for _, e := range n.List() {
		out = append(out, e.Raw())
	}
	return out
}

func (b *builder) admitted(n strict.Node) []string {
	var out []string
	for _, e := range n.List() {
		out = append(out, b.oneOf(e, "source", sources))
	}
	return out
}

// count reads a number of things from 0.
func (b *builder) count(n strict.Node) int {
	v := n.Int()
	if v < 0 || v > maxWithin {
		n.Fail("take the line out for no bound", "must be from 0 to %d", maxWithin)
	}
	return v
}

// concept reads a list of phrases, or a mapping with any and except.
func (b *builder) concept(name string, n strict.Node) *Concept {
	if n.IsList() {
		return &Concept{Name: name, Any: b.phrases(n)}
	}
	m := n.Map(conceptShape.Keys()...)
	return &Concept{Name: name, Any: b.phrases(m.Get("any")), Except: b.phrases(m.Get("except"))}
}

func (b *builder) rule(n strict.Node) *Rule {
	m := n.Map(ruleShape.Keys()...)
	name := m.Need("rule", "name it, as findings and explanations do")
	name.Text()
	out := &Rule{
		Name:         b.text(name),
		All:          b.phrases(m.Need("all", "list the phrases that must be found")),
		Span:         Span(b.oneOf(m.Get("span"), "span", spans)),
		Within:       b.count(m.Get("within")),
		Ordered:      m.Get("ordered").Bool(),
		Unless:       b.phrases(m.Get("unless")),
		UnlessClause: b.phrases(m.Get("unless_clause")),
		UnlessNext:   b.phrases(m.Get("unless_next")),
		Sections:     b.words(m.Get("sections")),
		NotSections:  b.words(m.Get("not_sections")),
		Admit:        b.admitted(m.Get("admit")),
		Polarity:     b.oneOf(m.Get("polarity"), "polarity", polarities),
		Cancels:      b.oneOf(m.Get("cancels"), "cancels", cancellings),
		Doubt:        m.Get("doubt").Text(),
		Bare:         m.Get("bare").Bool(),
	}
	if out.Span == "" {
		out.Span = SpanSentence
	}
	if all := m.Get("all"); all.IsList() && len(all.List()) == 0 {
		all.Fail("list the phrases that must be found", "rule %q has no phrases", out.Name.Value)
	}
	return out
}

// criterion reads a criterion, or a claim, which has more keys.
func (b *builder) criterion(n strict.Node, more ...string) *Criterion {
	m := n.Map(append(criterionFields().Keys(), more...)...)
	id := m.Need("id", "the rubric refers to it")
	id.Text()
	out := &Criterion{
		ID:         b.text(id),
		Says:       m.Need("says", "end the sentence `the notes say that …`").Text(),
		Unless:     b.phrases(m.Get("unless")),
		UnlessNext: b.phrases(m.Get("unless_next")),
	}
	examples := m.Get("examples").Map(examplesShape.Keys()...)
	out.For, out.Not = b.texts(examples.Get("for")), b.texts(examples.Get("against"))
	met, detector := m.Get("met"), m.Get("detector")
	for _, r := range met.List() {
		out.Met = append(out.Met, b.rule(r))
	}
	for _, r := range m.Get("against").List() {
		rule := b.rule(r)
		if rule.Cancels == "" {
			r.Fail("one of "+strings.Join(cancellings, ", "), "rule %q is against: it needs cancels",
				rule.Name.Value)
		}
		out.Against = append(out.Against, rule)
	}
	if detector.Present() {
		d := detector.Map(detectorShape.Keys()...)
		name := d.Need("name", "one of "+strings.Join(detectors, ", "))
		b.oneOf(name, "detector", detectors)
		out.Detector = &Detector{Name: b.text(name), Least: b.count(d.Get("least"))}
	}
	if len(out.Met) == 0 && !detector.Present() {
		n.Fail("list rules under `met`", "criterion %q has neither met rules nor a detector",
			out.ID.Value)
	}
	return out
}
