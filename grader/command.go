package grader

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"firedrill/grader/notes"
	"firedrill/grader/report"
	"firedrill/lab/engine"
	"firedrill/lab/image"
	"firedrill/rubric"
)

// Exit codes of the grader command.
const (
	ExitDone        = 0   // graded, whatever the points
	ExitFailed      = 1   // something else went wrong
	ExitUsage       = 2   // the command line
	ExitSubmission  = 3   // the submission cannot be read or was rejected
	ExitRubric      = 4   // the rubric or its rules are broken
	ExitEngine      = 5   // no Docker engine, or an image is missing
	ExitUnchecked   = 6   // graded, but part of it could not be checked
	ExitUnstable    = 7   // graded several times, with criteria that differ
	ExitInterrupted = 130 // stopped by a signal; everything was cleaned up
)

const usage = `usage: grader [flags] DIR

grades one submission: reads DIR/incident-notes.md, compiles and probes DIR/service
in throw-away containers, scores both against the rubric, prints the grade with its
evidence and writes report.json.

  grader examples/submissions/degraded-mode
  grader --notes-only --out /tmp/report submissions/jane
  grader --repeat 5 submissions/jane       on which criteria do five grades differ

further commands:
  grader notes FILE…                       what the notes say, criterion by criterion
  grader explain FILE --criterion ID       why a rule fired or not, and which words weighed
  grader eval DIR                          hold the readers against labelled notes
  grader train --out FILE DIR…             teach the second reader with labelled notes
  grader probes                            what is asked of a service

flags:
`

const exitHelp = `
exit codes: 0 graded; 1 failed; 2 wrong usage; 3 the submission cannot be read;
4 the rubric is broken; 5 no docker engine or image; 6 part could not be checked;
7 repeated grades differ on a criterion; 130 interrupted
`

// Command is the grader's command line for a set of exams.
type Command struct {
	// Exam is the exam that submissions belong to.
	Exam Exam
	// Now is the clock; nil takes time.Now.
	Now func() time.Time
}

// commandError is an error with an exit code and, often, a hint.
type commandError struct {
	err  error
	hint string
	code int
}

// Error is one that may hold a candidate's words: it is shown on a terminal.
func (e *commandError) Error() string {
	lines := strings.Split(e.err.Error(), "\n")
	for i := range lines {
		lines[i] = report.Clean(lines[i])
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the error beneath.
func (e *commandError) Unwrap() error { return e.err }

// Hint says what to do, or nothing.
func (e *commandError) Hint() string { return e.hint }

// ExitCode is the code that the command ends with.
func (e *commandError) ExitCode() int { return e.code }

// Run carries out one command line. Its errors have ExitCode and Hint methods.
func (c Command) Run(ctx context.Context, args []string, stdin io.Reader,
	stdout, stderr io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case "notes", "explain", "eval", "train":
			return c.notes(ctx, args, stdin, stdout, stderr)
		case "probes":
			return c.listProbes(stdout)
		}
	}
	o, err := parse(args, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return &commandError{err, "grader --help shows how", ExitUsage}
	}
	return coded(c.grade(ctx, o, stdout, stderr))
}

// maxRepeat bounds --repeat.
const maxRepeat = 1000

// options of the grading command.
type options struct {
	dir       string
	out       string
	format    string
	rubric    string
	notesOnly bool
	seed      uint64
	repeat    int
	quiet     bool
}

func parse(args []string, stdout io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("grader", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&o.out, "out", "", "`DIR` for report.json (default NAME-report in this directory)")
	f.StringVar(&o.format, "format", "text", "what to print: text or json")
	f.StringVar(&o.rubric, "rubric", "", "rubric `FILE` (default: the exam's own)")
	f.BoolVar(&o.notesOnly, "notes-only", false, "grade the notes only; needs no docker")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the probes' requests")
	f.IntVar(&o.repeat, "repeat", 1, "grade `N` times and report what differs; the grade is the first")
	f.BoolVar(&o.quiet, "quiet", false, "no progress")
	// Flags may stand before and behind DIR.
	var dirs []string
	for rest := args; ; {
		if err := f.Parse(rest); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				fmt.Fprint(stdout, usage)
				f.SetOutput(stdout)
				f.PrintDefaults()
				fmt.Fprint(stdout, exitHelp)
			}
			return o, err
		}
		if f.NArg() == 0 {
			break
		}
		dirs, rest = append(dirs, f.Arg(0)), f.Args()[1:]
	}
	switch {
	case len(dirs) != 1:
		return o, fmt.Errorf("want one submission directory, got %d", len(dirs))
	case o.repeat < 1 || o.repeat > maxRepeat:
		return o, fmt.Errorf("--repeat is %d, want 1 to %d", o.repeat, maxRepeat)
	case o.format != "text" && o.format != "json":
		return o, fmt.Errorf("--format is %q, want text or json", o.format)
	}
	o.dir = dirs[0]
	if o.out == "" {
		abs, err := filepath.Abs(o.dir)
		if err != nil {
			return o, err
		}
		o.out = filepath.Base(abs) + "-report"
	}
	return o, nil
}

