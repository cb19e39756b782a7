// Package strict reads YAML value by value and collects every problem it meets,
// each with its line and its path, instead of stopping at the first.
//
// It exists because a person who edits a rubric wants all complaints at once, and
// because a decoder that fills structs forgets where a value stood. It accepts
// less than YAML: one document, no anchors, aliases, tags or merge keys (so a file
// means what it shows, and no file expands), no duplicate and no unknown keys.
// It knows nothing of rubrics.
package strict

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
)

// Problem is one complaint about a file.
type Problem struct {
	// Line is 1-based; 0 when the complaint is about the file as a whole.
	Line int
	// Path leads from the root to the value: groups[0].criteria[2].points.
	Path string
	// Message says what is wrong, Hint what to do; Hint may be empty.
	Message, Hint string
}

// Doc is one parsed file and the problems found in it so far.
type Doc struct {
	problems []Problem
	lines    map[string]int
}

// Parse reads data and returns its root. The root's accessors add to the
// document's problems; a file that is no YAML has a root without content.
func Parse(data []byte) (*Doc, Node) {
	d := &Doc{lines: map[string]int{"": 1}}
	tokens := lexer.Tokenize(string(data))
	if p := tooDeep(tokens); p != nil {
		d.problems = append(d.problems, *p)
		return d, Node{doc: d}
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		line, message := position(err)
		d.Report(line, "", "not YAML: "+message, "check indentation, quotes and colons there")
		return d, Node{doc: d}
	}
	var bodies []ast.Node
	for _, doc := range file.Docs {
		if doc.Body != nil {
			bodies = append(bodies, doc.Body)
		}
	}
	switch len(bodies) {
	case 0:
		d.Report(0, "", "the file is empty", "write `key: value` lines")
		return d, Node{doc: d}
	case 1:
	default:
		d.Report(lineOf(bodies[1]), "", "a second YAML document begins",
			"keep one document in a file")
	}
	return d, Node{doc: d, ast: bodies[0]}
}

// position takes the line and the bare message out of a parser's error.
func position(err error) (int, string) {
	var at yaml.Error
	if !errors.As(err, &at) {
		return 0, err.Error()
	}
	line := 0
	if token := at.GetToken(); token != nil && token.Position != nil {
		line = token.Position.Line
	}
	return line, at.GetMessage()
}

// Report adds a problem.
func (d *Doc) Report(line int, path, message, hint string) {
	d.problems = append(d.problems, Problem{Line: line, Path: path, Message: message, Hint: hint})
}

// Problems returns what was reported so far, by line, each once.
func (d *Doc) Problems() []Problem {
	out := slices.Clone(d.problems)
	slices.SortStableFunc(out, func(a, b Problem) int { return a.Line - b.Line })
	return slices.Compact(out)
}

// Has reports whether the file holds a value at a path.
func (d *Doc) Has(path string) bool {
	_, ok := d.lines[path]
	return ok
}

