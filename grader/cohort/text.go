package cohort

import (
	"fmt"
	"strings"

	"firedrill/grader/report"
)

const (
	// nameColumns bounds a name, leastColumns what is left for the last column.
	nameColumns  = 28
	leastColumns = 30
	// shown is how many criteria a row names.
	shown = 3
)

// Text gives the table for a terminal of the given width in columns.
func Text(rows []Row, width int) string {
	table := [][]string{{"rank", "name", "points", "state", ""}}
	for _, r := range rows {
		table = append(table, r.columns())
	}
	widest := make([]int, 4)
	for _, line := range table {
		for i := range widest {
			widest[i] = max(widest[i], report.Columns(line[i]))
		}
	}
	at := 0
	for _, n := range widest {
		at += n + 2
	}
	var out strings.Builder
	for _, line := range table {
		var lead strings.Builder
		for i, n := range widest {
			pad := strings.Repeat(" ", n-report.Columns(line[i]))
			if i == 0 {
				lead.WriteString(pad + line[i] + "  ")
			} else {
				lead.WriteString(line[i] + pad + "  ")
			}
		}
		for i, rest := range report.Wrap(line[4], max(leastColumns, width-at)) {
			if i > 0 {
				lead.Reset()
				lead.WriteString(strings.Repeat(" ", at))
			}
			out.WriteString(strings.TrimRight(lead.String()+rest, " ") + "\n")
		}
	}
	return out.String()
}

// columns are rank, name, points, state, and what a person should know.
func (r Row) columns() []string {
	name := cut(report.Clean(r.Name), nameColumns)
	if r.Grade == nil {
		return []string{"-", name, "-", "not graded", report.Clean(r.Error)}
	}
	g := r.Grade
	points := fmt.Sprint(g.Points)
	if g.Lowest != g.Highest {
		points = fmt.Sprintf("%d (%d to %d)", g.Points, g.Lowest, g.Highest)
	}
	var tell []string
	if r.Error != "" {
		tell = append(tell, report.Clean(r.Error))
	}
	if len(g.Decide) > 0 {
		tell = append(tell, "decide "+few(g.Decide))
	}
	switch n := len(g.Unchecked); {
	case n > shown:
		tell = append(tell, fmt.Sprintf("%d criteria not checked", n))
	case n > 0:
		tell = append(tell, "not checked: "+strings.Join(g.Unchecked, ", "))
	}
	return []string{fmt.Sprint(r.Rank), name, points, g.State, strings.Join(tell, "; ")}
}

// few names the first of a list.
func few(all []string) string {
	if len(all) <= shown {
		return strings.Join(all, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(all[:shown], ", "), len(all)-shown)
}

// cut shortens clean text to so many columns.
func cut(s string, most int) string {
	if report.Columns(s) <= most {
		return s
	}
	var out strings.Builder
	for _, r := range s {
		if report.Columns(out.String()+string(r)) >= most {
			break
		}
		out.WriteRune(r)
	}
	return out.String() + "…"
}
