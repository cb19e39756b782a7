package main

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes a line safe and readable: terminal escape sequences go, every other control
// or direction-changing character and everything that is not UTF-8 becomes U+FFFD. Nothing
// in it can then reorder the page, or a terminal when the line was downloaded.
func clean(text []byte) string {
	if plain(text) {
		return string(text)
	}
	var b strings.Builder
	b.Grow(len(text))
	for len(text) > 0 {
		if n := escape(text); n > 0 {
			text = text[n:]
			continue
		}
		r, n := utf8.DecodeRune(text)
		text = text[n:]
		switch {
		case r == '\t':
			b.WriteByte('\t')
		case r == '\r' && len(text) == 0: // the end of a line on other systems
		case unicode.IsControl(r) || turns(r):
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// plain tells whether there is nothing to clean, which is so for nearly every line.
func plain(text []byte) bool {
	for _, c := range text {
		if c >= utf8.RuneSelf || c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// turns tells whether a character changes the direction of writing or the line.
func turns(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 ||
		r == 0x200e || r == 0x200f || r == 0x061c || r == 0x2028 || r == 0x2029
}

// escape gives the length of the escape sequence at the start of text, 0 if there is none.
func escape(text []byte) int {
	if len(text) < 2 || text[0] != 0x1b {
		return 0
	}
	switch text[1] {
	case '[': // CSI: parameters, then one final byte
		for i := 2; i < len(text); i++ {
			if text[i] >= 0x40 && text[i] <= 0x7e {
				return i + 1
			}
		}
		return len(text)
	case ']', 'P', '^', '_', 'X': // strings, up to BEL or ESC \
		for i := 2; i < len(text); i++ {
			if text[i] == 0x07 {
				return i + 1
			}
			if text[i] == '\\' && text[i-1] == 0x1b {
				return i + 1
			}
		}
		return len(text)
	}
	return 2
}
