package cohort

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"

	"firedrill/grader/report"
	"firedrill/rubric"
)

// FileName is what the grader calls the CSV of a cohort.
const FileName = "cohort.csv"

// fixed are the first columns; one for each criterion follows.
var fixed = []string{"rank", "name", "points", "lowest", "highest", "of", "pass", "state",
	"to_decide", "not_checked", "error", "report", "submission", "rubric", "rubric_version", "rubric_hash"}

// CSV gives the rows in the form of RFC 4180, with a head. Behind the fixed columns every
// criterion has one, with its points, or with its outcome where that is open. A cell without
// a value is empty.
func CSV(rows []Row) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	ids := criteria(rows)
	head := append([]string{}, fixed...)
	for _, id := range ids {
		head = append(head, cell(id))
	}
	if err := w.Write(head); err != nil {
		return nil, err
	}
	for _, r := range rows {
		if err := w.Write(r.cells(ids)); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// criteria are those of all rows, in the rubric's order.
func criteria(rows []Row) []string {
	var out []string
	seen := map[string]bool{}
	for _, r := range rows {
		if r.Grade == nil {
			continue
		}
		for _, c := range r.Grade.Criteria {
			if !seen[c.ID] {
				seen[c.ID] = true
				out = append(out, c.ID)
			}
		}
	}
	return out
}

func (r Row) cells(ids []string) []string {
	g := r.Grade
	if g == nil {
		out := make([]string, len(fixed)+len(ids))
		out[1], out[7], out[10] = cell(r.Name), "not graded", cell(r.Error)
		return out
	}
	out := []string{strconv.Itoa(r.Rank), cell(r.Name),
		strconv.Itoa(g.Points), strconv.Itoa(g.Lowest), strconv.Itoa(g.Highest), strconv.Itoa(g.Of),
		strconv.Itoa(g.Pass), cell(g.State), cell(strings.Join(g.Decide, " ")),
		cell(strings.Join(g.Unchecked, " ")), cell(r.Error), cell(r.Report), cell(g.Submission),
		cell(g.Rubric.Name), cell(g.Rubric.Version), cell(g.Rubric.Hash)}
	by := map[string]Criterion{}
	for _, c := range g.Criteria {
		by[c.ID] = c
	}
	for _, id := range ids {
		c, ok := by[id]
		switch {
		case !ok:
			out = append(out, "")
		case c.Outcome == rubric.Met || c.Outcome == rubric.NotMet:
			out = append(out, strconv.Itoa(c.Points))
		default:
			out = append(out, cell(string(c.Outcome)))
		}
	}
	return out
}

// cell makes text harmless: one line without control characters, and nothing that a
// spreadsheet takes for a formula. An apostrophe in front says that it is text. Spreadsheets
// skip blanks, and some know the wide forms of the signs.
func cell(s string) string {
	// A tab or line break in front is a trick as well; Clean would hide it.
	trick := s != "" && strings.ContainsRune("\t\r\n", rune(s[0]))
	s = report.Clean(s)
	first := strings.TrimLeft(s, " \u00a0\u3000'\"")
	if trick || strings.IndexAny(first, "=+-@\uff1d\uff0b\uff0d\uff20|%") == 0 {
		return "'" + s
	}
	return s
}
