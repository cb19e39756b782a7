package page

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"firedrill/grader/report"
)

// Bounds of the notes on a page.
const (
	maxLines  = 20_000
	chunkSize = 50 // lines that a browser lays out together
)

// paper is the notes, line by line.
type paper struct {
	File string
	// Kept is false where the record has none.
	Kept   bool
	Chunks [][]line
	// Total, Cited and Cut are numbers of lines.
	Total, Cited, Cut int
}

// line is one line of the notes.
type line struct {
	N    int
	Text string
	// Look is how markup makes it look: head, code or nothing.
	Look string
	// Mark is the class of the weightiest of what cites it; empty where nothing does.
	Mark  string
	Cited []citing
}

// citing is something that a line is cited by.
type citing struct {
	Anchor, Name, Words, Class string
	weight                     int
}

// citations are what cites each line.
type citations map[int][]citing

// add notes that lines are cited; the same thing once a line.
func (c citations) add(lines []int, by citing) {
	for _, n := range lines {
		known := func(x citing) bool { return x.Anchor == by.Anchor && x.Words == by.Words }
		if !slices.ContainsFunc(c[n], known) {
			c[n] = append(c[n], by)
		}
	}
}

// numbered gives the text of the notes, without the ends of lines.
func numbered(r *report.Report) (lines []string, kept bool) {
	if r.Record == nil {
		return nil, false
	}
	text := strings.TrimSuffix(string(r.Record.Notes), "\n")
	if text == "" {
		return nil, true
	}
	lines = strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimSuffix(lines[i], "\r")
	}
	return lines, true
}

// shown is how many lines of the notes a page shows.
func shown(r *report.Report) int {
	lines, _ := numbered(r)
	return min(len(lines), maxLines)
}

// newPaper lays the notes out.
func newPaper(r *report.Report, by citations) paper {
	text, kept := numbered(r)
	p := paper{File: r.Submission.Notes, Kept: kept, Total: len(text)}
	if len(text) > maxLines {
		p.Cut, text = len(text)-maxLines, text[:maxLines]
	}
	code := false
	var lines []line
	for i, s := range text {
		l := line{N: i + 1, Text: s, Cited: by[i+1]}
		fence := strings.HasPrefix(strings.TrimSpace(s), "```")
		switch {
		case code || fence:
			l.Look = "code"
		case strings.HasPrefix(s, "#"):
			l.Look = "head"
		}
		code = code != fence
		if len(l.Cited) > 0 {
			p.Cited++
			l.Mark = slices.MaxFunc(l.Cited, func(a, b citing) int { return cmp.Compare(a.weight, b.weight) }).Class
		}
		lines = append(lines, l)
	}
	p.Chunks = slices.Collect(slices.Chunk(lines, chunkSize))
	return p
}

// Label says to a screen reader what the number of a cited line is for.
func (l line) Label() string {
	return fmt.Sprintf("line %d, cited %s", l.N, times(len(l.Cited)))
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
