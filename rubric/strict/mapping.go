package strict

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// Map is a mapping whose keys were checked.
type Map struct {
	node   Node
	values map[string]Node
	keys   []string
}

// Map reads a mapping that may hold the given keys and no others.
func (n Node) Map(allowed ...string) Map {
	m := Map{node: n, values: map[string]Node{}}
	for _, pair := range n.pairs() {
		key, at := pair.Key.GetToken().Value, lineOf(pair.Key)
		path := join(n.path, key)
		if _, plain := pair.Key.(*ast.StringNode); !plain {
			n.doc.Report(at, n.path, "the key "+key+" is not plain text", "write it as a word")
			continue
		}
		if slices.Contains(m.keys, key) {
			n.doc.Report(at, path, "stands twice", "keep one of the two")
			continue
		}
		m.keys = append(m.keys, key)
		if !slices.Contains(allowed, key) {
			hint := suggest(key, allowed)
			if strings.Contains(key, " ") {
				hint += "; text with a comma needs quotes within { } and [ ]"
			}
			n.doc.Report(at, path, "unknown field", hint)
			continue
		}
		if v := n.doc.node(pair.Value, path, at); v.Present() {
			m.values[key] = v
		}
	}
	return m
}

// Keys returns the mapping's keys in the order of the file, unknown ones too.
func (n Node) Keys() []string {
	var keys []string
	for _, pair := range n.pairs() {
		keys = append(keys, pair.Key.GetToken().Value)
	}
	return keys
}

func (n Node) pairs() []*ast.MappingValueNode {
	switch v := n.ast.(type) {
	case nil:
		return nil
	case *ast.MappingNode:
		return v.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{v}
	default:
		n.Fail("write `key: value` lines", "is %s, must be a mapping", kind(n.ast))
		return nil
	}
}

// Get returns the value of a key, the zero Node when the file has none.
func (m Map) Get(key string) Node {
	if v, ok := m.values[key]; ok {
		return v
	}
	return Node{doc: m.node.doc, path: join(m.node.path, key)}
}

// Need returns the value of a key and reports its absence.
func (m Map) Need(key, hint string) Node {
	if m.node.Present() && !slices.Contains(m.keys, key) {
		m.node.Fail(hint, "`%s` is missing", key)
	}
	return m.Get(key)
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// suggest names the allowed key that was probably meant, or all of them.
func suggest(key string, allowed []string) string {
	for _, a := range allowed {
		if distance(strings.ToLower(key), a) <= 2 {
			return "did you mean `" + a + "`?"
		}
	}
	return "known here: " + strings.Join(allowed, ", ")
}

// distance is the number of single-byte edits between two words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
