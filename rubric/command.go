package rubric

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"firedrill/rubric/cli"
)

// Exit codes of the rubric command.
const (
	exitProblems = 1
	exitFile     = 3
)

// exitCodes are what help and the manual pages list.
func exitCodes() []cli.Code {
	return []cli.Code{
		{Code: 0, Means: "done"},
		{Code: exitProblems, Means: "a rubric has problems, or golden submissions differ"},
		{Code: cli.ExitUsage, Means: "wrong usage"},
		{Code: exitFile, Means: "a file cannot be read or written"},
	}
}

// Command is the rubric's command line.
type Command struct {
	// Examples judges the examples that a sound rubric's rules carry, and says which they get
	// wrong, each error as file:line: message; nil leaves them alone. Reading notes is not
	// this package's business.
	Examples func(*Rubric) []error
	// More are the commands that look at graded submissions, which this package does not know.
	More []*cobra.Command
}

// Run carries out one command line. Errors have an ExitCode method.
func (c Command) Run(ctx context.Context, args []string, stdin io.Reader,
	stdout, stderr io.Writer) error {
	p := cli.Program{Root: c.root(), Codes: exitCodes()}
	return p.Run(ctx, args, stdin, stdout, stderr)
}

// root is the tree of commands.
func (c Command) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "rubric COMMAND",
		Short: "check and show rubric files",
		Long: `Checks and shows rubrics: the files that say what counts in an exam, and for how much. See
rubric/payment for one.`,
		Example: `cp -r rubric/payment my-rubric        # a rubric of your own
rubric lint my-rubric/payment.yaml    # after every change
rubric show my-rubric/payment.yaml    # as an examiner reads it`,
	}
	root.AddCommand(c.lintCommand(), c.showCommand())
	root.AddCommand(c.More...)
	return root
}

// fileError is the error for a file that cannot be read or written.
func fileError(err error) error {
	if err == nil {
		return nil
	}
	return &cli.Error{Err: err, Code: exitFile}
}
