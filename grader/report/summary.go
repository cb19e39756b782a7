package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	ansi "github.com/jedib0t/go-pretty/v6/text"

	"firedrill/rubric"
)

// Screen is what a report is shown on.
type Screen struct {
	// Width in columns.
	Width int
	// Color tells whether outcomes are coloured; words say the same.
	Color bool
}

// Summary writes what an examiner reads first, on a page or two: the total, what a person
// must decide, every criterion in a table with what it rests on, and why points were lost.
// Text has all the evidence.
func (r *Report) Summary(w io.Writer, s Screen) error {
	p := &printer{width: max(s.Width, minWidth), color: s.Color}
	p.title(r)
	for _, n := range r.Notices {
		p.notice(n)
	}
	p.reasons("for a person to decide", r, standsReview)
	p.reasons("could not be checked, which costs nothing", r, standsUnchecked)
	p.table(r)
	p.reasons("lost", r, standsLost)
	p.reasons("in part", r, standsPart)
	p.contradicted(r.Claims)
	p.changes(r)
	p.stability(r.Stability)
	p.oddities(r)
	_, err := io.WriteString(w, p.out.String())
	return err
}

func (p *printer) title(r *Report) {
	p.para(0, "", r.Rubric.Title)
	hash, _ := strings.CutPrefix(r.Submission.Hash, "sha256:")
	p.para(0, "", fmt.Sprintf("rubric %s %s, submission %.12s", r.Rubric.Name, r.Rubric.Version, hash))
	p.gap()
	p.para(0, "", total(r))
	said := strings.TrimSuffix(p.out.String(), string(r.State)+"\n")
	p.out.Reset()
	p.out.WriteString(said + p.paint(stateColor(r.State), string(r.State)) + "\n")
}

// reasons lists the criteria of one standing with what each outcome rests on.
func (p *printer) reasons(title string, r *Report, of standing) {
	first, before := true, ""
	for _, c := range r.Criteria {
		if stands(c) != of {
			continue
		}
		if first {
			p.gap()
			p.para(0, "", title+":")
			first = false
		}
		p.item(fmt.Sprintf("%s, %s: %s", c.ID, pointsOf(c), c.Title))
		all := whys(c)
		if same := strings.Join(all, "\n"); same == before && len(same) > p.width {
			all = []string{"the same"} // what broke the machine is said once
		} else {
			before = same
		}
		for _, why := range all {
			p.para(indent, "- ", short(why))
		}
	}
}

// item is one of a list; its later lines stand further in.
func (p *printer) item(text string) {
	for i, line := range wrap(Clean(text), p.width-indent) {
		at := indent
		if i == 0 {
			at = gutter
		}
		p.out.WriteString(strings.Repeat(" ", at) + line + "\n")
	}
}

// whys says in short what an outcome rests on: a quote, or of each probe the count that falls
// short of the most points. That notes say nothing needs no words; claims have a list of
// their own.
func whys(c rubric.Result) []string {
	var out []string
	for _, e := range c.Evidence {
		switch e.Kind {
		case rubric.KindProbe:
			at := slices.IndexFunc(e.Counted, func(s string) bool { return !strings.HasSuffix(s, holds) })
			if at >= 0 {
				out = append(out, e.Probe+": "+e.Counted[at])
			}
		case rubric.KindNotes:
			if e.Quote != "" {
				out = append(out, fmt.Sprintf("line %s: %q", list(e.Lines), e.Quote))
			}
		}
	}
	silent := c.Source == rubric.FromNotes && stands(c) == standsLost
	if len(out) == 0 && !silent {
		out = append(out, c.Reason)
	}
	return out
}

// holds ends a count that is as it should be; see rubric.Evidence.
const holds = ": holds"

const (
	// gutter is the room between two columns, and before the first.
	gutter = 2
	// idMost bounds the column of ids; longer ones are wrapped.
	idMost = 28
	// titleLeast is the room from which on a column of titles is worth having, whereMost what
	// the places have beside it.
	titleLeast, whereMost = 60, 30
	// whereLeast is the room without which there is no column of places.
	whereLeast = 16
)

// table shows every criterion, group by group, in the same columns.
func (p *printer) table(r *Report) {
	widths := p.columnWidths(r)
	for _, g := range r.Groups {
		p.gap()
		p.para(0, "", fmt.Sprintf("%s: %s of %d", g.Title, span(g.Points, g.Lowest, g.Highest), g.Of))
		t := newTable(widths)
		for _, c := range r.Criteria {
			if c.Group == g.ID {
				t.AppendRow(p.row(c)[:len(widths)])
			}
		}
		if t.Length() > 0 {
			p.out.WriteString(t.Render() + "\n")
		}
	}
}

