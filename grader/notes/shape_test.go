package notes

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// shapes are texts that some step of reading would take very long over, by the length.
var shapes = map[string]func(n int) []byte{
	"brackets":     repeated("["),
	"images":       repeated("!["),
	"addresses":    repeated("[a](<b "),
	"tags":         repeated("<a "),
	"signs":        repeated("<"),
	"pairs":        repeated("[]"),
	"quotes":       repeated("> "),
	"lists":        repeated("- "),
	"numbers":      repeated("1. "),
	"links":        repeated("[a]: /b\n"),
	"comments":     repeated("<!-- "),
	"entities":     repeated("&amp"),
	"one line":     repeated("payment fails "),
	"one word":     repeated("x"),
	"times":        repeated("14:05 "),
	"short lines":  repeated("a\n"),
	"wide table":   wideTable,
	"nested lists": nestedLists,
}

func repeated(s string) func(int) []byte {
	return func(n int) []byte { return []byte(strings.Repeat(s, n/len(s))) }
}

func wideTable(n int) []byte {
	w := n / 100
	return []byte(strings.Repeat("|a", w) + "\n" + strings.Repeat("|-", w) + "\n" + strings.Repeat("|\n", n/4))
}

func nestedLists(n int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "%*s- a\n", 2*i, "")
	}
	return b.Bytes()
}

// BenchmarkShapes shows that time grows with the length of hostile notes, not with its
// square: a shape takes some four times as long at four times the length.
func BenchmarkShapes(b *testing.B) {
	j := New(rules(b), Options{})
	for name, shape := range shapes {
		for _, n := range []int{64 << 10, 256 << 10, 1 << 20} {
			src := shape(n)
			b.Run(fmt.Sprintf("%s/%dKB", name, n>>10), func(b *testing.B) {
				for b.Loop() {
					j.Judge(src)
				}
			})
		}
	}
}

// Hostile shapes are read to the end: the test hangs where one is not, see BenchmarkShapes.
func TestHostileShapesEnd(t *testing.T) {
	j := New(rules(t), Options{})
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			require.Len(t, j.Judge(shape(32<<10)).Findings, len(j.p.criteria))
		})
	}
}

func TestTame(t *testing.T) {
	for name, bound := range map[string]int{"quotes": maxNesting, "lists": maxNesting, "numbers": maxNesting} {
		src := shapes[name](30_000)
		out, lines := tame(src)
		require.Equal(t, []int{1}, lines, name)
		require.Len(t, out, len(src))
		require.LessOrEqual(t, depth(goldmark.New().Parser().Parse(text.NewReader(out))), 2*bound+2, name)
	}
	out, lines := tame([]byte(strings.Repeat("[a]: /b\n", 150) + "\n[a]: /b\n"))
	require.Len(t, lines, 50, "after an empty line it is counted anew")
	require.Equal(t, 101, bytes.Count(out, []byte("[a]: /b")))
	out, _ = tame([]byte(strings.Repeat("|a", 100)))
	require.Equal(t, maxColumns, bytes.Count(out, []byte("|")))

	logs := []byte(strings.Repeat("[INFO] (a) <b> {\"id\": [1, 2]}\n", 5000))
	out, lines = tame(logs)
	require.Empty(t, lines, "brackets that are closed do no harm")
	require.Equal(t, logs, out)
}

func depth(n ast.Node) int {
	most := 0
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		most = max(most, depth(c))
	}
	return most + 1
}

// Nothing that people wrote is beyond the bounds.
func TestTameLeavesPeopleAlone(t *testing.T) {
	files, err := filepath.Glob("../../examples/*/*/*.md")
	require.NoError(t, err)
	more, err := filepath.Glob("../../examples/strangers/*/*/*.md")
	require.NoError(t, err)
	files = append(files, more...)
	require.Greater(t, len(files), 300)
	for _, f := range files {
		src, err := os.ReadFile(f)
		require.NoError(t, err)
		out, lines := tame(src)
		require.Empty(t, lines, f)
		require.Equal(t, src, out)
	}
}
