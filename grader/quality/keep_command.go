package quality

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"firedrill/grader/golden"
	"firedrill/grader/regrade"
	"firedrill/grader/report"
	"firedrill/rubric/cli"
)

// keepCommand makes golden submissions of graded ones.
func (c Commands) keepCommand() *cobra.Command {
	var into, about string
	cmd := &cobra.Command{
		Use:   "keep RUBRIC REPORTDIR…",
		Short: "make golden submissions of graded ones",
		Long: `Keeps what grades were made of as golden submissions, without transcripts and logs, and what they
get under the rubric as what they must get. Whether they should get that is for a person to say:
read NAME.expected.yaml, and correct it where the grader is wrong.`,
		Example: `rubric keep my-rubric/payment.yaml jane-report --into my-rubric/golden
rubric keep my-rubric/payment.yaml season/*-report --into my-rubric/golden`,
		Args:              cli.Args(2, -1, "rubric and reports' directories"),
		ValidArgsFunction: cli.Dirs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if into == "" {
				return cli.Usage(cmd, "--into is missing: the directory for golden submissions")
			}
			r, opts, err := c.load(args[0])
			if err != nil {
				return coded(err)
			}
			if err := os.MkdirAll(into, 0o755); err != nil {
				return coded(err)
			}
			grader := regrade.New(r, opts)
			for _, dir := range args[1:] {
				name, err := keep(grader, dir, into, about)
				if err != nil {
					return coded(err)
				}
				fmt.Fprintln(cmd.OutOrStdout(), report.Clean(name))
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&into, "into", "", "`DIR` of golden submissions")
	cmd.Flags().StringVar(&about, "about", "", "`TEXT` that says who handed it in")
	cli.Complete(cmd, "into", cli.Dirs)
	return cmd
}

func keep(g *regrade.Grader, dir, into, about string) (string, error) {
	rec, err := report.LoadRecord(dir)
	if err != nil {
		return "", err
	}
	name := regrade.Name(dir)
	if err := golden.Keep(into, name, rec); err != nil {
		return "", err
	}
	return name, golden.Accept(into, name, about, g.Grade(golden.Afresh(rec)))
}
