package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"firedrill/rubric"
)

const (
	minWidth = 40
	// indent is where a criterion's text begins.
	indent = 4
	// shown bounds what is printed of a transcript and of logs; JSON has more.
	shownCalls, shownLogs = 3, 3
	// shownRunes bounds a quote, a body or a log line.
	shownRunes = 400
	// outputLines bounds what is printed of a tool's output.
	outputLines = 20
)

// Text writes the report for a terminal of the given width in columns.
func (r *Report) Text(w io.Writer, width int) error {
	p := &printer{width: max(width, minWidth)}
	p.head(r)
	for _, n := range r.Notices {
		p.notice(n)
	}
	p.settings(r.Settings)
	for _, g := range r.Groups {
		p.group(g)
		for _, c := range r.Criteria {
			if c.Group == g.ID {
				p.criterion(c)
			}
		}
	}
	p.claims(r)
	p.diff(r.Diff)
	p.stability(r.Stability)
	p.foot(r)
	_, err := io.WriteString(w, p.out.String())
	return err
}

// printer collects lines; everything printed goes through para or cells.
type printer struct {
	out   strings.Builder
	width int
	color bool
}

// para prints text behind a lead, wrapped, later lines aligned with the first.
func (p *printer) para(at int, lead, text string) {
	text = Clean(text)
	inner := at + columns(lead)
	if inner > p.width/2 { // no room beside the lead
		p.para(at, "", lead+text)
		return
	}
	for i, line := range wrap(text, p.width-inner) {
		if i > 0 {
			lead = strings.Repeat(" ", columns(lead))
		}
		p.out.WriteString(strings.TrimRight(strings.Repeat(" ", at)+lead+line, " ") + "\n")
	}
}

func (p *printer) gap() { p.out.WriteByte('\n') }

func (p *printer) head(r *Report) {
	p.para(0, "", r.Rubric.Title)
	version := fmt.Sprintf("rubric %s %s, %s", r.Rubric.Name, r.Rubric.Version, r.Rubric.Hash)
	if r.Rubric.Released != "" {
		version += ", released " + r.Rubric.Released
	}
	p.para(0, "", version)
	p.para(0, "", "submission "+r.Submission.Hash)
	p.gap()
	total := fmt.Sprintf("%d of %d points", r.Points, r.Of)
	if r.Lowest != r.Highest {
		total += fmt.Sprintf(" so far, %d to %d once everything is decided", r.Lowest, r.Highest)
	}
	p.para(0, "", fmt.Sprintf("%s; %d to pass: %s", total, r.Pass, r.State))
	if len(r.Lacks) > 0 {
		p.para(0, "", "no pass without "+strings.Join(r.Lacks, ", "))
	}
}

func (p *printer) notice(n Notice) {
	p.gap()
	p.para(0, "", n.About+": "+n.Text)
	lines := strings.Split(strings.TrimRight(n.Output, "\n"), "\n")
	if n.Output == "" {
		return
	}
	for _, line := range lines[:min(len(lines), outputLines)] {
		p.para(indent, "| ", short(line))
	}
	if more := len(lines) - outputLines; more > 0 {
		p.para(indent, "| ", fmt.Sprintf("(%d more lines in %s)", more, FileName))
	}
}

func (p *printer) group(g rubric.Subtotal) {
	p.gap()
	p.para(0, "", fmt.Sprintf("%s: %s of %d", g.Title, span(g.Points, g.Lowest, g.Highest), g.Of))
}

// span spells points, and the interval where there is one.
func span(points, lowest, highest int) string {
	if lowest == highest {
		return fmt.Sprint(points)
	}
	return fmt.Sprintf("%d (%d to %d)", points, lowest, highest)
}

func (p *printer) criterion(c rubric.Result) {
	p.gap()
	points := fmt.Sprintf("%s of %d", span(c.Points, c.Lowest, c.Highest), c.Of)
	if c.Penalty > 0 {
		points = fmt.Sprintf("%s, costs %d if met", span(c.Points, c.Lowest, c.Highest), c.Penalty)
	}
	p.para(0, "  ", fmt.Sprintf("%s: %s, %s", c.ID, outcome(c), points))
	p.para(indent, "", c.Title)
	if a := c.Automatic; a != nil {
		p.para(indent, "", fmt.Sprintf("a person decides here; automatically: %s, %s: %s",
			strings.ReplaceAll(string(a.Outcome), "_", " "), worth(a.Points), short(a.Reason)))
	}
	told := len(c.Evidence) == 1 && c.Evidence[0].Reason == c.Reason
	if !told {
		p.para(indent, "", c.Reason)
	}
	for _, e := range c.Evidence {
		p.evidence(e)
	}
}

