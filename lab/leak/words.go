package leak

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// word is one word of a text: letters and digits, lower case. Words are cut where a
// lower case letter meets an upper case one, so that identifiers are read as their words.
type word struct {
	text string
	line int // from 1
	// ends is set where a sentence, a cell, a paragraph or code ends behind the word.
	ends bool
}

// words reads a text. Marks of markup, comments and quotes are no part of a word.
func words(text []byte) []word {
	var out []word
	var now []rune
	line, newlines := 1, 0
	lower := false // the last rune of now is a lower case letter or a digit
	flush := func() {
		if len(now) > 0 {
			out = append(out, word{text: string(now), line: line})
			now = now[:0]
		}
		lower = false
	}
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			upper := unicode.IsUpper(r)
			if upper && lower {
				flush()
			}
			now, lower, newlines = append(now, unicode.ToLower(r)), !upper, 0
			continue
		case r == '\n':
			flush()
			line++
			newlines++
		case r == '`' && bytes.HasPrefix(text, []byte("``")):
			flush()
			text = text[max(0, bytes.IndexByte(text, '\n')):] // with the language of the code
			newlines = 2
		default:
			flush()
		}
		if n := len(out); n > 0 && (newlines > 1 || r == '|' || endsSentence(r, text)) {
			out[n-1].ends = true
		}
	}
	flush()
	return out
}

// endsSentence tells a full stop from a point within a name or number.
func endsSentence(r rune, rest []byte) bool {
	if r != '.' && r != ':' && r != ';' && r != '?' && r != '!' {
		return false
	}
	next, _ := utf8.DecodeRune(rest)
	return len(rest) == 0 || unicode.IsSpace(next)
}

// plain are words that say nothing by themselves. A phrase needs others.
func plain(w string) bool {
	switch w {
	case "a", "all", "an", "and", "any", "are", "as", "at", "be", "but", "by", "can", "did",
		"do", "does", "else", "for", "from", "had", "has", "have", "how", "if", "in", "is", "it",
		"its", "may", "must", "no", "none", "not", "of", "on", "one", "or", "other", "others",
		"so", "some", "than", "that", "the", "their", "them", "then", "there", "they", "this",
		"to", "up", "was", "were", "what", "when", "where", "which", "who", "why", "will", "with",
		"you", "your":
		return true
	}
	return len(w) < 2
}