// grade grades one submission, prints the grade and keeps the report.
func (c Command) grade(ctx context.Context, o options, stdout, stderr io.Writer) error {
	now := c.Now
	if now == nil {
		now = time.Now
	}
	if within(o.dir, o.out) {
		err := fmt.Errorf("the report's directory %s lies in the submission", o.out)
		return &commandError{err, "--out DIR names one outside: a submission stays as it is", ExitUsage}
	}
	cfg := Config{Exam: &c.Exam, Dir: o.dir, NotesOnly: o.notesOnly, Seed: o.seed, Now: now}
	if !o.quiet {
		cfg.Progress = lines(stderr)
	}
	if o.rubric != "" {
		r, err := rubric.LoadFile(o.rubric)
		if err != nil {
			return &commandError{err, "rubric lint " + o.rubric + " says more", ExitRubric}
		}
		cfg.Rubric = r
	}
	if !o.notesOnly {
		eng, err := engine.Connect(ctx)
		if err != nil {
			return err
		}
		defer eng.Close()
		if _, err := eng.Sweep(ctx, now()); err != nil {
			return fmt.Errorf("remove what dead runs left: %w", err)
		}
		cfg.Engine = eng
	}
	r, err := Repeat(ctx, cfg, o.repeat)
	if r == nil {
		return err
	}
	file, werr := r.Write(o.out)
	if werr != nil {
		werr = &commandError{werr, "--out DIR names a directory that you can write to", ExitFailed}
	}
	return errors.Join(err, werr, show(r, o.format, file, stdout, stderr))
}

func show(r *report.Report, format, file string, stdout, stderr io.Writer) error {
	if format == "json" {
		data, err := r.JSON()
		if err != nil {
			return err
		}
		_, err = stdout.Write(data)
		return err
	}
	if err := r.Text(stdout, width(stdout)); err != nil {
		return err
	}
	if file != "" {
		fmt.Fprintln(stderr, "report: "+file)
	}
	return nil
}

// width is the terminal's, or a page's where there is none.
func width(w io.Writer) int {
	const page = 100
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return page
	}
	n, _, err := term.GetSize(int(f.Fd()))
	if err != nil || n < 40 {
		return page
	}
	return n
}

// lines writes progress as plain lines, one at a time.
func lines(w io.Writer) func(phase, text string) {
	var mu sync.Mutex
	return func(phase, text string) {
		mu.Lock()
		defer mu.Unlock()
		text, _, _ = strings.Cut(text, "\n")
		fmt.Fprintf(w, "%-8s %s\n", phase, report.Clean(text))
	}
}

// listProbes documents the exam's probes for the author of a rubric.
func (c Command) listProbes(w io.Writer) error {
	for i, p := range c.Exam.Probes {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if _, err := fmt.Fprint(w, p.Describe()); err != nil {
			return err
		}
	}
	return nil
}

// coded gives every error its exit code and hint.
func coded(err error) error {
	var (
		done      *commandError
		unread    *SubmissionError
		invalid   *rubric.InvalidError
		missing   *image.MissingError
		unchecked *UncheckedError
		unstable  *UnstableError
		left      *LeftoverError
	)
	switch {
	case err == nil || errors.As(err, &done):
		return err
	case errors.Is(err, context.Canceled) && errors.As(err, &left):
		return &commandError{fmt.Errorf("interrupted; %w", left),
			"the next start removes what is left, `lab gc` does it now", ExitInterrupted}
	case errors.Is(err, context.Canceled):
		return &commandError{errors.New("interrupted; containers and networks were removed"), "", ExitInterrupted}
	case errors.As(err, &unchecked):
		return &commandError{err, unchecked.Hint(), ExitUnchecked}
	case errors.As(err, &unstable):
		return &commandError{err, unstable.Hint(), ExitUnstable}
	case errors.As(err, &unread):
		return &commandError{err, unread.Hint(), ExitSubmission}
	case errors.As(err, &invalid):
		return &commandError{err, "the rubric is not usable as it stands", ExitRubric}
	case errors.As(err, &missing):
		return &commandError{err, missing.Hint(), ExitEngine}
	case errors.Is(err, engine.ErrUnavailable): // before the files: its socket may be one
		return &commandError{err, "start docker, or run `make setup`; --notes-only needs none", ExitEngine}
	case errors.As(err, new(notes.Usage)):
		return &commandError{err, "grader --help shows how", ExitUsage}
	case errors.Is(err, fs.ErrNotExist):
		return &commandError{err, "check the path", ExitSubmission}
	}
	return &commandError{err, "", ExitFailed}
}
