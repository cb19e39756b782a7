package command

import (
	"context"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"firedrill/lab/engine"
	"firedrill/lab/image"
	"firedrill/rubric/cli"
)

// Command is the command line for one exam.
type Command struct {
	Exam Exam
	// Now is the clock; nil takes time.Now.
	Now func() time.Time
	// Open shows a URL in a browser; nil takes the system's.
	Open func(ctx context.Context, url string) error
}

// session is one run of a subcommand.
type session struct {
	Command
	stdout, stderr io.Writer
}

// Run carries out one command line. Its errors have ExitCode and Hint methods.
func (c Command) Run(ctx context.Context, args []string, stdin io.Reader,
	stdout, stderr io.Writer) error {
	if err := c.Exam.validate(); err != nil {
		return coded(err)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	s := session{Command: c, stdout: stdout, stderr: stderr}
	return coded(cli.Program{Root: s.root(), Codes: exitCodes()}.Run(ctx, args, stdin, stdout, stderr))
}

// Groups of commands, as help shows them.
const (
	groupLab     = "lab"
	groupPapers  = "papers"
	groupMachine = "machine"
)

// root is the tree of commands.
func (s session) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "lab COMMAND",
		Short: "run an exam's lab in throw-away containers on this machine",
		Long: `Runs the exam's lab in throw-away containers on this machine: starts it with its fault, moves
it between the worlds, and writes what candidates and examiners get.`,
		Example: `lab doctor && lab up --open            # an exam, from the examiner's side
lab kit ~/exam/kit
lab kit --examiner ~/exam/papers
lab heal && lab break                  # the fault ends, and comes back
lab down`,
	}
	root.AddGroup(&cobra.Group{ID: groupLab, Title: "a lab"},
		&cobra.Group{ID: groupPapers, Title: "an exam's papers"},
		&cobra.Group{ID: groupMachine, Title: "this machine"})
	root.AddCommand(s.upCommand(), s.statusCommand(), s.logsCommand(), s.healCommand(),
		s.breakCommand(), s.downCommand(), s.kitCommand(), s.setupCommand(), s.doctorCommand(),
		s.gcCommand())
	return root
}

// images are the exam's, in a stable order.
func (c Command) images() []image.Image {
	var out []image.Image
	for _, role := range slices.Sorted(maps.Keys(c.Exam.Images)) {
		out = append(out, c.Exam.Images[role])
	}
	return out
}

// find looks up the exam's images; a missing one is an error with a hint.
func (c Command) find(ctx context.Context, eng *engine.Engine) (map[string]string, error) {
	store := image.NewStore(eng.Client(), nil)
	out := map[string]string{}
	for _, role := range slices.Sorted(maps.Keys(c.Exam.Images)) {
		ref, err := store.Find(ctx, c.Exam.Images[role])
		if err != nil {
			return nil, err
		}
		out[role] = ref
	}
	return out, nil
}