func worth(n int) string {
	if n == 1 {
		return "1 point"
	}
	return fmt.Sprintf("%d points", n)
}

// outcome spells an outcome; a lower step or mark is partly met.
func outcome(c rubric.Result) string {
	switch {
	case c.Outcome == rubric.NotMet && c.Points > 0:
		return "partly met"
	case c.Source == rubric.FromExaminer && c.Outcome == rubric.NeedsReview:
		return "not marked yet"
	}
	return strings.ReplaceAll(string(c.Outcome), "_", " ")
}

func (p *printer) evidence(e rubric.Evidence) {
	switch e.Kind {
	case rubric.KindNotes:
		if e.Quote != "" {
			p.para(indent, "> ", short(e.Quote))
		}
		at := e.File
		if len(e.Lines) > 0 {
			at += ":" + list(e.Lines)
		}
		p.para(indent, "", fmt.Sprintf("%s: %s%s", at, short(e.Reason), named(" (rule: %s)", e.Rule)))
	case rubric.KindProbe:
		p.probe(e)
	case rubric.KindClaim:
		p.claim(indent, rubric.Claimed{Verdict: e.Verdict, Lines: e.Lines, Quote: e.Quote, Probe: e.Probe,
			World: e.World, Observed: e.Counted}, e.File, e.Reason)
	case rubric.KindMark:
		p.para(indent, "", fmt.Sprintf("%s%s: %s", e.By, named(" on %s", e.When), short(e.Reason)))
	default:
		p.para(indent, "", short(e.Reason))
	}
}

func (p *printer) probe(e rubric.Evidence) {
	p.para(indent, "", fmt.Sprintf("probe %s in the %s world:%s",
		e.Probe, e.World, named(" %s", short(e.Reason))))
	for _, s := range append(append([]string{}, e.Counted...), e.Remarks...) {
		p.para(indent, "- ", short(s))
	}
	for _, c := range e.Transcript[:min(len(e.Transcript), shownCalls)] {
		p.para(indent, "> ", c.Method+" "+short(c.Path)+named(" %s", short(c.Body)))
		answer := fmt.Sprint(c.Status)
		if c.Status == 0 {
			answer = "no answer: " + short(c.Error)
		}
		p.para(indent, "< ", answer+named(" %s", short(c.Answer)))
	}
	for _, line := range e.Logs[:min(len(e.Logs), shownLogs)] {
		p.para(indent, "| ", short(line))
	}
}

func (p *printer) foot(r *Report) {
	p.gap()
	if open := open(r); len(open) > 0 {
		p.para(0, "", "open, for a person to decide: "+strings.Join(open, ", "))
	}
	p.oddities(r)
	took := r.Run.Finished.Sub(r.Run.Started).Seconds()
	p.para(0, "", fmt.Sprintf("run %s, %.1f s%s", r.Run.ID, took, named(", %s", r.Run.Engine)))
	if r.Run.Isolation != nil {
		p.para(0, "", "isolation: "+r.Run.Isolation.String())
	}
}

// oddities tells what happened to the submission and to the machine on the way.
func (p *printer) oddities(r *Report) {
	if i := r.Run.Isolation; i != nil && len(i.Lacks) > 0 {
		p.para(0, "", "the candidate's program was less isolated than it should be: "+strings.Join(i.Lacks, ", "))
	}
	for _, s := range r.Submission.Skipped {
		p.para(0, "", fmt.Sprintf("left out of the submission: %q: %s", short(s.Path), s.Reason))
	}
	for i, a := range r.Run.Attempts {
		if a.Error != "" {
			p.para(0, "", fmt.Sprintf("attempt %d of %d at the service was broken by the machine: %s",
				i+1, len(r.Run.Attempts), short(a.Error)))
		}
	}
}

// open lists the criteria that a person has to decide, those first on which most points
// hang.
func open(r *Report) []string {
	var all []rubric.Result
	for _, c := range r.Criteria {
		if c.Lowest != c.Highest {
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b rubric.Result) int {
		return cmp.Compare(b.Highest-b.Lowest, a.Highest-a.Lowest)
	})
	out := make([]string, len(all))
	for i, c := range all {
		out[i] = c.ID
	}
	return out
}

// named formats a part that may be empty.
func named(format, s string) string {
	if s == "" {
		return ""
	}
	return fmt.Sprintf(format, s)
}

// list spells ascending line numbers, runs as ranges.
func list(lines []int) string {
	var parts []string
	for i := 0; i < len(lines); {
		j := i
		for j+1 < len(lines) && lines[j+1] == lines[j]+1 {
			j++
		}
		part := fmt.Sprint(lines[i])
		if j > i {
			part += fmt.Sprintf("-%d", lines[j])
		}
		parts = append(parts, part)
		i = j + 1
	}
	return strings.Join(parts, ",")
}
