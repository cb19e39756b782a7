package canon

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

func endLine(begin int, end *token.Token) int {
	if end == nil || end.Position == nil {
		return begin
	}
	return end.Position.Line
}

// scalar spells a value without parts on one line.
func scalar(n ast.Node, flow bool) string {
	switch v := n.(type) {
	case *ast.StringNode:
		return text(v.Value, v.Token.Type, flow)
	case *ast.LiteralNode:
		return text(v.Value.Value, token.DoubleQuoteType, flow)
	}
	return n.GetToken().Value
}

// text spells text in the style that it had: plain as long as that is read as the same.
func text(s string, style token.Type, flow bool) string {
	switch {
	case style == token.SingleQuoteType && strings.ContainsAny(s, `"\`) && printable(s):
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	case style == token.SingleQuoteType || style == token.DoubleQuoteType || !printable(s):
		return quoted(s)
	}
	around := [2]string{"k: ", ""}
	if flow {
		around = [2]string{"k: [", "]"}
	}
	if reads(around[0]+s+around[1], s, flow) {
		return s
	}
	return quoted(s)
}

// reads reports whether a document's only value is that text.
func reads(doc, s string, flow bool) bool {
	file, err := parser.ParseBytes([]byte(doc), parser.ParseComments)
	if err != nil || len(file.Docs) != 1 {
		return false
	}
	all := pairs(file.Docs[0].Body)
	if len(all) != 1 {
		return false
	}
	n := all[0].Value
	if flow {
		seq, ok := n.(*ast.SequenceNode)
		if !ok || len(seq.Values) != 1 {
			return false
		}
		n = seq.Values[0]
	}
	str, ok := n.(*ast.StringNode)
	return ok && str.Value == s && str.GetComment() == nil
}

// spellKey spells a key.
func spellKey(s string) string {
	file, err := parser.ParseBytes([]byte(s+": 1"), 0)
	if err == nil && len(file.Docs) == 1 && printable(s) {
		if all := pairs(file.Docs[0].Body); len(all) == 1 {
			key, ok := all[0].Key.(*ast.StringNode)
			if ok && key.Value == s && !strings.ContainsAny(s, ",[]{}") {
				return s
			}
		}
	}
	return quoted(s)
}

// printable reports text without line breaks and signs that cannot be seen.
func printable(s string) bool {
	for _, r := range s {
		if r != ' ' && !unicode.IsPrint(r) {
			return false
		}
	}
	return utf8.ValidString(s)
}

// quoted spells text in double quotes.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == ' ' || unicode.IsPrint(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// literal spells text over several lines: as it is (|), or wrapped (>) if it was and has no
// line breaks of its own. There is no body for text that only quotes can hold.
func literal(l *ast.LiteralNode) (header string, body []line) {
	s := l.Value.Value
	core := strings.TrimRight(s, "\n")
	chomp := map[int]string{0: "-", 1: ""}
	sign, known := chomp[len(s)-len(core)]
	lines := strings.Split(core, "\n")
	if !known || core == "" || strings.HasPrefix(core, " ") || strings.HasPrefix(core, "\n") {
		return "", nil
	}
	for _, one := range lines {
		if !printable(one) || strings.HasSuffix(one, " ") {
			return "", nil
		}
	}
	if strings.HasPrefix(l.Start.Value, ">") && len(lines) == 1 && !strings.Contains(core, "  ") {
		return ">" + sign, wrapped(core)
	}
	for _, one := range lines {
		body = append(body, line{text: one})
	}
	return "|" + sign, body
}

// wrapped breaks text between words.
func wrapped(s string) []line {
	const most = 92
	var out []line
	for _, word := range strings.Split(s, " ") {
		last := len(out) - 1
		if last >= 0 && len(out[last].text)+1+len(word) <= most {
			out[last].text += " " + word
		} else {
			out = append(out, line{text: word})
		}
	}
	return out
}
