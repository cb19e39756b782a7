package report

import (
	"fmt"
	"io"
	"strings"

	"firedrill/grader/diff"
	"firedrill/rubric"
)

const (
	// mdRunes bounds a quoted text in the summary; report.json has the whole.
	mdRunes = 200
	// mdMost bounds the summary in bytes: a comment on a pull request holds 65,536 characters.
	mdMost = 56 << 10
	// mdItems bounds lists other than that of criteria.
	mdItems = 20
)

// Markdown writes a summary for a pull request or a step's summary: the total, what a
// person must decide, what was lost and why, and all criteria folded away.
//
// Whatever a candidate or their service wrote, and what quotes them, stands in code spans.
// There it is text alone: no HTML, link, image, mention, issue or formula comes alive. The
// summary is bounded; what is left out is said.
func (r *Report) Markdown(w io.Writer) error {
	m := &markdown{}
	m.line("## %s: %s", mdText(r.Rubric.Title), mdText(string(r.State)))
	m.line("**%s**", mdText(total(r)))
	m.line("rubric %s %s, submission %s", mdText(r.Rubric.Name), mdText(r.Rubric.Version), mdCode(r.Submission.Hash))
	m.subtotals(r.Groups)
	m.list("For a person to decide", r, standsReview)
	m.list("Could not be checked (costs nothing)", r, standsUnchecked)
	m.list("Lost", r, standsLost)
	m.list("In part", r, standsPart)
	m.contradicted(r.Claims)
	m.settings(r.Settings)
	m.notices(r.Notices)
	m.changes(r.Diff)
	m.stability(r.Stability)
	m.criteria(r)
	_, err := io.WriteString(w, m.out.String())
	return err
}

// markdown collects blocks, an empty line between them.
type markdown struct{ out strings.Builder }

// line adds a paragraph or heading.
func (m *markdown) line(format string, args ...any) {
	if m.out.Len() > 0 {
		m.out.WriteByte('\n')
	}
	fmt.Fprintf(&m.out, format+"\n", args...)
}

// items adds a bounded list under a heading; where there is nothing, nothing.
func (m *markdown) items(title string, all []string) {
	if len(all) == 0 {
		return
	}
	m.line("### %s", title)
	m.out.WriteByte('\n')
	for i, item := range all {
		if i == mdItems || m.full() {
			fmt.Fprintf(&m.out, "- %d more in %s\n", len(all)-i, FileName)
			return
		}
		m.out.WriteString("- " + item + "\n")
	}
}

func (m *markdown) full() bool { return m.out.Len() > mdMost }

func (m *markdown) subtotals(all []rubric.Subtotal) {
	m.line("| part | points | of |")
	m.out.WriteString("|:--|--:|--:|\n")
	for _, g := range all {
		fmt.Fprintf(&m.out, "| %s | %s | %d |\n", mdText(g.Title), span(g.Points, g.Lowest, g.Highest), g.Of)
	}
}

// list gives the criteria of one standing, with their reasons.
func (m *markdown) list(title string, r *Report, of standing) {
	var all []string
	for _, c := range r.Criteria {
		if stands(c) == of {
			all = append(all, fmt.Sprintf("%s %s (%s): %s", mdCode(c.ID), mdText(c.Title), pointsOf(c), mdCode(c.Reason)))
		}
	}
	m.items(title, all)
}

func (m *markdown) contradicted(all []rubric.Claimed) {
	var out []string
	for _, c := range all {
		if c.Verdict == rubric.Contradicted {
			out = append(out, fmt.Sprintf("%s: the notes say %s; observed: %s", mdCode(c.Claim),
				mdCode(c.Quote), mdCode(strings.Join(c.Observed, "; "))))
		}
	}
	m.items("Claimed, but observed otherwise", out)
}

func (m *markdown) settings(all []Setting) {
	var out []string
	for _, s := range all {
		became := "applied"
		if !s.Applied {
			became = "not applied: " + mdCode(s.Reason)
		}
		at := s.File
		if s.Line > 0 {
			at += fmt.Sprintf(":%d", s.Line)
		}
		out = append(out, mdCode(at+" "+s.Path+named(" = %s", s.Value))+" "+became)
	}
	m.items("Changes of the compose file", out)
}

func (m *markdown) notices(all []Notice) {
	var out []string
	for _, n := range all {
		out = append(out, mdCode(n.About)+" "+mdCode(n.Text))
	}
	m.items("Notices", out)
}

func (m *markdown) changes(all []diff.File) {
	var out []string
	for _, f := range all {
		if f.Path == "" {
			out = append(out, mdCode(f.Reason))
			continue
		}
		out = append(out, fmt.Sprintf("%s %s, +%d -%d", mdCode(f.Path), f.Kind, f.Added, f.Removed))
	}
	m.items("Changed files of the kit", out)
}

func (m *markdown) stability(s *Stability) {
	if s == nil {
		return
	}
	var out []string
	for _, d := range s.Criteria {
		out = append(out, mdCode(d.String()))
	}
	m.line("%d grades were made; they differ on %d criteria.", s.Runs, len(s.Criteria))
	m.items("Criteria on which grades differ", out)
}

// criteria gives all of them, folded away.
func (m *markdown) criteria(r *Report) {
	m.line("<details><summary>All %d criteria</summary>", len(r.Criteria))
	shown := 0
	for _, g := range r.Groups {
		m.line("**%s**", mdText(g.Title))
		m.out.WriteByte('\n')
		for _, c := range r.Criteria {
			if c.Group != g.ID || m.full() {
				continue
			}
			shown++
			fmt.Fprintf(&m.out, "- %s %s: **%s**, %s%s\n", mdCode(c.ID), mdText(c.Title), outcome(c), pointsOf(c), mdEvidence(c))
		}
	}
	if more := len(r.Criteria) - shown; more > 0 {
		m.line("%d more in %s", more, FileName)
	}
	m.line("</details>")
}

// mdEvidence quotes the first thing that an outcome rests on.
func mdEvidence(c rubric.Result) string {
	for _, e := range c.Evidence {
		switch {
		case e.Quote != "":
			return fmt.Sprintf("; %s: %s", mdCode(e.File+":"+list(e.Lines)), mdCode(e.Quote))
		case len(e.Counted) > 0:
			return fmt.Sprintf("; %s: %s", mdCode(e.Probe), mdCode(strings.Join(e.Counted, "; ")))
		}
	}
	return ""
}

// mdCode makes a code span of any text. The fence is longer than any run of backticks in it,
// and the text is one line, so nothing in it can end the span.
func mdCode(s string) string {
	s = strings.Join(strings.Fields(Clean(mdShort(s))), " ")
	if s == "" {
		return "`-`"
	}
	run, longest := 0, 0
	for _, r := range s {
		if r != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	fence := strings.Repeat("`", longest+1)
	if longest > 0 {
		s = " " + s + " " // one blank on either side is no part of the span
	}
	return fence + s + fence
}

func mdShort(s string) string {
	n := 0
	for i := range s {
		if n == mdRunes {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

// mdText shows a text of the rubric's as it is; what pages turn into links or mentions by
// themselves stands in a code span.
func mdText(s string) string {
	s = Clean(s)
	for _, live := range []string{"@", "#", "://", "www."} {
		if strings.Contains(s, live) {
			return strings.ReplaceAll(mdCode(s), "|", "/")
		}
	}
	return strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`,
		"<", "&lt;", ">", "&gt;", "&", "&amp;", "~", `\~`, "$", "&#36;", "|", "&#124;").Replace(s)
}
