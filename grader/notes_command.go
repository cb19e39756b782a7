package grader

import (
	"github.com/spf13/cobra"

	"firedrill/grader/notes"
	"firedrill/rubric/cli"
)

// notesCommand prints what notes say, criterion by criterion.
func (c Command) notesCommand() *cobra.Command {
	var file string
	var o notes.Print
	cmd := &cobra.Command{
		Use:   "notes FILE…",
		Short: "say what notes say, criterion by criterion",
		Long: `Reads files of notes and prints the finding on every criterion with its lines and quote. It
compiles and probes nothing and gives no points. FILE - is standard input.`,
		Example: `grader notes submissions/jane/incident-notes.md
grader notes --format json submissions/*/incident-notes.md | jq -r .file`,
		GroupID:           groupNotes,
		Args:              cli.Args(1, -1, "file of notes"),
		ValidArgsFunction: cli.Files("md"),
		RunE: func(cmd *cobra.Command, args []string) error {
			rules, opts, err := c.reading(file)
			if err != nil {
				return err
			}
			o.Files = args
			return o.Run(cmd.Context(), rules, opts, cmd.InOrStdin(), cmd.OutOrStdout())
		},
	}
	cli.Choice(cmd, &o.Format, "format", "what to print; json is one object a line", "text", "json")
	rubricFlag(cmd, &file)
	return cmd
}
