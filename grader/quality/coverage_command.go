package quality

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"firedrill/grader/golden"
	"firedrill/grader/report"
	"firedrill/rubric/cli"
)

// coverageCommand says what golden submissions do not show of a rubric.
func (c Commands) coverageCommand() *cobra.Command {
	var format string
	var all bool
	cmd := &cobra.Command{
		Use:   "coverage RUBRIC DIR",
		Short: "say what no golden submission would notice",
		Long: `Lists the criteria that no golden submission meets, or none misses, and the steps and marks that
none gets. Then it changes the rubric as a slip of the pen would (drops a rule, a condition, a step,
a criterion; turns a condition round; moves a limit; gives other points) and says which of these
changes leave every golden submission with what it should get.

A change that nobody notices is one that you could make by mistake. Write a golden submission that
would tell, or accept the risk: limits are moved by one, or by five percentage points, and few
teams have a submission that close to every limit.`,
		Example: `rubric coverage my-rubric/payment.yaml my-rubric/golden
rubric coverage --all rubric/payment/payment.yaml examples/submissions`,
		Args:              cli.Args(2, 2, "rubric and a directory"),
		ValidArgsFunction: cli.Files("yaml", "yml"),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, opts, err := c.load(args[0])
			if err != nil {
				return coded(err)
			}
			cases, err := golden.Load(args[1])
			if err != nil {
				return coded(err)
			}
			cover, err := golden.Cover(cmd.Context(), r, cases, opts)
			if errors.Is(err, golden.ErrDiffer) {
				return &cli.Error{Err: err, Code: exitProblems,
					Advice: "rubric test " + args[0] + " " + args[1] + " shows the differences"}
			}
			if err != nil {
				return coded(err)
			}
			if format == "json" {
				return writeJSON(cmd.OutOrStdout(), cover)
			}
			return writeCoverage(cmd.OutOrStdout(), cover, all)
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "list every change, not only the first of each criterion")
	cli.Choice(cmd, &format, "format", "what to print", "text", "json")
	return cmd
}

// shownMutants bounds what is listed of a criterion without --all.
const shownMutants = 3

func writeCoverage(w io.Writer, c *golden.Coverage, all bool) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s", plural(c.Cases, "golden submission", "golden submissions"))
	if c.NotesOnly > 0 {
		fmt.Fprintf(&b, ", %d of them notes alone", c.NotesOnly)
	}
	b.WriteByte('\n')
	for _, part := range []struct {
		title string
		names []string
	}{{"none meets", c.NeverMet}, {"none misses", c.NeverMissed}, {"none gets", c.NeverReached}} {
		if len(part.names) > 0 {
			fmt.Fprintf(&b, "\n%s\n  %s\n", part.title, strings.Join(part.names, "\n  "))
		}
	}
	b.WriteString("\nchanges that are noticed\n")
	for _, t := range c.Mutants {
		fmt.Fprintf(&b, "  %-10s %4d of %d\n", t.Kind, t.Noticed, t.Tried)
	}
	unnoticed(&b, c.Unnoticed, all)
	_, err := io.WriteString(w, b.String())
	return err
}

// unnoticed lists changes by what they are about, and few of each unless all are wanted.
func unnoticed(b *strings.Builder, mutants []golden.Mutant, all bool) {
	if len(mutants) == 0 {
		return
	}
	b.WriteString("\nchanges that nobody notices\n")
	var order []string
	of := map[string][]golden.Mutant{}
	for _, m := range mutants {
		about := m.About
		if m.Kind == golden.MutantFact {
			about = "facts for the notes"
		}
		if !slices.Contains(order, about) {
			order = append(order, about)
		}
		of[about] = append(of[about], m)
	}
	for _, about := range order {
		list := of[about]
		fmt.Fprintf(b, "  %s: %d\n", about, len(list))
		for i, m := range list {
			if i == shownMutants && !all {
				fmt.Fprintf(b, "    and %d more, with --all\n", len(list)-i)
				break
			}
			fmt.Fprintf(b, "    %s: %s\n", m.Kind, report.Clean(m.Text))
		}
	}
}
