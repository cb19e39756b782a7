package rubric

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

const usage = `usage: rubric lint [--probes LIST] FILE...
       rubric show [--format text|markdown] FILE

lint    report every problem of rubric files, each with its line, and every
        example of a rule that the rules get wrong
show    print a rubric as an examiner reads it

--probes LIST   also check probes and counts against LIST, a file that holds
                one probe a line: its id, then the names of its counts

exit codes: 0 done; 1 a rubric has problems; 2 wrong usage;
            3 a file cannot be read or written
`

// exitError carries the exit code of a failed command.
type exitError struct {
	error
	code int
}

// ExitCode returns the code that the process should end with.
func (e exitError) ExitCode() int { return e.code }

// Unwrap returns what went wrong.
func (e exitError) Unwrap() error { return e.error }

// Exit codes of the rubric command.
const (
	exitProblems = 1
	exitUsage    = 2
	exitFile     = 3
)

// Command is the rubric's command line.
type Command struct {
	// Examples judges the examples that a sound rubric's rules carry, and says which they get
	// wrong, each error as file:line: message; nil leaves them alone. Reading notes is not
	// this package's business.
	Examples func(*Rubric) []error
}

// Run carries out one command line. Errors have an ExitCode method.
func (c Command) Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return exitError{errors.New("no command given"), exitUsage}
	}
	switch args[0] {
	case "lint":
		return c.lint(ctx, args[1:], stdout, stderr)
	case "show":
		return runShow(args[1:], stdout, stderr)
	case "help", "-h", "--help":
		_, err := io.WriteString(stdout, usage)
		return fileError(err)
	}
	fmt.Fprint(stderr, usage)
	return exitError{fmt.Errorf("unknown command %q", args[0]), exitUsage}
}

func fileError(err error) error {
	if err == nil {
		return nil
	}
	return exitError{err, exitFile}
}

func (c Command) lint(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := newFlags("lint", stderr)
	list := flags.String("probes", "", "")
	if done, err := parse(flags, args); done {
		return err
	}
	if flags.NArg() == 0 {
		return exitError{errors.New("lint needs a rubric file"), exitUsage}
	}
	probes, err := readProbes(*list)
	if err != nil {
		return fileError(err)
	}
	count := 0
	for _, file := range flags.Args() {
		if err := ctx.Err(); err != nil {
			return fileError(err)
		}
		r, problems, err := read(os.DirFS(filepath.Dir(file)), filepath.Base(file), probes)
		if err != nil {
			return fileError(err)
		}
		if len(problems) == 0 && c.Examples != nil {
			for _, e := range c.Examples(r) {
				problems = append(problems, ruleProblems(e)...)
			}
		}
		count += len(problems)
		if err := writeProblems(stdout, filepath.Dir(file), problems); err != nil {
			return fileError(err)
		}
	}
	if count > 0 {
		return exitError{fmt.Errorf("problems found: %d", count), exitProblems}
	}
	return nil
}

func writeProblems(w io.Writer, dir string, problems []Problem) error {
	var out strings.Builder
	for _, p := range problems {
		p.File = filepath.Join(dir, p.File)
		fmt.Fprintln(&out, p)
		if p.Hint != "" {
			fmt.Fprintln(&out, "\thint: "+p.Hint)
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// readProbes reads a list of probes and their counts; no file gives nil.
func readProbes(file string) (ProbeCounts, error) {
	if file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	probes := ProbeCounts{}
	for line := range strings.Lines(string(data)) {
		if words := strings.Fields(line); len(words) > 0 {
			probes[words[0]] = words[1:]
		}
	}
	return probes, nil
}

func runShow(args []string, stdout, stderr io.Writer) error {
	flags := newFlags("show", stderr)
	format := flags.String("format", "text", "")
	if done, err := parse(flags, args); done {
		return err
	}
	if flags.NArg() != 1 {
		return exitError{errors.New("show needs one rubric file"), exitUsage}
	}
	r, err := LoadFile(flags.Arg(0))
	var invalid *InvalidError
	switch {
	case errors.As(err, &invalid):
		return exitError{err, exitProblems}
	case err != nil:
		return fileError(err)
	}
	var out string
	switch *format {
	case "text":
		out = r.text()
	case "markdown":
		out = r.Table()
	default:
		return exitError{fmt.Errorf("unknown format %q, want text or markdown", *format), exitUsage}
	}
	_, err = io.WriteString(stdout, out)
	return fileError(err)
}

func newFlags(name string, stderr io.Writer) *flag.FlagSet {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprint(stderr, usage) }
	return flags
}

// parse reads the flags; done tells that the command ends here.
func parse(flags *flag.FlagSet, args []string) (done bool, err error) {
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return true, nil
	case err != nil:
		return true, exitError{err, exitUsage}
	}
	return false, nil
}
