package grader

import (
	"github.com/spf13/cobra"

	"firedrill/grader/notes"
	"firedrill/rubric/cli"
)

// evalCommand holds the readers against notes that people labelled.
func (c Command) evalCommand() *cobra.Command {
	var file string
	var o notes.Trial
	cmd := &cobra.Command{
		Use:   "eval DIR",
		Short: "hold the readers against labelled notes",
		Long: `Judges the notes in DIR/notes and prints how far that agrees with DIR/labels.jsonl: precision,
recall and kappa by criterion, and over all of them with intervals.`,
		Example: `grader eval examples/calibration
grader eval examples/calibration --wrong cause.dns    # which decisions differ, and why
grader eval examples/calibration --robustness         # do outcomes hold under small changes`,
		GroupID:           groupReaders,
		Args:              cli.Args(1, 1, "directory with notes/ and labels.jsonl"),
		ValidArgsFunction: cli.First(cli.Dirs),
		RunE: func(cmd *cobra.Command, args []string) error {
			rules, opts, err := c.reading(file)
			if err != nil {
				return err
			}
			o.Dir = args[0]
			return o.Run(cmd.Context(), rules, opts, cmd.OutOrStdout())
		},
	}
	f := cmd.Flags()
	cli.Choice(cmd, &o.Format, "format", "what to print", "text", "json")
	f.StringSliceVar(&o.Authors, "authors", nil, "only notes whose names begin with one of these")
	f.StringSliceVar(&o.Wrong, "wrong", nil, "list wrong decisions of these criteria, or of all")
	f.BoolVar(&o.Robustness, "robustness", false, "perturb the notes and report how outcomes hold")
	f.BoolVar(&o.RulesOnly, "rules-only", false, "judge by the rules alone, without the second reader")
	rubricFlag(cmd, &file)
	return cmd
}
