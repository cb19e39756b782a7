package rubric

import (
	"github.com/spf13/cobra"

	"firedrill/rubric/cli"
)

// schemaCommand prints the JSON Schema of one kind of file.
func (c Command) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema [rubric|rules|claims]",
		Short: "print the JSON Schema of a rubric, of rule files or of claims",
		Long: `Prints the JSON Schema (draft 2020-12) of a kind of file: of rubrics, of rules (the files named under
notes and lexicon) or of claims. An editor completes and explains keys with it, and underlines what
is wrong while you type. With the YAML language server, which most editors have as a plug-in, save
it beside the files and begin each with the line

  # yaml-language-server: $schema=rubric.schema.json

"rubric new" does both. A schema cannot say everything: sums, order, references between keys and
files, probes, and the language of phrases are checked by "rubric lint" alone.`,
		Example: `rubric schema > rubric.schema.json
rubric schema rules > rules.schema.json`,
		Args:              cli.Args(0, 1, "kind of file"),
		ValidArgsFunction: kindWords(),
		RunE: func(cmd *cobra.Command, args []string) error {
			kind := KindRubric
			if len(args) > 0 {
				kind = args[0]
			}
			data, err := Schema(kind)
			if err != nil {
				return cli.Usage(cmd, "%w", err)
			}
			_, err = cmd.OutOrStdout().Write(data)
			return fileError(err)
		},
	}
}
