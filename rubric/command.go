package rubric

import (
	"context"
	"io"
	"time"

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
	// Know is what the linter is told about exams, and how it reads notes.
	Know Knowledge
	// Corpus tries a sound rubric's rules on the notes in directories; nil leaves it out.
	Corpus func(r *Rubric, dirs []string) (Corpus, error)
	// More are the commands that look at graded submissions, which this package does not know.
	More []*cobra.Command
	// Now is the clock that releases are stamped by; nil is the machine's.
	Now func() time.Time
}

func (c Command) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
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
		Short: "begin, check, release and show rubrics",
		Long: `Rubrics are the files that say what counts in an exam, and for how much. A rubric names criteria in
groups; each is judged by rules over the notes, by what probes counted, by the notes' claims held
against those counts, or by an examiner. To write one of your own, begin with "rubric new", change
what it wrote, and lint after every change. To change what exists, copy it.`,
		Example: `rubric new my-rubric                      # a small one that works, to be changed
rubric fields                             # what every field means
rubric rules                              # how rules over notes are written
rubric lint my-rubric/rubric.yaml         # after every change: what is wrong, and what to do
rubric test my-rubric/rubric.yaml my-rubric/golden
rubric release --change "first release" my-rubric/rubric.yaml`,
	}
	root.AddCommand(c.lintCommand(), c.showCommand(), c.schemaCommand(), c.fmtCommand(),
		c.releaseCommand(), c.releasesCommand(), c.newCommand(), c.fieldsCommand(), c.rulesCommand())
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
