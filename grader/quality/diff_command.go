package quality

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"firedrill/grader/regrade"
	"firedrill/grader/report"
	"firedrill/rubric"
	"firedrill/rubric/changes"
	"firedrill/rubric/cli"
)

// diffCommand says what changed between two rubrics, and for whom.
func (c Commands) diffCommand() *cobra.Command {
	var format string
	var dirs []string
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "say what changed between two rubrics, and for whom",
		Long: `Says in words what changed between two rubrics. With --submissions it scores graded submissions
under both, from what was recorded beside their reports, without Docker, and shows who gains, who
loses and who crosses the pass line, and by which points.

Notes are read again where the rules differ. What the new rubric asks for and a record does not
hold, such as a probe that did not exist then, is not gradable and costs nothing: the grade is an
interval until those submissions are graded again.`,
		Example: `rubric diff rubric/payment/payment.yaml my-rubric/payment.yaml
rubric diff old.yaml new.yaml --submissions season-2026       # reports anywhere below
rubric diff old.yaml new.yaml --submissions . --format json`,
		Args:              cli.Args(2, 2, "rubric"),
		ValidArgsFunction: cli.Files("yaml", "yml"),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := c.diff(cmd.Context(), args[0], args[1], dirs)
			if err != nil {
				return coded(err)
			}
			if format == "json" {
				return writeJSON(cmd.OutOrStdout(), d)
			}
			return d.text(cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringArrayVar(&dirs, "submissions", nil,
		"score what was graded below `DIR` under both; may be given several times")
	cli.Complete(cmd, "submissions", cli.Dirs)
	cli.Choice(cmd, &format, "format", "what to print", "text", "json")
	return cmd
}

// difference is what the command tells, as JSON.
type difference struct {
	Old     rubric.Version   `json:"old"`
	New     rubric.Version   `json:"new"`
	Changes []changes.Change `json:"changes"`
	// Submissions are those that were scored under both, changed or not; nil when none were
	// asked for.
	Submissions []regrade.Shift `json:"submissions,omitempty"`
	// Without are reports without a record: they cannot be scored again.
	Without []string `json:"without_record,omitempty"`
}

func (c Commands) diff(ctx context.Context, older, newer string, dirs []string) (*difference, error) {
	old, oldOpts, err := c.load(older)
	if err != nil {
		return nil, err
	}
	new, newOpts, err := c.load(newer)
	if err != nil {
		return nil, err
	}
	d := &difference{Old: version(old), New: version(new), Changes: changes.Between(old, new)}
	if d.Changes == nil {
		d.Changes = []changes.Change{}
	}
	if len(dirs) == 0 {
		return d, nil
	}
	cohort, err := regrade.Find(dirs...)
	if err != nil {
		return nil, err
	}
	d.Without = cohort.Without
	d.Submissions, err = regrade.Compare(ctx, cohort, regrade.New(old, oldOpts, new), regrade.New(new, newOpts, old))
	return d, err
}

func version(r *rubric.Rubric) rubric.Version {
	return rubric.Score(r, rubric.Inputs{}).Rubric
}

func (d *difference) text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s → %s %s\n", d.Old.Name, d.Old.Version, d.New.Name, d.New.Version)
	if len(d.Changes) == 0 {
		b.WriteString("\nnothing changed\n")
	}
	about := "-"
	for _, c := range d.Changes {
		if c.About != about {
			about = c.About
			fmt.Fprintf(&b, "\n%s\n", cmp.Or(about, "the rubric"))
		}
		fmt.Fprintf(&b, "  %s\n", report.Clean(c.Text))
	}
	if d.Submissions != nil {
		d.who(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// who tells what the change does to submissions: those who cross the pass line first.
func (d *difference) who(b *strings.Builder) {
	var crossing, moving []regrade.Shift
	var same []string
	for _, s := range d.Submissions {
		switch {
		case s.Crosses:
			crossing = append(crossing, s)
		case s.Changed():
			moving = append(moving, s)
		default:
			same = append(same, report.Clean(s.Name))
		}
	}
	fmt.Fprintf(b, "\n%s scored under both: %s, %s\n",
		plural(len(d.Submissions), "submission", "submissions"),
		plural(len(crossing), "crosses the pass line", "cross the pass line"),
		plural(len(moving), "more gets another grade", "more get another grade"))
	byCriterion(b, d.Submissions)
	for _, part := range []struct {
		title  string
		shifts []regrade.Shift
	}{{"cross the pass line", crossing}, {"get another grade, and stay where they are", moving}} {
		if len(part.shifts) > 0 {
			fmt.Fprintf(b, "\n%s\n", part.title)
		}
		for _, s := range part.shifts {
			shift(b, s)
		}
	}
	if len(same) > 0 {
		fmt.Fprintf(b, "\nunchanged: %s\n", strings.Join(same, ", "))
	}
	if len(d.Without) > 0 {
		fmt.Fprintf(b, "\nwithout a record, so they cannot be scored again: %s\n"+
			"\tgrade them once more to have one\n", report.Clean(strings.Join(d.Without, ", ")))
	}
}

// shift prints what changes for one submission.
func shift(b *strings.Builder, s regrade.Shift) {
	fmt.Fprintf(b, "  %s: %s, was %s", report.Clean(s.Name), spelled(s.New), spelled(s.Old))
	if s.Crosses {
		fmt.Fprintf(b, "; %s, was %s", s.New.State, s.Old.State)
	}
	b.WriteByte('\n')
	for _, m := range s.Moved {
		fmt.Fprintf(b, "    %+d %s: %s\n", m.By(), m.Criterion, move(m))
	}
}

// spelled writes totals, and what open outcomes leave.
func spelled(t regrade.Totals) string {
	if t.Lowest == t.Highest {
		return fmt.Sprintf("%d of %d", t.Points, t.Of)
	}
	return fmt.Sprintf("%d of %d (%d to %d)", t.Points, t.Of, t.Lowest, t.Highest)
}

func move(m regrade.Moved) string {
	switch {
	case m.Old == nil:
		return fmt.Sprintf("%s with %d; the old rubric does not have it", outcome(m.New), m.New.Points)
	case m.New == nil:
		return fmt.Sprintf("dropped; was %s with %d", outcome(m.Old), m.Old.Points)
	case m.Old.Outcome == m.New.Outcome:
		return fmt.Sprintf("%s, %d instead of %d", outcome(m.New), m.New.Points, m.Old.Points)
	}
	return fmt.Sprintf("%s with %d, was %s with %d: %s", outcome(m.New), m.New.Points,
		outcome(m.Old), m.Old.Points, report.Clean(m.New.Reason))
}

func outcome(s *regrade.Standing) string { return strings.ReplaceAll(string(s.Outcome), "_", " ") }

// byCriterion sums up what each criterion gives and takes, most first.
func byCriterion(b *strings.Builder, shifts []regrade.Shift) {
	type sum struct {
		id                        string
		gain, lose, opened, total int
	}
	sums := map[string]*sum{}
	for _, s := range shifts {
		for _, m := range s.Moved {
			x := sums[m.Criterion]
			if x == nil {
				x = &sum{id: m.Criterion}
				sums[m.Criterion] = x
			}
			x.total += max(m.By(), -m.By())
			switch {
			case m.By() > 0:
				x.gain++
			case m.By() < 0:
				x.lose++
			default:
				x.opened++
			}
		}
	}
	var all []*sum
	for _, x := range sums {
		all = append(all, x)
	}
	slices.SortFunc(all, func(a, b *sum) int {
		return cmp.Or(cmp.Compare(b.total, a.total), cmp.Compare(a.id, b.id))
	})
	for i, x := range all {
		if i == 0 {
			b.WriteString("\nby criterion\n")
		}
		fmt.Fprintf(b, "  %s: %d gain, %d lose", x.id, x.gain, x.lose)
		if x.opened > 0 {
			fmt.Fprintf(b, ", %d with another outcome", x.opened)
		}
		b.WriteByte('\n')
	}
}
