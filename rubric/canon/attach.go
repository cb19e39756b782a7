package canon

import (
	"errors"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// printer holds a file's comments and blank lines until the values that they belong to are
// written. All keys are line numbers of the source.
type printer struct {
	heads  map[int][]line // comments above what begins on a line
	tails  map[int]string // the comment behind what stands on a line
	blank  map[int]bool   // whether a blank line stands above what begins on a line
	inside map[int]bool   // lines of the source that hold a comment
	top    []line         // comments above everything, set off by a blank line
	foot   []line         // comments below everything
}

// attach finds for every comment the value that it belongs to: the next one for a comment on
// its own, the one on its line for others.
func (p *printer) attach(text string, body ast.Node) error {
	p.heads, p.tails = map[int][]line{}, map[int]string{}
	p.blank, p.inside = map[int]bool{}, map[int]bool{}
	starts, err := starts(body)
	if err != nil {
		return err
	}
	source := strings.Split(text, "\n")
	empty := func(n int) bool { return n >= 1 && n <= len(source) && strings.TrimSpace(source[n-1]) == "" }
	for _, n := range starts {
		p.blank[n] = empty(n - 1)
	}
	for _, t := range lexer.Tokenize(text) {
		if t.Type != token.CommentType {
			continue
		}
		n := min(t.Position.Line, len(source))
		p.inside[n] = true
		l := line{text: comment(t.Value), comment: true, blank: empty(n - 1)}
		own := strings.HasPrefix(strings.TrimSpace(source[n-1]), "#")
		next, _ := slices.BinarySearch(starts, n+1)
		switch {
		case !own && slices.Contains(starts, n) && p.tails[n] == "":
			p.tails[n] = l.text
		case !own: // behind something that is no line of the result
			at := max(next-1, 0)
			l.blank = false
			p.heads[starts[at]] = append(p.heads[starts[at]], l)
		case next == len(starts):
			p.foot = append(p.foot, l)
		default:
			p.heads[starts[next]] = append(p.heads[starts[next]], l)
		}
	}
	p.lift(starts[0])
	return nil
}

// lift takes the comments above everything that a blank line sets off from the first value:
// they are about the file.
func (p *printer) lift(first int) {
	all := p.heads[first]
	for i := len(all); i > 0; i-- {
		if i == len(all) && p.blank[first] || i < len(all) && all[i].blank {
			p.top, p.heads[first] = all[:i], all[i:]
			return
		}
	}
}

// comment spells a comment with one space after its sign, if it had any.
func comment(text string) string { return "#" + strings.TrimRight(text, " \t") }

// starts lists the lines on which keys and entries begin, ascending.
func starts(n ast.Node) ([]int, error) {
	var out []int
	var err error
	var walk func(n ast.Node)
	walk = func(n ast.Node) {
		for _, pair := range pairs(n) {
			if _, ok := pair.Key.(*ast.StringNode); !ok {
				err = errors.New("a key is no plain text")
				return
			}
			out = append(out, pair.Key.GetToken().Position.Line)
			walk(pair.Value)
		}
		if s, ok := n.(*ast.SequenceNode); ok {
			for i, v := range s.Values {
				out = append(out, entryLine(s, i))
				walk(v)
			}
		}
	}
	walk(n)
	if len(out) == 0 {
		out = append(out, firstLine(n))
	}
	slices.Sort(out)
	return slices.Compact(out), err
}

// entryLine is the line on which an entry of a list begins.
func entryLine(s *ast.SequenceNode, i int) int {
	if !s.IsFlowStyle && i < len(s.Entries) && s.Entries[i].Start != nil {
		return s.Entries[i].Start.Position.Line
	}
	return firstLine(s.Values[i])
}

// firstLine is the line on which a value begins.
func firstLine(n ast.Node) int {
	if all := pairs(n); len(all) > 0 {
		if m, ok := n.(*ast.MappingNode); !ok || !m.IsFlowStyle {
			return all[0].Key.GetToken().Position.Line
		}
	}
	return n.GetToken().Position.Line
}

// pairs are the keys and values of a mapping.
func pairs(n ast.Node) []*ast.MappingValueNode {
	switch v := n.(type) {
	case *ast.MappingNode:
		return v.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{v}
	}
	return nil
}
