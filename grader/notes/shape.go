package notes

import "bytes"

// Markdown's reader takes time that grows with the square of some shapes that nobody
// writes: a block quote in a thousand others, a table of a thousand columns, a thousand
// brackets that nothing closes. What is beyond these bounds is blanked out before it is
// parsed, so that line numbers stay and the rest of the notes counts.
const (
	// maxNesting bounds the quote and list marks that one line begins with.
	maxNesting = 32
	// maxColumns bounds the cells of one line.
	maxColumns = 64
	// maxBrackets bounds brackets of each kind that are open at once between two empty lines,
	// maxLinks the lines there that define links.
	maxBrackets, maxLinks = 500, 100
)

// tame blanks out shapes beyond the bounds and gives the lines where it did. The result has
// the source's length; it is the source itself when nothing is beyond.
func tame(src []byte) (out []byte, lines []int) {
	out = src
	blank := func(at, line int) {
		if len(lines) == 0 {
			out = bytes.Clone(src)
		}
		if len(lines) == 0 || lines[len(lines)-1] != line {
			lines = append(lines, line)
		}
		out[at] = ' '
	}
	var open [3]int
	links := 0
	for at, line := 0, 1; at < len(src); line++ {
		text, _, _ := bytes.Cut(src[at:], []byte("\n"))
		if len(bytes.TrimSpace(text)) == 0 {
			open, links = [3]int{}, 0
		}
		for _, i := range markers(text) {
			blank(at+i, line)
		}
		if definesLink(text) {
			if links++; links > maxLinks {
				for i := range text {
					blank(at+i, line)
				}
			}
		}
		columns := 0
		for i, c := range text {
			switch c {
			case '|':
				if columns++; columns > maxColumns {
					blank(at+i, line)
				}
			case '[', '<', '(':
				if k := bytes.IndexByte([]byte("[<("), c); open[k] == maxBrackets {
					blank(at+i, line)
				} else {
					open[k]++
				}
			case ']', '>', ')':
				k := bytes.IndexByte([]byte("]>)"), c)
				open[k] = max(open[k]-1, 0)
			}
		}
		at += len(text) + 1
	}
	return out, lines
}

// markers gives the places of quote and list marks at the line's beginning that are beyond
// the bound.
func markers(text []byte) []int {
	var beyond []int
	for i, depth := 0, 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == ' ' || c == '\t' || c == '\r':
			continue
		case c == '>':
			depth++
		case (c == '-' || c == '+' || c == '*') && spaced(text, i):
			depth++
		case c >= '0' && c <= '9': // a list's number, with its sign
			from := i
			for i < len(text) && text[i] >= '0' && text[i] <= '9' {
				i++
			}
			if i == len(text) || text[i] != '.' && text[i] != ')' || !spaced(text, i) {
				return beyond
			}
			if depth++; depth > maxNesting {
				for ; from < i; from++ {
					beyond = append(beyond, from)
				}
			}
		default:
			return beyond
		}
		if depth > maxNesting {
			beyond = append(beyond, i)
		}
	}
	return beyond
}

// spaced says whether a list's mark at i stands before a space.
func spaced(text []byte, i int) bool {
	return i+1 == len(text) || bytes.IndexByte([]byte(" \t\r"), text[i+1]) >= 0
}

// definesLink reports lines such as [name]: address, which no reader of the notes sees.
func definesLink(text []byte) bool {
	text = bytes.TrimLeft(text, " >")
	return bytes.HasPrefix(text, []byte("[")) && bytes.Contains(text, []byte("]:"))
}
