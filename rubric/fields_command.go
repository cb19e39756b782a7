package rubric

import (
	"io"

	"github.com/spf13/cobra"

	"firedrill/rubric/cli"
	"firedrill/rubric/rule"
	"firedrill/rubric/shape"
)

// fieldsCommand explains every field of a kind of file.
func (c Command) fieldsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "fields [rubric|rules|claims]",
		Short: "explain every field of a rubric, of rule files or of claims",
		Long: `Explains every field of a kind of file: of rubrics, of rules (the files named under notes and
lexicon) or of claims. Fields within another stand below it, further in.`,
		Example: `rubric fields
rubric fields rules`,
		Args:              cli.Args(0, 1, "kind of file"),
		ValidArgsFunction: kindWords(),
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := Shape(append(args, KindRubric)[0])
			if err != nil {
				return cli.Usage(cmd, "%w", err)
			}
			_, err = io.WriteString(cmd.OutOrStdout(), shape.Describe(v))
			return fileError(err)
		},
	}
}

// kindWords completes kinds of file.
func kindWords() cli.Completer {
	return cli.First(cli.Words(func(*cobra.Command) []string {
		return []string{KindRubric, KindRules, KindClaims}
	}))
}

// rulesCommand explains the language of rules over notes.
func (c Command) rulesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rules",
		Short: "explain how rules over notes are written",
		Long:  rule.Language() + "\nThe fields of a rule, and of what holds it, are explained by `rubric fields rules`.",
		Args:  cli.Args(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := io.WriteString(cmd.OutOrStdout(), rule.Language())
			return fileError(err)
		},
	}
}
