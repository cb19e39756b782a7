package page

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// piece is a part of a text: as it is, or a character's name where it would not show itself.
type piece struct {
	Text  string
	Named bool
}

// maxRunes bounds one text; the quotes of a report are far shorter.
const maxRunes = 4000

// pieces splits text for the page. Line ends and tabs stay.
func pieces(s string) []piece {
	var out []piece
	from, n := 0, 0
	for i, r := range s {
		if n++; n > maxRunes {
			return append(append(out, piece{Text: s[from:i]}),
				piece{fmt.Sprintf("… %d more characters", utf8.RuneCountInString(s[i:])), true})
		}
		if shows(r) {
			continue
		}
		if from < i {
			out = append(out, piece{Text: s[from:i]})
		}
		out = append(out, piece{fmt.Sprintf("U+%04X", r), true})
		from = i + utf8.RuneLen(r)
	}
	if from < len(s) {
		out = append(out, piece{Text: s[from:]})
	}
	return out
}

// shows reports whether a character can be seen, or is an ordinary blank. Selectors of an
// emoji's form change nothing that is read.
func shows(r rune) bool {
	switch {
	case r == '\n' || r == '\t' || r == '\ufe0e' || r == '\ufe0f' || r == utf8.RuneError:
		return true
	case r == '\u2800': // a blank among the Braille
		return false
	}
	return unicode.IsGraphic(r) &&
		!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// span is a run of line numbers.
type span struct{ From, To int }

// String spells the run.
func (s span) String() string {
	if s.From == s.To {
		return fmt.Sprint(s.From)
	}
	return fmt.Sprintf("%d–%d", s.From, s.To)
}

// spans puts ascending numbers that follow each other together.
func spans(lines []int) []span {
	var out []span
	for _, n := range lines {
		if last := len(out) - 1; last >= 0 && n == out[last].To+1 {
			out[last].To = n
			continue
		}
		out = append(out, span{n, n})
	}
	return out
}

// cites are lines that a text refers to, as links into the notes where those are shown.
type cites struct {
	Spans []span
	// Data is all of them, for the script.
	Data string
	// Shown is how many lines the page shows of the notes.
	Shown int
}

func cite(lines []int, shown int) cites {
	return cites{spans(lines), strings.Trim(fmt.Sprint(lines), "[]"), shown}
}

// places spells "line 3" or "lines 3, 7–9".
func places(c cites) string {
	if len(c.Spans) == 1 && c.Spans[0].From == c.Spans[0].To {
		return "line"
	}
	return "lines"
}

// plural spells a number with its noun.
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// signed spells points with a real minus.
func signed(n int) string {
	if n < 0 {
		return fmt.Sprintf("−%d", -n)
	}
	return fmt.Sprint(n)
}
