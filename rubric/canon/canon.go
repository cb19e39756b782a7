// Package canon writes YAML in one form, as gofmt does Go: keys in the format's order, two
// spaces a level, one way to quote, at most one blank line, comments kept where they belong.
//
// Two people who change one file get differences that are changes, not taste. It never
// changes what a file says: the result is read again, and if a value or a comment were not
// the same, there is an error and no result. It accepts what package strict accepts and
// knows no format; the order of keys comes from a shape.
package canon

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"firedrill/rubric/shape"
	"firedrill/rubric/strict"
)

// InvalidError is returned for a file that cannot be read.
type InvalidError struct{ Problems []strict.Problem }

// Error tells the first problem and how many there are.
func (e *InvalidError) Error() string {
	p := e.Problems[0]
	return fmt.Sprintf("line %d: %s (%d problems)", max(p.Line, 1), p.Message, len(e.Problems))
}

// errLoss is returned rather than a result that says something else.
var errLoss = errors.New("cannot be written in canonical form without loss")

// Format gives the canonical form of a file. The shape gives the order of keys; keys that it
// does not know come last, in the order in which they stand. A nil shape leaves all orders.
func Format(data []byte, v *shape.Value) ([]byte, error) {
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data))
	before, err := leaves(text)
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseBytes([]byte(text), 0)
	if err != nil {
		return nil, fmt.Errorf("read again: %w", err)
	}
	i := slices.IndexFunc(file.Docs, func(d *ast.DocumentNode) bool { return d.Body != nil })
	p := &printer{}
	if err := p.attach(text, file.Docs[i].Body); err != nil {
		return nil, err
	}
	lines := p.block(file.Docs[i].Body, v)
	lines[0].blank = len(p.top) > 0
	out := assemble(append(append(p.top, lines...), p.foot...))
	after, err := leaves(out)
	if err != nil || !same(before, after) || !slices.Equal(comments(text), comments(out)) {
		return nil, errLoss
	}
	return []byte(out), nil
}

// leaves lists what a file says, refusing what strict refuses.
func leaves(text string) ([]strict.Leaf, error) {
	doc, root := strict.Parse([]byte(text))
	out := root.Leaves()
	if problems := doc.Problems(); len(problems) > 0 {
		return nil, &InvalidError{problems}
	}
	return out, nil
}

// same compares what two files say, in any order of keys.
func same(a, b []strict.Leaf) bool {
	if len(a) != len(b) {
		return false
	}
	said := map[string]string{}
	for _, l := range a {
		said[l.Path] = l.Value
	}
	for _, l := range b {
		if value, ok := said[l.Path]; !ok || value != l.Value {
			return false
		}
	}
	return len(said) == len(a)
}

// comments lists a file's comments, sorted: their place may change, not their text.
func comments(text string) []string {
	var out []string
	for _, t := range lexer.Tokenize(text) {
		if t.Type == token.CommentType {
			out = append(out, strings.TrimSpace(t.Value))
		}
	}
	slices.Sort(out)
	return out
}

// line is one of the result's.
type line struct {
	text    string
	comment bool // it holds nothing else
	blank   bool // a blank line stands before it
}

// assemble joins lines, with no blank line at the beginning.
func assemble(lines []line) string {
	var b strings.Builder
	for i, l := range lines {
		if l.blank && i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.TrimRight(l.text, " ") + "\n")
	}
	return b.String()
}
