package notes

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBlocksKeepTheirLines(t *testing.T) {
	src := "# Head\n\ntext one\nstill one\n\n- item\n  - nested\n- [ ] task\n\n> quoted\n\n" +
		"| a | b |\n|---|---|\n| x | y |\n\n```\ncode\n```\n\n<!-- note -->\n"
	d := &document{src: []byte(src), lines: lineStarts([]byte(src))}
	type got struct {
		kind blockKind
		line int
		text string
	}
	var all []got
	for _, b := range parseBlocks([]byte(src)) {
		text := strings.Trim(strings.ReplaceAll(string(b.text), string(rune(cellBreak)), "|"), " \n|")
		all = append(all, got{b.kind, d.line(b.source(0)), text})
	}
	require.Equal(t, []got{{kindHeading, 1, "Head"}, {kindParagraph, 3, "text one\nstill one"},
		{kindItem, 6, "item"}, {kindItem, 7, "nested"}, {kindItem, 8, "task"},
		{kindParagraph, 10, "quoted"}, {kindHeading, 12, "a|b"}, {kindRow, 14, "x|y"},
		{kindCode, 17, "code"}, {kindComment, 20, "<!-- note -->"}}, all)
}

func TestStruckTextIsGone(t *testing.T) {
	b := parseBlocks([]byte("~~Root cause: locks~~ it is the name\n"))
	require.NotContains(t, string(b[0].text), "locks")
}