// columnWidths are those of the margin, the id, the outcome and the points, and where there is
// room for them of the place and the title.
func (p *printer) columnWidths(r *Report) []int {
	id, out, points := 0, 0, 0
	for _, c := range r.Criteria {
		id = max(id, columns(Clean(c.ID)))
		out = max(out, columns(outcome(c)))
		points = max(points, columns(tablePoints(c)))
	}
	id = max(min(id, idMost, p.width-out-points-3*gutter), 4)
	widths := []int{0, id, out, points}
	rest := p.width - id - out - points - 4*gutter
	if title := rest - whereMost - gutter; title >= titleLeast {
		return append(widths, whereMost, title)
	}
	if rest >= whereLeast {
		return append(widths, rest)
	}
	return widths
}

func newTable(widths []int) table.Writer {
	t := table.NewWriter()
	style := table.StyleDefault
	style.Options = table.OptionsNoBordersAndSeparators
	style.Box.PaddingLeft, style.Box.PaddingRight = "", strings.Repeat(" ", gutter)
	style.Box.UnfinishedRow = ""
	t.SetStyle(style)
	t.SuppressTrailingSpaces()
	var configs []table.ColumnConfig
	for i, width := range widths {
		configs = append(configs, table.ColumnConfig{Number: i + 1, WidthMin: width, WidthMax: width,
			WidthMaxEnforcer: fit})
	}
	t.SetColumnConfigs(configs)
	return t
}

// fit wraps a cell; what is painted is short enough for any column.
func fit(s string, most int) string {
	if ansi.StringWidthWithoutEscSequences(s) <= most {
		return s
	}
	return strings.Join(wrap(s, most), "\n")
}

func (p *printer) row(c rubric.Result) table.Row {
	return table.Row{"", Clean(c.ID), p.paint(standColor(stands(c)), outcome(c)), tablePoints(c),
		Clean(where(c)), Clean(c.Title)}
}

// tablePoints spells points as short as can be.
func tablePoints(c rubric.Result) string {
	got := fmt.Sprint(c.Points)
	if c.Lowest != c.Highest {
		got = fmt.Sprintf("%d to %d", c.Lowest, c.Highest)
	}
	if c.Penalty > 0 {
		return fmt.Sprintf("%s of -%d", got, c.Penalty)
	}
	return fmt.Sprintf("%s of %d", got, c.Of)
}

// where names the lines of the notes, the probes or the person that an outcome rests on.
func where(c rubric.Result) string {
	var out []string
	for _, e := range c.Evidence {
		at := e.Probe
		switch {
		case e.Kind == rubric.KindMark:
			at = e.By
		case at == "" && len(e.Lines) > 0:
			at = "line " + strings.ReplaceAll(list(e.Lines), ",", ", ")
		}
		if at != "" && !slices.Contains(out, at) {
			out = append(out, at)
		}
	}
	return strings.Join(out, ", ")
}

// contradicted lists what the notes claim and the probes saw otherwise.
func (p *printer) contradicted(all []rubric.Claimed) {
	n := 0
	for _, c := range all {
		if c.Verdict != rubric.Contradicted {
			continue
		}
		if n++; n == 1 {
			p.gap()
			p.para(0, "", "claimed in the notes, but observed otherwise:")
		}
		p.item(fmt.Sprintf("line %s: %q", list(c.Lines), short(c.Quote)))
		p.para(indent, "- ", fmt.Sprintf("%s: %s", c.Probe, short(strings.Join(c.Observed, "; "))))
	}
}

// changes counts what the candidate changed; Text shows it line by line.
func (p *printer) changes(r *Report) {
	if len(r.Settings)+len(r.Diff) == 0 {
		return
	}
	p.gap()
	if n := len(r.Settings); n > 0 {
		not := 0
		for _, s := range r.Settings {
			if !s.Applied {
				not++
			}
		}
		p.para(0, "", fmt.Sprintf("%s: changes: %d, not applied: %d", r.Settings[0].File, n, not))
		for _, s := range r.Settings {
			if !s.Applied {
				p.setting(s)
			}
		}
	}
	added, removed := changedLines(r.Diff)
	if len(r.Diff) > 0 {
		p.para(0, "", fmt.Sprintf("differs from the kit in %d files: +%d -%d lines", len(r.Diff), added, removed))
	}
}