// Line returns the line of the value at a path, or of its nearest parent.
func (d *Doc) Line(path string) int {
	for {
		if line, ok := d.lines[path]; ok {
			return line
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
}

// Node is one value of the file. The zero Node stands for an absent value; every
// accessor of it returns a zero value and reports nothing.
type Node struct {
	doc  *Doc
	ast  ast.Node
	path string
}

// Present reports whether the file holds the value.
func (n Node) Present() bool { return n.ast != nil }

// Fail reports a problem with this value.
func (n Node) Fail(hint, format string, args ...any) {
	n.doc.Report(n.doc.Line(n.path), n.path, fmt.Sprintf(format, args...), hint)
}

// Text reads a non-empty string. Numbers and truth values must be quoted.
func (n Node) Text() string {
	switch v := n.ast.(type) {
	case nil:
		return ""
	case *ast.StringNode:
		return n.filled(v.Value)
	case *ast.LiteralNode:
		return n.filled(v.Value.Value)
	default:
		n.Fail("put it in quotes if text is meant", "is %s, must be text", kind(n.ast))
		return ""
	}
}

func (n Node) filled(s string) string {
	if strings.TrimSpace(s) == "" {
		n.Fail("write something, or take the line out", "is empty")
	}
	return strings.TrimSpace(s)
}

// Scalar reads text or a number as it is spelled in the file.
func (n Node) Scalar() string {
	switch n.ast.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		return n.ast.GetToken().Value
	}
	return n.Text()
}

// Raw reads any scalar as it is spelled, without its quotes, and not trimmed.
func (n Node) Raw() string {
	switch v := n.ast.(type) {
	case nil:
		return ""
	case *ast.StringNode:
		return v.Value
	case *ast.LiteralNode:
		return strings.TrimRight(v.Value.Value, "\n")
	case ast.ScalarNode:
		return v.GetToken().Value
	}
	n.Fail("put it in quotes if text is meant", "is %s, must be text", kind(n.ast))
	return ""
}

// Line is the 1-based line of the value.
func (n Node) Line() int { return n.doc.Line(n.path) }

// Path leads from the root to the value.
func (n Node) Path() string { return n.path }

// IsList reports whether the value is a sequence.
func (n Node) IsList() bool {
	_, ok := n.ast.(*ast.SequenceNode)
	return ok
}

// Int reads a whole number.
func (n Node) Int() int {
	if n.ast == nil {
		return 0
	}
	v, ok := n.ast.(*ast.IntegerNode)
	if !ok {
		n.Fail("write digits, without quotes", "is %s, must be a whole number", kind(n.ast))
		return 0
	}
	const most = 1 << 31
	switch i := v.Value.(type) {
	case int64:
		if i > -most && i < most {
			return int(i)
		}
	case uint64:
		if i < most {
			return int(i)
		}
	}
	n.Fail("write a smaller number", "%s is out of range", v.Token.Value)
	return 0
}

// Bool reads true or false.
func (n Node) Bool() bool {
	if n.ast == nil {
		return false
	}
	v, ok := n.ast.(*ast.BoolNode)
	if !ok {
		n.Fail("write true or false, without quotes", "is %s, must be true or false", kind(n.ast))
		return false
	}
	return v.Value
}

// List reads a sequence.
func (n Node) List() []Node {
	if n.ast == nil {
		return nil
	}
	seq, ok := n.ast.(*ast.SequenceNode)
	if !ok {
		n.Fail("write each entry on a line of its own after `- `",
			"is %s, must be a list", kind(n.ast))
		return nil
	}
	out := make([]Node, len(seq.Values))
	for i, v := range seq.Values {
		out[i] = n.doc.node(v, fmt.Sprintf("%s[%d]", n.path, i), 0)
	}
	return out
}

// Texts reads a list of non-empty strings.
func (n Node) Texts() []string {
	var out []string
	for _, e := range n.List() {
		out = append(out, e.Text())
	}
	return out
}

// node records where a value stands. An absent value (`key:` and nothing) is
// reported, because it is a forgotten value more often than a meant one.
func (d *Doc) node(v ast.Node, path string, line int) Node {
	if line == 0 {
		line = lineOf(v)
	}
	d.lines[path] = line
	switch v.(type) {
	case nil, *ast.NullNode:
		d.Report(line, path, "has no value", "give one, or take the line out")
		return Node{doc: d, path: path}
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		d.Report(line, path, kind(v)+" is not allowed here", "write the value out")
		return Node{doc: d, path: path}
	}
	return Node{doc: d, ast: v, path: path}
}

func lineOf(n ast.Node) int {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return lineOf(m.Values[0].Key)
	}
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 0
	}
	return n.GetToken().Position.Line
}

func kind(n ast.Node) string {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.StringNode, *ast.LiteralNode:
		return "text"
	case *ast.IntegerNode:
		return "a whole number"
	case *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "a fraction"
	case *ast.BoolNode:
		return "a truth value"
	case *ast.AnchorNode:
		return "an anchor (&)"
	case *ast.AliasNode:
		return "an alias (*)"
	case *ast.TagNode:
		return "a tag (!)"
	case *ast.MergeKeyNode:
		return "a merge key (<<)"
	}
	return "something else"
}
