package grader

import (
	"github.com/spf13/cobra"

	"firedrill/grader/notes"
	"firedrill/rubric/cli"
)

// explainCommand shows how notes were read for one criterion.
func (c Command) explainCommand() *cobra.Command {
	var file string
	var o notes.Explanation
	cmd := &cobra.Command{
		Use:   "explain FILE",
		Short: "say why a rule fired or not, and which words weighed",
		Long: `Shows for one criterion, or one claim, every rule with the statements that fit it, those that
came nearest and what they lack, and which words weighed for the second reader. FILE - is standard
input.`,
		Example: `grader explain submissions/jane/incident-notes.md --criterion cause.dns
grader explain notes.md --criterion cause.dns --rubric my-rubric/payment.yaml`,
		GroupID:           groupNotes,
		Args:              cli.Args(1, 1, "file of notes"),
		ValidArgsFunction: cli.First(cli.Files("md")),
		RunE: func(cmd *cobra.Command, args []string) error {
			rules, opts, err := c.reading(file)
			if err != nil {
				return err
			}
			o.File = args[0]
			return o.Run(cmd.Context(), withClaims(rules), opts, cmd.InOrStdin(), cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&o.Criterion, "criterion", "", "`ID` of the criterion or claim to explain")
	cli.Complete(cmd, "criterion", cli.Words(func(*cobra.Command) []string {
		rules, _, err := c.reading(file)
		if err != nil {
			return nil
		}
		var out []string
		for _, r := range withClaims(rules).Criteria {
			out = append(out, cobra.CompletionWithDesc(r.ID.Value, r.Says))
		}
		return out
	}))
	rubricFlag(cmd, &file)
	return cmd
}
