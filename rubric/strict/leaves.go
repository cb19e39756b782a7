package strict

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"
)

// Leaf is one scalar of a file, with its path and line. A list or mapping without
// entries is a leaf with an empty value.
type Leaf struct {
	Path  string
	Line  int
	Value string
}

// Leaves returns every scalar below the value in the order of the file, for readers
// that compare files rather than read them. Values stand as they are spelled. What the
// format does not accept, a key that stands twice included, is reported.
func (n Node) Leaves() []Leaf {
	switch v := n.ast.(type) {
	case nil:
		return nil
	case *ast.MappingNode, *ast.MappingValueNode:
		return n.mappingLeaves()
	case *ast.SequenceNode:
		if len(v.Values) == 0 {
			return []Leaf{n.leaf("")}
		}
		var out []Leaf
		for i, e := range v.Values {
			out = append(out, n.doc.node(e, fmt.Sprintf("%s[%d]", n.path, i), 0).Leaves()...)
		}
		return out
	case *ast.LiteralNode:
		return []Leaf{n.leaf(v.Value.Value)}
	default:
		return []Leaf{n.leaf(n.ast.GetToken().Value)}
	}
}

func (n Node) leaf(value string) Leaf {
	return Leaf{Path: n.path, Line: n.doc.Line(n.path), Value: value}
}

func (n Node) mappingLeaves() []Leaf {
	pairs := n.pairs()
	if len(pairs) == 0 {
		return []Leaf{n.leaf("")}
	}
	var out []Leaf
	seen := map[string]bool{}
	for _, p := range pairs {
		key := p.Key.GetToken().Value
		path := join(n.path, key)
		line := lineOf(p.Key)
		if _, merge := p.Key.(*ast.MergeKeyNode); merge {
			n.doc.Report(line, path, "a merge key (<<) is not allowed here", "write the values out")
			continue
		}
		if seen[key] {
			n.doc.Report(line, path, "stands twice", "keep one of them")
			continue
		}
		seen[key] = true
		out = append(out, n.doc.node(p.Value, path, line).Leaves()...)
	}
	return out
}
