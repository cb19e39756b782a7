package rule

import (
	"fmt"
	"slices"
	"strings"
)

// builder turns what was decoded into rules and collects every problem.
type builder struct {
	file string
	errs []error
}

func (b *builder) fail(line int, format string, args ...any) {
	b.errs = append(b.errs, fmt.Errorf("%s:%d: %s", b.file, line, fmt.Sprintf(format, args...)))
}

func (b *builder) text(t Text) Text {
	t.File = b.file
	return t
}

func (b *builder) texts(in []Text) []Text {
	out := make([]Text, len(in))
	for i, t := range in {
		out[i] = b.text(t)
	}
	return out
}

func (b *builder) phrases(in []Text) []Phrase {
	out := make([]Phrase, 0, len(in))
	for _, t := range in {
		seqs, err := ParsePhrase(t.Value)
		if err != nil {
			b.fail(t.Line, "%v", err)
			continue
		}
		out = append(out, Phrase{Text: b.text(t), Seqs: seqs})
	}
	return out
}

// oneOf checks an enumerated word.
func (b *builder) oneOf(t Text, what string, allowed ...string) string {
	if t.Value != "" && !slices.Contains(allowed, t.Value) {
		b.fail(t.Line, "%s %q, want one of %s", what, t.Value, strings.Join(allowed, ", "))
	}
	return t.Value
}

// sources are what a rule may admit beyond plain statements.
var sources = []string{"code", "log", "heading", "question", "keywords", "guess"}

func (b *builder) words(in []Text, what string, allowed ...string) []string {
	var out []string
	for _, t := range in {
		if len(allowed) > 0 {
			b.oneOf(t, what, allowed...)
		}
		out = append(out, t.Value)
	}
	return out
}

func (b *builder) rule(r ruleYAML) *Rule {
	out := &Rule{
		Name:         b.text(r.Rule),
		All:          b.phrases(r.All),
		Span:         Span(b.oneOf(r.Span, "span", spans...)),
		Within:       r.Within,
		Ordered:      r.Ordered,
		Unless:       b.phrases(r.Unless),
		UnlessClause: b.phrases(r.UnlessClause),
		UnlessNext:   b.phrases(r.UnlessNext),
		Sections:     b.words(r.Sections, "section"),
		NotSections:  b.words(r.NotSections, "section"),
		Admit:        b.words(r.Admit, "source", sources...),
		Polarity:     b.oneOf(r.Polarity, "polarity", "affirmed", "any"),
		Cancels: b.oneOf(r.Cancels, "cancels", "all", "earlier", "before", "outside",
			"same"),
		Doubt: r.Doubt.Value,
		Bare:  r.Bare,
	}
	if out.Span == "" {
		out.Span = SpanSentence
	}
	if r.Rule.Value == "" {
		line := 1
		if len(r.All) > 0 {
			line = r.All[0].Line
		}
		b.fail(line, "a rule needs a name (rule: ...)")
	}
	if len(r.All) == 0 {
		b.fail(r.Rule.Line, "rule %q has no phrases (all: [...])", r.Rule.Value)
	}
	return out
}

var spans = []string{"clause", "sentence", "row", "two", "three", "block", "section", "notes"}

func (b *builder) criterion(c criterionYAML) *Criterion {
	out := &Criterion{
		ID:         b.text(c.ID),
		Says:       c.Says.Value,
		Unless:     b.phrases(c.Unless),
		UnlessNext: b.phrases(c.UnlessNext),
		For:        b.texts(c.Examples.For),
		Not:        b.texts(c.Examples.Against),
	}
	for _, r := range c.Met {
		out.Met = append(out.Met, b.rule(r))
	}
	for _, r := range c.Against {
		if r.Cancels.Value == "" {
			b.fail(r.Rule.Line, "rule %q is against: it needs cancels", r.Rule.Value)
		}
		out.Against = append(out.Against, b.rule(r))
	}
	if c.Detector != nil {
		out.Detector = &Detector{Name: b.text(c.Detector.Name), Least: c.Detector.Least}
		b.oneOf(c.Detector.Name, "detector", "timeline")
	}
	if c.ID.Value == "" {
		b.fail(1, "a criterion needs an id")
	}
	if len(c.Met) == 0 && c.Detector == nil {
		b.fail(c.ID.Line, "criterion %q has neither met rules nor a detector", c.ID.Value)
	}
	return out
}
