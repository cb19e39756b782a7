package grader

import (
	"github.com/spf13/cobra"

	"firedrill/grader/notes"
	"firedrill/rubric/cli"
)

// trainCommand learns the second reader's weights.
func (c Command) trainCommand() *cobra.Command {
	var file string
	var o notes.Lesson
	cmd := &cobra.Command{
		Use:   "train DIR…",
		Short: "teach the second reader with labelled notes",
		Long: `Learns the weights of the second reader from directories with notes/ and labels.jsonl, and says
how well it reads people whom it did not learn from. Name the file that it writes under weights: in
a rubric to use it.`,
		Example: `grader train --out my-rubric/weights.tsv --unseen labelled/2 labelled/1
grader train --rubric my-rubric/payment.yaml --out w.tsv --unseen new old-1 old-2`,
		GroupID:           groupReaders,
		Args:              cli.Args(1, -1, "directory to learn from"),
		ValidArgsFunction: cli.Dirs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Out == "" || len(o.Unseen) == 0 {
				return cli.Usage(cmd, "want --out FILE and at least one --unseen DIR")
			}
			rules, opts, err := c.reading(file)
			if err != nil {
				return err
			}
			o.Dirs = args
			return o.Run(cmd.Context(), rules, opts, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Out, "out", "", "`FILE` to write the weights to")
	f.StringArrayVar(&o.Unseen, "unseen", nil,
		"`DIR` with notes that the rules' authors did not read; may be repeated")
	cli.Complete(cmd, "unseen", cli.Dirs)
	rubricFlag(cmd, &file)
	return cmd
}
