package notes

import (
	"slices"
	"strings"

	"firedrill/rubric"
)

// Statements lists, for every criterion of the rules, each statement that meets it on its
// own, in the order of the notes: what rules against take back and what is in doubt is left
// out, and so is a second statement of a criterion on the same lines with the same figures.
// Judge decides by the same rules; this is for readers who need each statement with its
// figures.
func (j *Judging) Statements(src []byte) []rubric.Said {
	d := read(j.p, src, j.opts)
	d.decideFacts()
	var out []rubric.Said
	for _, c := range j.p.criteria {
		var found []rubric.Said
		for _, m := range d.standing(c) {
			said := d.said(c, m)
			known := slices.ContainsFunc(found, func(s rubric.Said) bool {
				return slices.Equal(s.Lines, said.Lines) && slices.EqualFunc(s.Figures, said.Figures,
					func(a, b rubric.Figure) bool { return a.Class == b.Class && a.Value == b.Value })
			})
			if !known {
				found = append(found, said)
			}
		}
		slices.SortStableFunc(found, func(a, b rubric.Said) int { return slices.Compare(a.Lines, b.Lines) })
		out = append(out, found...)
	}
	return out
}

// standing gives the sure statements that meet a criterion and that nothing takes back.
func (d *document) standing(c *criterion) []match {
	var sure []match
	for _, r := range c.met {
		if r.Doubt == "" {
			sure = append(sure, d.eval(r)...)
		}
	}
	for _, r := range c.against {
		for _, m := range d.eval(r) {
			sure = d.cancel(sure, m)
		}
	}
	return sure
}

func (d *document) said(c *criterion, m match) rubric.Said {
	lines := d.matchLines(m)
	out := rubric.Said{Claim: c.ID.Value, Rule: m.rule.Name.Value, Words: d.words(m), Lines: lines,
		Quote: d.quoteAll(lines)}
	for i, p := range m.parts {
		for _, t := range d.sents[p.sent].toks[p.hit.from:p.hit.to] {
			if class := figureClass(&t); class != "" {
				out.Figures = append(out.Figures, rubric.Figure{Class: class, Value: t.val, Part: i})
			}
		}
	}
	return out
}

// quoteAll quotes the lines of a statement together, shortened as one is.
func (d *document) quoteAll(lines []int) string {
	var parts []string
	size := 0
	for _, n := range lines {
		part := d.quote(n)
		if size += len(part); size > maxQuote && len(parts) > 0 {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " ")
}

// figureClass names the class of a token that is a figure. A number such as 200 may be
// taken for a status; among the words of a claim it is a number.
func figureClass(t *token) string {
	switch t.kind {
	case tPct:
		return "pct"
	case tMoney:
		return "money"
	case tNum, tCode:
		return "num"
	}
	return ""
}
