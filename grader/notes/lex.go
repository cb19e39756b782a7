package notes

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// breakKind is what stands between two tokens.
type breakKind uint8

const (
	noBreak breakKind = iota
	clauseBreak
	sentenceBreak
)

// lexer turns the text of one block into tokens, with breaks between them.
type lexer struct {
	toks []token
	// brk[i] is the break before token i; one more entry ends the list.
	brk  []breakKind
	line bool // at the beginning of a line
}

// maxChunk bounds what is read as one piece between spaces, in bytes, so that reading stays
// linear. It leaves room for a line of JSON.
const maxChunk = 1024

// lex reads text. Lines are broken where they do not look wrapped.
func lex(text []byte, lines bool) *lexer {
	lx := &lexer{brk: []breakKind{noBreak}, line: true}
	s := string(text)
	lineStart := 0
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\n':
			lx.newline(s, lineStart, i, lines)
			lineStart = i + n
			i += n
		case r == cellBreak:
			lx.breaks(clauseBreak)
			i += n
		case unicode.IsSpace(r):
			i += n
		default:
			j := i
			for j < len(s) && j < i+maxChunk {
				r, n := utf8.DecodeRuneInString(s[j:])
				if unicode.IsSpace(r) || r == cellBreak {
					break
				}
				j += n
			}
			lx.chunk(s[i:j], i)
			i = j
		}
	}
	return lx
}

// newline decides whether a line break ends a sentence: it does not where the
// line looks wrapped, that is long and without closing punctuation.
func (lx *lexer) newline(s string, from, to int, lines bool) {
	next := s[to+1:]
	wrapped := to-from >= 55 && !startsStamp(next)
	if lines || !wrapped {
		lx.breaks(sentenceBreak)
	}
	lx.line = true
}

// startsStamp says whether a line begins with a digit, bullet or check mark.
func startsStamp(s string) bool {
	s = strings.TrimLeft(s, " \t")
	if s == "" {
		return false
	}
	if r, _ := utf8.DecodeRuneInString(s); r >= 0x2000 && unicode.IsSymbol(r) {
		return true
	}
	return s[0] >= '0' && s[0] <= '9' || strings.ContainsRune("-*+>#[|(", rune(s[0]))
}

func (lx *lexer) breaks(k breakKind) {
	if last := len(lx.brk) - 1; lx.brk[last] < k {
		lx.brk[last] = k
	}
}

// emit adds a token; what is left of nothing but signs is none.
func (lx *lexer) emit(text string, kind tokenKind, val float64, off int) {
	if text == "" {
		return
	}
	lx.toks = append(lx.toks, token{text: text, kind: kind, val: val, off: int32(off), first: lx.line})
	lx.brk = append(lx.brk, noBreak)
	lx.line = false
}

const (
	leadPunct  = "([{\"'`*_~|“”‘’«»„#"
	trailPunct = ")]}\"'`*_~,.;:!?|“”‘’«»…"
)

// chunk reads what stands between two white spaces.
func (lx *lexer) chunk(c string, off int) {
	if s := symbol(c); s != "" {
		lx.symbol(s, off)
		return
	}
	for c != "" {
		r, n := utf8.DecodeRuneInString(c)
		if !strings.ContainsRune(leadPunct, r) {
			break
		}
		if r == '(' || r == '[' {
			lx.breaks(clauseBreak)
		}
		c, off = c[n:], off+n
	}
	body := c
	for body != "" {
		r, n := utf8.DecodeLastRuneInString(body)
		if !strings.ContainsRune(trailPunct, r) {
			break
		}
		if r == ')' && strings.HasSuffix(body, "()") {
			body = body[:len(body)-2]
			continue
		}
		body = body[:len(body)-n]
	}
	if s := symbol(body); s != "" && s != "break" {
		lx.symbol(s, off)
	} else if body != "" {
		lx.body(body, off)
	}
	lx.closing(c[len(body):], body)
}

// closing sets the break that the punctuation after a chunk stands for.
func (lx *lexer) closing(tail, body string) {
	if strings.Contains(tail, "...") || strings.Contains(tail, "…") {
		lx.breaks(clauseBreak)
		return
	}
	for _, r := range tail {
		switch r {
		case '.':
			if !abbreviation(body) {
				lx.breaks(sentenceBreak)
			}
		case '!', '?':
			if r == '?' && len(lx.toks) > 0 {
				lx.toks[len(lx.toks)-1].shut = true
				lx.emit("?", tWord, 0, int(lx.toks[len(lx.toks)-1].off))
			}
			lx.breaks(sentenceBreak)
		case ',', ';', ':', ')', ']', '(':
			lx.breaks(clauseBreak)
		}
	}
}

// abbreviation says whether a period after the word does not end a sentence.
func abbreviation(w string) bool {
	switch strings.ToLower(w) {
	case "e.g", "i.e", "eg", "ie", "approx", "vs", "etc", "mr", "mrs", "ms", "dr", "ca", "resp",
		"incl", "excl", "no", "nr", "max", "min", "dept", "mgmt", "st", "cf", "prob", "temp", "mar",
		"s.no", "nos", "sr", "fig", "p", "l":
		return strings.ToLower(w) != "no" && strings.ToLower(w) != "min"
	}
	return false
}

// symbol names chunks that consist of signs only.
func symbol(c string) string {
	switch c {
	case "->", "=>", "→", "⇒", "-->", "==>", "⇔", "<->":
		return "->"
	case ">", "&gt;":
		return "over"
	case ">=", "≥":
		return "over"
	case "<", "&lt;":
		return "under"
	case "<=", "≤":
		return "upto"
	case "%", "$", "€", "£":
		return c
	case "=", "==":
		return "="
	case "+":
		return "+"
	case "&":
		return "and"
	case "!=", "≠":
		return "!="
	case "×", "x":
		return "x"
	case "✅", "✔", "✓", "✔️", "☑", "👍":
		return "✅"
	case "❌", "✗", "✘", "🔴":
		return "❌"
	case "-", "–", "—", "--", "/", "|", "//", "\\", "*", "•", "·", "...", "…", "^", "~":
		return "break"
	}
	return ""
}

func (lx *lexer) symbol(s string, off int) {
	switch s {
	case "break":
		lx.breaks(clauseBreak)
	case "->":
		lx.breaks(clauseBreak)
		lx.emit(s, tWord, 0, off)
	default:
		lx.emit(s, tWord, 0, off)
	}
}
