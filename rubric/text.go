package rubric

import (
	"fmt"
	"strings"
)

// text spells the rubric out for an examiner.
func (r *Rubric) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nrubric %s %s, exam %s, %s\n%d points, %d to pass\n",
		r.Title, r.Name, r.Version, r.Exam, r.Hash, r.Points, r.Pass)
	for _, g := range r.Groups {
		fmt.Fprintf(&b, "\n%s: %d points\n", g.Title, g.Points)
		for _, c := range g.Criteria {
			c.text(&b)
		}
	}
	return b.String()
}

func (c Criterion) text(b *strings.Builder) {
	points := c.Points
	if c.Penalty {
		points = -points
	}
	fmt.Fprintf(b, "%5d  %s (%s)\n       %s\n", points, c.ID, c.Source, c.Title)
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
}
