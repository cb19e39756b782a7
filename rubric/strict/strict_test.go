package strict

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// read takes every kind of value out of a document.
func read(text string) ([]Problem, map[string]any) {
	doc, root := Parse([]byte(text))
	m := root.Map("text", "number", "flag", "list", "map")
	got := map[string]any{
		"text": m.Get("text").Text(), "number": m.Get("number").Int(), "flag": m.Get("flag").Bool(),
		"list": m.Get("list").Texts(), "map": m.Get("map").Map("inner").Get("inner").Scalar(),
	}
	return doc.Problems(), got
}

func TestReads(t *testing.T) {
	problems, got := read("text: |\n  two\n  lines\nnumber: 12\nflag: true\n" +
		"list: [a, \"b\"]\nmap:\n  inner: 1.50\n")
	require.Empty(t, problems)
	require.Equal(t, map[string]any{"text": "two\nlines", "number": 12, "flag": true,
		"list": []string{"a", "b"}, "map": "1.50"}, got)
	problems, got = read("# nothing but a comment\nflag: false\n")
	require.Empty(t, problems)
	require.Equal(t, map[string]any{"text": "", "number": 0, "flag": false,
		"list": []string(nil), "map": ""}, got)
}

const (
	digits  = "write digits, without quotes"
	truth   = "write true or false, without quotes"
	quotes  = "put it in quotes if text is meant"
	entries = "write each entry on a line of its own after `- `"
)

func TestProblems(t *testing.T) {
	for _, c := range []struct {
		text string
		want Problem
	}{
		{"", Problem{0, "", "the file is empty", "write `key: value` lines"}},
		{"# only a comment\n", Problem{0, "", "the file is empty", "write `key: value` lines"}},
		{"- a\n", Problem{1, "", "is a list, must be a mapping", "write `key: value` lines"}},
		{"text: 1\n", Problem{1, "text", "is a whole number, must be text", quotes}},
		{"text: yes\ntext: no\n", Problem{2, "text", "stands twice", "keep one of the two"}},
		{"text: ' '\n", Problem{1, "text", "is empty", "write something, or take the line out"}},
		{"text: ~\n", Problem{1, "text", "has no value", "give one, or take the line out"}},
		{"text: !!str a\n", Problem{1, "text", "a tag (!) is not allowed here", "write the value out"}},
		{"text: &a b\n", Problem{1, "text", "an anchor (&) is not allowed here", "write the value out"}},
		{"number: 1.5\n", Problem{1, "number", "is a fraction, must be a whole number", digits}},
		{"number: -99999999999999999999\n", Problem{1, "number", "is text, must be a whole number", digits}},
		{"number: 4294967296\n", Problem{1, "number", "4294967296 is out of range", "write a smaller number"}},
		{"flag: 'true'\n", Problem{1, "flag", "is text, must be true or false", truth}},
		{"flag: [true]\n", Problem{1, "flag", "is a list, must be true or false", truth}},
		{"list: {a: b}\n", Problem{1, "list", "is a mapping, must be a list", entries}},
		{"list:\n  - a\n  - 2\n", Problem{3, "list[1]", "is a whole number, must be text", quotes}},
		{"map:\n  iner: a\n", Problem{2, "map.iner", "unknown field", "did you mean `inner`?"}},
		{"map: {other: a}\n", Problem{1, "map.other", "unknown field", "known here: inner"}},
		{"1: a\n", Problem{1, "", "the key 1 is not plain text", "write it as a word"}},
		{"text: a\n---\ntext: b\n", Problem{3, "", "a second YAML document begins",
			"keep one document in a file"}},
		{"text: \"a\n", Problem{1, "", "not YAML: could not find end character of double-quoted text",
			"check indentation, quotes and colons there"}},
	} {
		problems, _ := read(c.text)
		require.Equal(t, []Problem{c.want}, problems, "%q", c.text)
	}
}

func TestNeed(t *testing.T) {
	doc, root := Parse([]byte("a:\n  b: 1\nlist:\n- {}\n"))
	m := root.Map("a", "list", "c")
	require.Equal(t, 1, m.Need("a", "").Map("b").Need("b", "").Int())
	require.False(t, m.Need("c", "write it").Present())
	m.Get("list").List()[0].Map("x").Need("x", "")
	require.Equal(t, []Problem{
		{1, "", "`c` is missing", "write it"},
		{4, "list[0]", "`x` is missing", ""},
	}, doc.Problems())
	require.True(t, doc.Has("a.b"))
	require.Equal(t, 2, doc.Line("a.b"))
	require.Equal(t, 4, doc.Line("list[0].x[2].y"), "the nearest parent's")
	require.Equal(t, 1, doc.Line("elsewhere"))
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"a: b", "- a", "a: [b, {c: d}]", "a: |\n b", "? a\n: b", "a: &x 1\nb: *x", "<<: {a: b}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range first(read(text)) {
			require.NotEmpty(t, p.Message)
			require.GreaterOrEqual(t, p.Line, 0)
		}
	})
}

func first(p []Problem, _ map[string]any) []Problem { return p }
