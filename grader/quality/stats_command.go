package quality

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"firedrill/grader/regrade"
	"firedrill/grader/report"
	"firedrill/rubric"
	"firedrill/rubric/cli"
	"firedrill/rubric/items"
)

// statsCommand tells how a rubric measures a cohort.
func (c Commands) statsCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "stats RUBRIC DIR…",
		Short: "tell how a rubric measures a cohort",
		Long: `Scores what was graded below the directories under the rubric, from records, and tells of each
criterion

  n      for how many it is decided; what is open is missing, never zero
  mean   difficulty: the mean share of its points; of a penalty, the share who incur it
  r      discrimination: how far those who earn it earn the rest as well, itself left out
  all    everybody or nobody of them gets its points

and of the rubric Cronbach's alpha: how far its criteria measure one thing. Correlations and alpha
come with an interval of 95 %, and of fewer than ten submissions there are none. Alpha needs a
submission to be decided in full; beside it stands what alpha would be of everybody, with all that is
open at its lowest and at its highest.`,
		Example: `rubric stats my-rubric/payment.yaml season-2026
rubric stats payment@0.2.0 season-2026 --format csv > items.csv`,
		Args:              cli.Args(2, -1, "rubric and directories of reports"),
		ValidArgsFunction: cli.Dirs,
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := c.stats(cmd.Context(), args[0], args[1:])
			if err != nil {
				return coded(err)
			}
			switch format {
			case "json":
				return writeJSON(cmd.OutOrStdout(), a)
			case "csv":
				return writeItems(cmd.OutOrStdout(), a.Items)
			}
			_, err = io.WriteString(cmd.OutOrStdout(), analysisText(a))
			return err
		},
	}
	cli.Choice(cmd, &format, "format", "what to print", "text", "json", "csv")
	return cmd
}

func (c Commands) stats(ctx context.Context, file string, dirs []string) (items.Analysis, error) {
	r, opts, err := c.load(file)
	if err != nil {
		return items.Analysis{}, err
	}
	cohort, err := regrade.Find(dirs...)
	if err != nil {
		return items.Analysis{}, err
	}
	graded, err := cohort.Grade(ctx, regrade.New(r, opts))
	if err != nil {
		return items.Analysis{}, err
	}
	var grades []rubric.Grade
	for _, g := range graded {
		grades = append(grades, g.Grade)
	}
	return items.Analyse(r, grades), nil
}

func analysisText(a items.Analysis) string {
	var b strings.Builder
	fmt.Fprintf(&b, "rubric %s %s, %s: %d passed, %d failed, %d open\n", a.Rubric.Name, a.Rubric.Version,
		plural(a.N, "submission", "submissions"), a.Passed, a.Failed, a.Open)
	fmt.Fprintf(&b, "points so far: mean %.1f, standard deviation %.1f\n", a.Mean, a.Deviation)
	fmt.Fprintf(&b, "outcomes that wait for a person: %.1f %%\n", 100*a.Review)
	alpha(&b, a)
	if len(a.LeftOut) > 0 {
		fmt.Fprintf(&b, "open for all, so left out: %s\n", strings.Join(a.LeftOut, ", "))
	}
	fmt.Fprintf(&b, "\n%-26s %6s %4s %4s %5s %5s  %-16s %s\n", "criterion", "points", "n", "open", "mean", "r", "95 %", "all")
	for _, i := range a.Items {
		b.WriteString(strings.TrimRight(itemLine(i), " ") + "\n")
	}
	return b.String()
}

func alpha(b *strings.Builder, a items.Analysis) {
	switch {
	case a.Alpha != nil:
		fmt.Fprintf(b, "alpha %.2f [%.2f, %.2f] of %d decided in full", a.Alpha.Value, a.Alpha.Low, a.Alpha.High, a.Alpha.N)
	default:
		fmt.Fprintf(b, "no alpha: %d decided in full, at least %d are needed", a.Complete, items.Least)
	}
	if a.AlphaLowest != nil && a.AlphaHighest != nil {
		fmt.Fprintf(b, "; of all %d, %.2f with what is open at its lowest, %.2f at its highest",
			a.N, *a.AlphaLowest, *a.AlphaHighest)
	}
	b.WriteByte('\n')
}

func itemLine(i items.Item) string {
	mean, r, interval, all := "-", "-", "", ""
	if i.Difficulty != nil {
		mean = fmt.Sprintf("%.2f", *i.Difficulty)
	}
	if d := i.Discrimination; d != nil {
		r, interval = fmt.Sprintf("%.2f", d.Value), fmt.Sprintf("[%.2f, %.2f]", d.Low, d.High)
	}
	switch {
	case i.Everybody:
		all = "everybody"
	case i.Nobody:
		all = "nobody"
	}
	return fmt.Sprintf("%-26s %6d %4d %4d %5s %5s  %-16s %s", i.ID, i.Points, i.Decided, i.Review+i.Unchecked,
		mean, r, interval, all)
}

// writeItems writes a table for a spreadsheet. All of it is the rubric's or numbers; a text
// that a spreadsheet would take for a formula is made one that it does not.
func writeItems(w io.Writer, all []items.Item) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"criterion", "title", "source", "points", "decided", "review", "unchecked", "overridden",
		"difficulty", "discrimination", "low", "high", "n", "everybody", "nobody"}}
	for _, i := range all {
		row := []string{i.ID, report.Clean(i.Title), string(i.Source), strconv.Itoa(i.Points), strconv.Itoa(i.Decided),
			strconv.Itoa(i.Review), strconv.Itoa(i.Unchecked), strconv.Itoa(i.Overridden), figure(i.Difficulty)}
		if d := i.Discrimination; d != nil {
			row = append(row, figure(&d.Value), figure(&d.Low), figure(&d.High), strconv.Itoa(d.N))
		} else {
			row = append(row, "", "", "", "")
		}
		row = append(row, strconv.FormatBool(i.Everybody), strconv.FormatBool(i.Nobody))
		row[0], row[1] = harmless(row[0]), harmless(row[1])
		rows = append(rows, row)
	}
	return out.WriteAll(rows)
}

func figure(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', 4, 64)
}

// harmless keeps a spreadsheet from reading text as a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
