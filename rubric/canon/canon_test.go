package canon

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/rubric/shape"
)

var small = shape.Object("small",
	shape.Field{Key: "id", Value: shape.Text()},
	shape.Field{Key: "list", Value: shape.List(shape.Object("entry",
		shape.Field{Key: "a", Value: shape.Text()}, shape.Field{Key: "b", Value: shape.Text()}))})

func TestFormat(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nothing to do", "id: x\nlist:\n  - a: b\n    b: c\n", "id: x\nlist:\n  - a: b\n    b: c\n"},
		{"order", "list: []\nother: y\nid: x\n", "id: x\nlist: []\nother: y\n"},
		{"order inside", "list:\n- b: 1\n  a: 2\n", "list:\n  - a: 2\n    b: 1\n"},
		{"indentation", "list:\n      -   a:   b\n", "list:\n  - a: b\n"},
		{"spaces and line ends", "id:   x   \r\n\r\n\r\n\r\nlist: [ {a : b} ,  {a: c }]\r\n\n\n",
			"id: x\n\nlist: [{a: b}, {a: c}]\n"},
		{"quotes", "id: 'x'\nlist: ['a \"b\"', \"c\", 'it''s']\n", "id: \"x\"\nlist: ['a \"b\"', \"c\", \"it's\"]\n"},
		{"escapes", `id: "a\tb\u00e9\x07"`, "id: \"a\\tbé\\x07\"\n"},
		{"comments", "# head\nid: x # tail\n# between\n\n# two\nlist: # of what\n  # first\n  - a: b # deep\n  # last\n",
			"# head\nid: x # tail\n# between\n\n# two\nlist: # of what\n  # first\n  - a: b # deep\n# last\n"},
		{"comments move with keys", "# top\n\n# list\nlist: []\n# id\nid: x\n", "# top\n\n# id\nid: x\n\n# list\nlist: []\n"},
		{"blank lines", "\n\nid: x\nlist:\n\n  - a: b\n\n\n  - a: c\n", "id: x\nlist:\n  - a: b\n\n  - a: c\n"},
		{"flow over lines", "list: [{a: b},\n  {a: c}]\n", "list: [{a: b}, {a: c}]\n"},
		{"comments in flow", "list: [{a: b}, # one\n  {a: c}] # two\n", "list:\n  - {a: b} # one\n  - {a: c} # two\n"},
		{"long flow", "id: [" + strings.Repeat("word,\n  ", 25) + "end]\n",
			"id:\n" + strings.Repeat("  - word\n", 25) + "  - end\n"},
		{"literal", "id: |\n    two\n      lines\n", "id: |\n  two\n    lines\n"},
		{"folded", "id: >-\n   a\n   b\n", "id: >-\n  a b\n"},
		{"plain over lines", "id: a\n  b\n", "id: a b\n"},
		{"dash alone", "list:\n  -\n    a: b\n", "list:\n  - a: b\n"},
		{"lists in lists", "id:\n  - - a\n    - b\n", "id:\n  - - a\n    - b\n"},
		{"marker", "---\nid: x\n", "id: x\n"},
	} {
		got, err := Format([]byte(c.in), small)
		require.NoError(t, err, c.name)
		require.Equal(t, c.want, string(got), c.name)
		again, err := Format(got, small)
		require.NoError(t, err, c.name)
		require.Equal(t, string(got), string(again), "%s, a second time", c.name)
	}
}

func TestFormatRefuses(t *testing.T) {
	for in, says := range map[string]string{
		"":                 "the file is empty",
		"id: [":            "not YAML",
		"id: x\nid: y\n":   "stands twice",
		"id: &a x\n":       "an anchor (&) is not allowed",
		"id:\n":            "has no value",
		"id: x\n---\nb: c": "a second YAML document",
		"1: x\n":           "a key is no plain text",
	} {
		_, err := Format([]byte(in), small)
		require.ErrorContains(t, err, says, in)
	}
}

// FuzzFormat: what can be formatted says the same, keeps its comments, and is formatted.
func FuzzFormat(f *testing.F) {
	for _, s := range []string{"id: x # y\n", "# c\nlist:\n- a: b\n\n  b: 'c'\n", "id: |\n a\n\n b\n",
		"list: [{a: b}, # c\n]", "a: {b: {c: [d, e]}}", "id: >-\n a\n b\n# c", "- - a\n  # b\n  - c: d\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once, err := Format([]byte(s), small)
		if err != nil {
			return
		}
		twice, err := Format(once, small)
		require.NoError(t, err)
		require.Equal(t, string(once), string(twice))
	})
}
