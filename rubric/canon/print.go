package canon

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"

	"firedrill/rubric/shape"
)

// width is how long a line may get by joining what stood on several.
const width = 100

// block spells a value over lines, none of them indented.
func (p *printer) block(n ast.Node, v *shape.Value) []line {
	var out []line
	if s, ok := n.(*ast.SequenceNode); ok && len(s.Values) > 0 {
		for i, e := range s.Values {
			out = append(out, p.entry(entryLine(s, i), e, v, len(out) == 0)...)
		}
		return out
	}
	all := pairs(n)
	if len(all) == 0 {
		text, _ := p.flow(n)
		return []line{{text: text}}
	}
	for _, pair := range ordered(all, v) {
		out = append(out, p.pair(pair, v, len(out) == 0)...)
	}
	return out
}

// ordered gives pairs in the shape's order, unknown ones last.
func ordered(all []*ast.MappingValueNode, v *shape.Value) []*ast.MappingValueNode {
	if v == nil || v.Fields == nil {
		return all
	}
	keys := v.Keys()
	rank := func(p *ast.MappingValueNode) int {
		if i := slices.Index(keys, p.Key.GetToken().Value); i >= 0 {
			return i
		}
		return len(keys)
	}
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b *ast.MappingValueNode) int { return rank(a) - rank(b) })
	return out
}

// under gives the shape of what stands under a key.
func under(v *shape.Value, key string) *shape.Value {
	if f := v.Field(key); f != nil {
		return f.Value
	}
	if v != nil && v.Fields == nil {
		return v.Each
	}
	return nil
}

// head gives the comments above what begins on a source line, and whether a blank line
// stands above its own first line. What begins there first gets them.
func (p *printer) head(n int, first bool) (heads []line, blank bool) {
	heads, blank = p.heads[n], p.blank[n]
	delete(p.heads, n)
	delete(p.blank, n)
	if first && len(heads) > 0 {
		heads[0].blank = false
	}
	return heads, blank && (!first || len(heads) > 0)
}

// tail gives the comment behind what stands on a source line, once.
func (p *printer) tail(n int) string {
	t := p.tails[n]
	delete(p.tails, n)
	if t == "" {
		return ""
	}
	return " " + t
}

func (p *printer) pair(pair *ast.MappingValueNode, v *shape.Value, first bool) []line {
	n := pair.Key.GetToken().Position.Line
	out, blank := p.head(n, first)
	key := pair.Key.GetToken().Value
	return append(out, p.value(spellKey(key)+":", n, pair.Value, under(v, key), blank, indent)...)
}

// indent is one level.
const indent = "  "

// value spells what stands after a key.
func (p *printer) value(lead string, n int, value ast.Node, v *shape.Value, blank bool, deeper string) []line {
	if text, ok := p.inline(value, len(lead)); ok {
		return []line{{text: lead + " " + text + p.tail(n), blank: blank}}
	}
	if l, ok := value.(*ast.LiteralNode); ok {
		header, body := literal(l)
		out := []line{{text: lead + " " + header + p.tail(n), blank: blank}}
		return append(out, indented(body, deeper)...)
	}
	if begin, _, flow := extent(value); !flow || begin != n { // else the comment is its first entry's
		lead += p.tail(n)
	}
	out := []line{{text: lead, blank: blank}}
	return append(out, indented(p.block(value, v), deeper)...)
}

// entry spells an entry of a list: the first line of its value after a dash.
func (p *printer) entry(n int, value ast.Node, v *shape.Value, first bool) []line {
	out, blank := p.head(n, first)
	if v != nil {
		v = v.Each
	}
	if text, ok := p.inline(value, 2); ok {
		return append(out, line{text: "- " + text + p.tail(n), blank: blank})
	}
	if l, ok := value.(*ast.LiteralNode); ok {
		header, body := literal(l)
		out = append(out, line{text: "- " + header + p.tail(n), blank: blank})
		return append(out, indented(body, indent)...)
	}
	inner := p.block(value, v)
	for len(inner) > 1 && inner[0].comment { // between the dash and the value
		out, inner = append(out, inner[0]), inner[1:]
	}
	inner[0].text, inner[0].blank = "- "+inner[0].text, blank
	return append(append(out, inner[0]), indented(inner[1:], indent)...)
}

func indented(lines []line, by string) []line {
	for i := range lines {
		if lines[i].text != "" {
			lines[i].text = by + lines[i].text
		}
	}
	return lines
}

// inline spells a value on one line, if it stands on one; after so many columns.
func (p *printer) inline(n ast.Node, after int) (string, bool) {
	begin, end, flow := extent(n)
	switch {
	case !flow:
		return scalar(n, false), pairs(n) == nil && !isBlock(n)
	case end > begin && p.commented(begin, end):
		return "", false
	}
	text, ok := p.flow(n)
	if !ok || end > begin && after+1+utf8.RuneCountInString(text) > width {
		return "", false
	}
	return text, true
}

// isBlock reports a list in block style or a literal.
func isBlock(n ast.Node) bool {
	if l, ok := n.(*ast.LiteralNode); ok {
		_, body := literal(l)
		return body != nil
	}
	_, ok := n.(*ast.SequenceNode)
	return ok
}

// commented reports comments before the last of some lines, or on a line between.
func (p *printer) commented(begin, end int) bool {
	for n := begin; n < end; n++ {
		if p.inside[n] {
			return true
		}
	}
	return false
}

// extent gives the first and last line of a value in flow style.
func extent(n ast.Node) (begin, end int, flow bool) {
	switch v := n.(type) {
	case *ast.SequenceNode:
		if v.IsFlowStyle || len(v.Values) == 0 {
			return v.Start.Position.Line, endLine(v.Start.Position.Line, v.End), true
		}
	case *ast.MappingNode:
		if v.IsFlowStyle || len(v.Values) == 0 {
			return v.Start.Position.Line, endLine(v.Start.Position.Line, v.End), true
		}
	}
	return 0, 0, false
}

// flow spells a value in flow style; ok is false when it cannot be.
func (p *printer) flow(n ast.Node) (text string, ok bool) {
	var parts []string
	if s, list := n.(*ast.SequenceNode); list {
		for _, e := range s.Values {
			part, ok := p.flow(e)
			if !ok {
				return "", false
			}
			parts = append(parts, part)
		}
		return "[" + strings.Join(parts, ", ") + "]", true
	}
	_, mapping := n.(*ast.MappingNode)
	all := pairs(n)
	if !mapping && all == nil {
		return scalar(n, true), !isBlock(n)
	}
	for _, pair := range all {
		part, ok := p.flow(pair.Value)
		if !ok {
			return "", false
		}
		parts = append(parts, spellKey(pair.Key.GetToken().Value)+": "+part)
	}
	return "{" + strings.Join(parts, ", ") + "}", true
}
