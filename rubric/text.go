package rubric

import (
	"fmt"
	"strings"
)

// text spells the rubric out for an examiner.
func (r *Rubric) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nrubric %s %s, exam %s, %s\n", r.Title, r.Name, r.Version, r.Exam, r.Hash)
	if r.Base.Name != "" {
		fmt.Fprintf(&b, "builds on %s, %s\n", r.Base.Name, r.Base.Hash)
	}
	if r.Released != "" {
		fmt.Fprintf(&b, "released %s\n", r.Released)
	}
	fmt.Fprintf(&b, "%d points, %d to pass\n", r.Points, r.Pass)
	for _, g := range r.Groups {
		fmt.Fprintf(&b, "\n%s: %d points%s\n", g.Title, g.Points, g.capped())
		for _, c := range g.Criteria {
			c.text(&b)
		}
	}
	return b.String()
}

// capped says how many of a group's points count, where not all do.
func (g Group) capped() string {
	if g.Worth() == g.Points {
		return ""
	}
	return fmt.Sprintf(", of which %d count", g.Worth())
}

func (c Criterion) text(b *strings.Builder) {
	points := c.Points
	if c.Penalty {
		points = -points
	}
	fmt.Fprintf(b, "%5d  %s (%s)\n       %s\n", points, c.ID, c.Source, c.Title)
	if c.Required > 0 {
		fmt.Fprintf(b, "       no pass with fewer than %d\n", c.Required)
	}
	if len(c.Requires) > 0 {
		fmt.Fprintf(b, "       counts only with %s\n", strings.Join(c.Requires, ", "))
	}
	for _, s := range c.Steps {
		var when []string
		for _, w := range s.When {
			when = append(when, w.String())
		}
		fmt.Fprintf(b, "       %d: %s\n", s.Points, strings.Join(when, "\n          and "))
	}
	for _, a := range c.Scale {
		fmt.Fprintf(b, "       %d: %s\n", a.Points, a.Text)
	}
	if c.Verdict != "" {
		fmt.Fprintf(b, "       %s\n", c.claimed())
	}
}

// Table spells the rubric as a Markdown table, for an examiner's papers.
func (r *Rubric) Table() string {
	var b strings.Builder
	b.WriteString("| points | criterion | judged by |\n|---:|---|---|\n")
	for _, g := range r.Groups {
		fmt.Fprintf(&b, "| **%d** | **%s%s** | |\n", g.Points, cell(g.Title), g.capped())
		for _, c := range g.Criteria {
			fmt.Fprintf(&b, "| %s | %s (`%s`) | %s |\n", c.worth(), cell(c.Title), c.ID,
				cell(c.judge()))
		}
	}
	fmt.Fprintf(&b, "| **%d** | **all, %d to pass** | rubric %s %s |\n",
		r.Points, r.Pass, r.Name, r.Version)
	return b.String()
}

// worth spells what a criterion can earn or cost, partial credit included.
func (c Criterion) worth() string {
	if c.Penalty {
		return fmt.Sprintf("-%d", c.Points)
	}
	parts := []string{fmt.Sprint(c.Points)}
	for _, s := range c.Steps[min(1, len(c.Steps)):] {
		parts = append(parts, fmt.Sprint(s.Points))
	}
	for i := len(c.Scale) - 2; i >= 0; i-- {
		parts = append(parts, fmt.Sprint(c.Scale[i].Points))
	}
	return strings.Join(parts, ", ")
}

// claimed spells what is asked of claims.
func (c Criterion) claimed() string {
	which := "any claim"
	if len(c.Claims) > 0 {
		which = strings.Join(c.Claims, ", ")
	}
	return which + ": " + strings.ReplaceAll(c.Verdict, "-", " ")
}

func (c Criterion) judge() string {
	by := string(c.Source)
	if c.Verdict != "" {
		by = "claims, " + c.claimed()
	}
	if probes := c.probes(); len(probes) > 0 {
		by = "probe " + strings.Join(probes, ", ")
	}
	if c.Required > 0 {
		by += fmt.Sprintf("; no pass with fewer than %d", c.Required)
	}
	if len(c.Requires) > 0 {
		by += "; counts only with " + strings.Join(c.Requires, ", ")
	}
	return by
}

// cell keeps text within a cell of a table.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(s)
}
