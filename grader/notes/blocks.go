package notes

import (
	"bytes"
	"sort"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// blockKind is the Markdown construct that a block of text came from.
type blockKind uint8

const (
	kindParagraph blockKind = iota
	kindItem
	kindRow
	kindHeading
	kindCode
	kindComment
)

// block is a run of text with its place in the notes.
type block struct {
	kind blockKind
	// text is what a reader sees, without Markdown; at maps it to the source.
	text []byte
	at   []anchor
	// depth is the nesting in lists, level the level of a heading.
	depth, level int
	// quoted says that it stands in a block quote.
	quoted bool
	// group numbers the list, table or run of paragraphs that it belongs to.
	group int
	// open says that it is a task that is not ticked.
	open bool
	// header holds, for a row, the header's cells.
	header []string
	// lead is the length of a bold opening, which often serves as a heading.
	lead int
}

// anchor says that text[from:] stems from the source at src, until the next.
type anchor struct{ from, src int }

// source finds the offset in the notes of an offset in the text.
func (b *block) source(off int) int {
	i := sort.Search(len(b.at), func(i int) bool { return b.at[i].from > off }) - 1
	if i < 0 {
		return 0
	}
	return b.at[i].src + off - b.at[i].from
}

func (b *block) write(src []byte, from int) {
	b.at = append(b.at, anchor{len(b.text), from})
	b.text = append(b.text, src...)
}

// cellBreak separates the cells of a row in its text.
const cellBreak = '\x1f'

// parseBlocks reads Markdown into blocks in the order of the notes.
func parseBlocks(src []byte) []*block {
	md := goldmark.New(goldmark.WithExtensions(
		extension.Table, extension.Strikethrough, extension.TaskList))
	c := &collector{src: src}
	c.children(md.Parser().Parse(text.NewReader(src)), 0, false)
	return c.blocks
}

type collector struct {
	src    []byte
	blocks []*block
	groups int
}

func (c *collector) children(n ast.Node, depth int, quoted bool) {
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		c.node(child, depth, quoted)
	}
}

func (c *collector) node(n ast.Node, depth int, quoted bool) {
	switch n := n.(type) {
	case *ast.Heading:
		c.groups++
		b := c.inline(kindHeading, n, depth, quoted)
		b.level = n.Level
	case *ast.Paragraph:
		c.inline(kindParagraph, n, depth, quoted)
	case *ast.TextBlock:
		c.inline(kindItem, n, depth, quoted)
	case *ast.List:
		if depth == 0 {
			c.groups++
		}
		c.children(n, depth+1, quoted)
		if depth == 0 {
			c.groups++
		}
	case *ast.Blockquote:
		c.children(n, depth, true)
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		c.raw(kindCode, n.Lines(), depth, quoted)
	case *ast.HTMLBlock:
		c.html(n, depth, quoted)
	case *east.Table:
		c.table(n, quoted)
	default:
		c.children(n, depth, quoted)
	}
}

func (c *collector) add(b *block) *block {
	b.group = c.groups
	c.blocks = append(c.blocks, b)
	return b
}

// raw adds the lines of a code block, line by line.
func (c *collector) raw(kind blockKind, lines *text.Segments, depth int, quoted bool) *block {
	b := c.add(&block{kind: kind, depth: depth, quoted: quoted})
	for i := range lines.Len() {
		seg := lines.At(i)
		b.write(seg.Value(c.src), seg.Start)
	}
	return b
}

// html keeps comments apart and takes the tags off everything else.
func (c *collector) html(n *ast.HTMLBlock, depth int, quoted bool) {
	lines := n.Lines()
	if lines.Len() == 0 {
		return
	}
	b := c.raw(kindParagraph, lines, depth, quoted)
	if n.HasClosure() {
		b.write(n.ClosureLine.Value(c.src), n.ClosureLine.Start)
	}
	if bytes.HasPrefix(bytes.TrimSpace(b.text), []byte("<!--")) {
		b.kind = kindComment
		return
	}
	blankTags(b.text)
}

// blankTags overwrites tags and comments with spaces, so that offsets stay.
func blankTags(s []byte) {
	in := false
	for i, ch := range s {
		if ch == '<' {
			in = true
		}
		if in && ch != '\n' {
			s[i] = ' '
		}
		if ch == '>' {
			in = false
		}
	}
}

func (c *collector) inline(kind blockKind, n ast.Node, depth int, quoted bool) *block {
	b := c.add(&block{kind: kind, depth: depth, quoted: quoted})
	if depth > 0 && kind == kindParagraph {
		b.kind = kindItem
	}
	c.spans(b, n)
	if first, ok := n.FirstChild().(*ast.Emphasis); ok && first.Level == 2 {
		probe := &block{}
		c.spans(probe, first)
		b.lead = len(probe.text)
	}
	return b
}

// spans writes the visible text of inline nodes. What is struck out is gone.
func (c *collector) spans(b *block, n ast.Node) {
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		switch v := child.(type) {
		case *ast.Text:
			b.write(v.Segment.Value(c.src), v.Segment.Start)
			if v.SoftLineBreak() || v.HardLineBreak() {
				b.write([]byte{'\n'}, v.Segment.Stop)
			}
		case *ast.String:
			b.text = append(b.text, v.Value...)
		case *ast.AutoLink:
			label := v.Label(c.src)
			b.write(label, max(0, bytes.Index(c.src, label)))
		case *ast.RawHTML, *east.Strikethrough:
			b.text = append(b.text, ' ')
		case *east.TaskCheckBox:
			b.open = !v.IsChecked
		default:
			c.spans(b, child)
		}
	}
}

func (c *collector) table(t *east.Table, quoted bool) {
	c.groups++
	var header []string
	for row := t.FirstChild(); row != nil; row = row.NextSibling() {
		b := c.add(&block{kind: kindRow, quoted: quoted, header: header})
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			from := len(b.text)
			c.spans(b, cell)
			if _, ok := row.(*east.TableHeader); ok {
				header = append(header, string(b.text[from:]))
			}
			b.text = append(b.text, cellBreak)
		}
		if _, ok := row.(*east.TableHeader); ok {
			b.kind = kindHeading
			b.level = 9
		}
	}
	c.groups++
}
