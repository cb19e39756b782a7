package rubric

import (
	"errors"
	"io"

	"github.com/spf13/cobra"

	"firedrill/rubric/cli"
)

// showCommand prints a rubric for people.
func (c Command) showCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "show FILE",
		Short: "print a rubric as an examiner reads it",
		Example: `rubric show my-rubric/payment.yaml
rubric show --format markdown my-rubric/payment.yaml > rubric.md`,
		Args:              cli.Args(1, 1, "rubric file"),
		ValidArgsFunction: cli.First(cli.Files("yaml", "yml")),
		RunE: func(cmd *cobra.Command, args []string) error {
			return show(args[0], format, cmd.OutOrStdout())
		},
	}
	cli.Choice(cmd, &format, "format", "what to print", "text", "markdown")
	return cmd
}

func show(file, format string, stdout io.Writer) error {
	r, err := LoadFile(file)
	var invalid *InvalidError
	switch {
	case errors.As(err, &invalid):
		return &cli.Error{Err: err, Code: exitProblems,
			Advice: "rubric lint " + file + " says more"}
	case err != nil:
		return fileError(err)
	}
	out := r.text()
	if format == "markdown" {
		out = r.Table()
	}
	_, err = io.WriteString(stdout, out)
	return fileError(err)
}
