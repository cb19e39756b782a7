package page

import (
	"regexp"
	"strconv"
	"strings"
)

// reading is what was counted, and what it was held against. Reports hold it in words, as
// package rubric spells them; words that are not understood are shown as they are.
type reading struct {
	// Text is what was counted, Wanted the limits, without the verdict.
	Text, Wanted string
	// Sign is yes or no where limits were held against it, else empty.
	Sign string
	// Filled and Ticks draw a ratio; Filled is empty for other counts.
	Filled string
	Ticks  []string
	names  []string
}

var (
	ratio = regexp.MustCompile(`^(\d+) (.+) of (\d+) (.+?)(?: \(\d+\.\d %\))?$`)
	plain = regexp.MustCompile(`^\d+ (.+)$`)
	bound = regexp.MustCompile(`at (?:least|most) (\d+(?:\.\d+)?)%`)
)

// read takes the words apart.
func read(words string) reading {
	text, rest, limited := strings.Cut(words, "; ")
	r := reading{Text: text}
	if limited {
		r.Wanted = strings.TrimSuffix(rest, ": holds")
		r.Sign = "yes"
		if s, fails := strings.CutSuffix(rest, ": does not hold"); fails {
			r.Wanted, r.Sign = s, "no"
		} else if r.Wanted == rest {
			return reading{Text: words}
		}
	}
	m := ratio.FindStringSubmatch(text)
	if m == nil {
		if m = plain.FindStringSubmatch(text); m != nil {
			r.names = m[1:]
		}
		return r
	}
	r.names = []string{m[2], m[4]}
	part, err := strconv.Atoi(m[1])
	whole, err2 := strconv.Atoi(m[3])
	if err != nil || err2 != nil || whole == 0 {
		return r
	}
	r.Filled = share(part, whole)
	for _, b := range bound.FindAllStringSubmatch(r.Wanted, -1) {
		r.Ticks = append(r.Ticks, b[1]+"%")
	}
	return r
}
