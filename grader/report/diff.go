package report

import (
	"fmt"
	"strings"

	"firedrill/grader/diff"
)

// Bounds of what is printed of the diff; JSON has more.
const (
	shownFileLines = 80
	shownDiffLines = 400
)

// diff prints what the candidate changed.
func (p *printer) diff(all []diff.File) {
	if len(all) == 0 {
		return
	}
	added, removed := changedLines(all)
	p.gap()
	p.para(0, "", fmt.Sprintf("what differs from the kit: +%d -%d lines", added, removed))
	left := shownDiffLines
	for _, f := range all {
		p.gap()
		if f.Path == "" {
			p.para(0, "  ", f.Reason)
			continue
		}
		p.para(0, "  ", fmt.Sprintf("%s: %s, +%d -%d%s", short(f.Path), f.Kind, f.Added, f.Removed,
			named(": %s", f.Reason)))
		left -= p.hunks(f, min(left, shownFileLines))
	}
}

// changedLines counts the lines of all files that were changed.
func changedLines(all []diff.File) (added, removed int) {
	for _, f := range all {
		added, removed = added+f.Added, removed+f.Removed
	}
	return added, removed
}

// hunks prints at most n lines of a file's hunks and gives how many it printed.
func (p *printer) hunks(f diff.File, n int) int {
	printed, more := 0, f.Cut
	for _, h := range f.Hunks {
		if printed == n {
			more += len(h.Lines)
			continue
		}
		p.code(h.Head())
		room := min(len(h.Lines), n-printed)
		for _, line := range h.Lines[:room] {
			p.code(line)
		}
		printed += room
		more += len(h.Lines) - room
	}
	if more > 0 {
		p.para(indent, "", fmt.Sprintf("(%d more lines, see %s)", more, FileName))
	}
	return printed
}

// tab is how wide a tab is printed.
const tab = 4

// code prints a line as it is indented, cut at the terminal's width.
func (p *printer) code(line string) {
	mark, rest := "", line
	if line != "" && strings.ContainsRune(" +-", rune(line[0])) {
		mark, rest = line[:1], line[1:]
	}
	body := strings.TrimLeft(rest, " \t")
	for _, r := range rest[:len(rest)-len(body)] {
		if r == '\t' {
			mark += strings.Repeat(" ", tab)
		} else {
			mark += " "
		}
	}
	text := mark + Clean(body)
	most := p.width - indent
	used := 0
	for i, r := range text {
		if used += runeColumns(r); used > most-1 && i+len(string(r)) < len(text) || used > most {
			text = text[:i] + "…"
			break
		}
	}
	p.out.WriteString(strings.TrimRight(strings.Repeat(" ", indent)+text, " ") + "\n")
}
