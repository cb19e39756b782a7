package report

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Clean makes text of unknown origin safe for a terminal: one line, and every
// character that would not show itself is spelled out.
func Clean(s string) string {
	var out strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n == 1:
			out.WriteString(`\x` + strconv.FormatUint(uint64(s[0]), 16))
		case r == '\n' || r == '\t' || r == '\r' && strings.HasPrefix(s[n:], "\n"):
			out.WriteByte(' ')
		case hidden(r):
			out.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		default:
			out.WriteRune(r)
		}
		s = s[n:]
	}
	return strings.TrimSpace(out.String())
}

// short bounds text that may be long.
func short(s string) string {
	n := 0
	for i := range s {
		if n == shownRunes {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

// columns is the width of clean text on a terminal.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// wrap breaks clean text into lines of at most the given number of columns, at
// spaces where there are any. Empty text gives one empty line.
func wrap(text string, most int) []string {
	most = max(most, 2)
	var lines []string
	var line strings.Builder
	used := 0
	flush := func() {
		lines = append(lines, line.String())
		line.Reset()
		used = 0
	}
	for _, word := range strings.Fields(text) {
		n := columns(word)
		if used > 0 && used+1+n > most {
			flush()
		}
		if used > 0 {
			line.WriteByte(' ')
			used++
		}
		for _, r := range word {
			c := runeColumns(r)
			if used+c > most {
				flush()
			}
			line.WriteRune(r)
			used += c
		}
	}
	if used > 0 || len(lines) == 0 {
		flush()
	}
	return lines
}
