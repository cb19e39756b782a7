package strict

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// bombSize is what a candidate's file may have, in bytes.
const bombSize = 64 << 10

func filled(s string) string { return strings.Repeat(s, bombSize/len(s)) }

// stairs nests keys by indentation.
func stairs(levels int, key string) string {
	var b strings.Builder
	for i := range levels {
		b.WriteString(strings.Repeat(" ", i) + key + ":\n")
	}
	return b.String() + strings.Repeat(" ", levels)
}

// TestTooDeep: what nests is refused with its line before the parser sees it, however it is
// written, and what is quoted, commented or closed nests nothing.
func TestTooDeep(t *testing.T) {
	long, many := strings.Repeat("k", 30_000), "["+strings.Repeat("a,", 16_000)+"]"
	for name, c := range map[string]struct {
		text string
		line int
	}{
		"brackets":             {filled("["), 1},
		"quoted ends":          {filled("[\"]\",\n"), 33},
		"other quoted ends":    {filled("[']',\n"), 33},
		"braces":               {filled("{a: "), 1},
		"quoted braces":        {filled("{a: ['}',\n"), 17},
		"ends of another kind": {filled("[},"), 1},
		"commented ends":       {filled("[ # ]\n"), 33},
		"lists on a line":      {filled("- "), 1},
		"lists behind a key":   {"a:\n  " + filled("- "), 2},
		"marked keys":          {filled("? "), 1},
		"indentation":          {stairs(300, "a") + "b", 33},
		"a long key":           {long + ": " + many, 1},
		"a long quoted key":    {"\"" + long + "\": " + many, 1},
		"a long marked key":    {"? " + long + "\n: " + many, 2},
		"a long tag":           {"!" + long + " a: " + many, 1},
		"many long keys":       {stairs(30, strings.Repeat("k", 500)) + many, 3},
		"many long tags":       {stairs(30, "!"+strings.Repeat("k", 500)+" a") + many, 3},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		doc, _ := Parse([]byte(c.text))
		runtime.ReadMemStats(&after)
		require.Len(t, doc.Problems(), 1, name)
		want := "is nested too deeply"
		if strings.Contains(name, "long") {
			want = "stands under too long keys"
		}
		require.Equal(t, want, doc.Problems()[0].Message, name)
		require.Equal(t, c.line, doc.Problems()[0].Line, name)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20), "%s: bytes allocated", name)
	}
	for name, text := range map[string]string{
		"quoted":   "a: [" + strings.Repeat("\"[{\", ", 100) + "x]\n",
		"text":     "a: |\n" + strings.Repeat("  [ {\n", 100),
		"comments": strings.Repeat("# [ {\n", 100) + "a: b\n",
		"closed":   "a: [" + strings.Repeat("[{b: [c]}], ", 100) + "x]\n",
		"lines":    "a:\n" + strings.Repeat("- - b\n- c: [d]\n  e:\n  - f\n", 100),
		"deep":     stairs(30, "a") + "b\nc: d\n",
		"keys":     strings.Repeat("k", 400) + ":\n  a: b\n" + strings.Repeat("l", 400) + ":\n  a: b\n" + strings.Repeat("m", 400) + ": n\n",
	} {
		doc, root := Parse([]byte(text))
		require.Empty(t, doc.Problems(), name)
		require.True(t, root.Present(), name)
	}
}

// TestLeavesAreBounded: the worst that is let through, with the path to every value of it, stays
// far below what the process may take that grades others at the same time.
func TestLeavesAreBounded(t *testing.T) {
	for _, text := range []string{
		"[" + filled("a,") + "]", filled("- a\n"), filled("[\"]\"]\n"),
		stairs(16, strings.Repeat("k", 60)) + "[" + strings.Repeat("a,", 30_000) + "]",
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, root := Parse([]byte(text))
		root.Leaves()
		runtime.ReadMemStats(&after)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(200<<20), fmt.Sprintf("%.20q", text))
	}
}
