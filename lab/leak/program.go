package leak

import (
	"bytes"
	"slices"
)

// shortest is the length of the shortest text that is looked for in a program, in bytes.
const shortest = 6

// program reads what a person would see of a file that is no text: its runs of printable
// characters. Constants stand there without anything between them, so that a word may be
// glued to its neighbours; terms as they stand are therefore looked for without regard to
// what adjoins them.
func (v *Vocabulary) program(where string, data []byte) []Leak {
	var out []Leak
	for start := 0; start < len(data); {
		if !printable(data[start]) {
			start++
			continue
		}
		end := start
		for end < len(data) && printable(data[end]) {
			end++
		}
		if end-start >= shortest {
			out = append(out, v.run(where, data[start:end], start)...)
		}
		start = end
	}
	return out
}

// run reads one run of characters at an offset.
func (v *Vocabulary) run(where string, text []byte, offset int) []Leak {
	all := words(text)
	out := v.phrases(where, all, Running)
	lower := bytes.ToLower(text)
	for _, p := range v.terms {
		switch {
		case p.Clue:
		case len(p.words) > 0:
			out = append(out, p.inWords(where, all)...)
		case bytes.Contains(lower, []byte(p.lower)):
			out = append(out, Leak{where, 1, p.Text, p.From})
		}
	}
	for i := range out {
		out[i].Line = offset
	}
	return slices.Clip(out)
}

func printable(b byte) bool { return b == '\t' || b == '\n' || b >= ' ' && b < 0x7f }
