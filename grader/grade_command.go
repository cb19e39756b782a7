package grader

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"firedrill/grader/progress"
	"firedrill/grader/report"
	"firedrill/lab/engine"
	"firedrill/rubric/cli"
)

// maxRepeat bounds --repeat.
const maxRepeat = 1000

// options of the grading command.
type options struct {
	dir       string
	out       string
	format    string
	rubric    string
	marks     []string
	notesOnly bool
	seed      uint64
	repeat    int
	quiet     bool
	details   bool
	color     string
	runtime   string
}

// gradeCommand is the program's own command: it grades one submission.
func (c Command) gradeCommand() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "grader DIR",
		Short: "grade what a candidate handed in",
		Long: `Grades one submission: reads DIR/incident-notes.md, compiles and probes DIR/service in
throw-away containers, scores both against the rubric, prints the grade as a table and keeps it
with all evidence in report.json and, to be read, in report.html.`,
		Example: `grader examples/submissions/degraded-mode
grader --notes-only --out /tmp/report submissions/jane    # in a second, without Docker
grader --rubric my-rubric/payment.yaml submissions/jane
grader --details submissions/jane | less                  # with every quote, count and request
grader --repeat 5 submissions/jane                        # on which criteria do five differ
grader --format json submissions/jane | jq .points`,
		Args:              oneSubmission,
		ValidArgsFunction: cli.Dirs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.repeat < 1 || o.repeat > maxRepeat {
				return cli.Usage(cmd, "--repeat is %d, want 1 to %d", o.repeat, maxRepeat)
			}
			o.dir = args[0]
			if o.out == "" {
				abs, err := filepath.Abs(o.dir)
				if err != nil {
					return err
				}
				o.out = filepath.Base(abs) + "-report"
			}
			return c.grade(cmd.Context(), o, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.out, "out", "", "`DIR` for the report's files (default NAME-report in this directory)")
	cli.Choice(cmd, &o.format, "format", "what to print", formats()...)
	rubricFlag(cmd, &o.rubric)
	f.StringArrayVar(&o.marks, "marks", nil,
		"`FILE` of an examiner's marks (default DIR-marks.yaml, if there is one); may be given several times")
	cli.Complete(cmd, "marks", cli.Files("yaml", "yml"))
	f.BoolVar(&o.notesOnly, "notes-only", false, "grade the notes only; needs no Docker")
	f.Uint64Var(&o.seed, "seed", 1, "`N` that seeds the probes' requests")
	f.IntVar(&o.repeat, "repeat", 1, "grade `N` times and report what differs; the grade is the first")
	f.StringVar(&o.runtime, "runtime", "",
		"container runtime `NAME` of the engine, such as runsc (default: the engine's)")
	f.BoolVar(&o.details, "details", false, "print all evidence, the compose changes and the diff")
	cli.ColorFlag(cmd, &o.color)
	f.BoolVar(&o.quiet, "quiet", false, "no progress")
	cli.Complete(cmd, "out", cli.Dirs)
	return cmd
}

// oneSubmission wants one directory, and hears a misspelt command.
func oneSubmission(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		_, err := os.Lstat(args[0])
		if errors.Is(err, fs.ErrNotExist) && len(cmd.SuggestionsFor(args[0])) > 0 {
			return &commandError{fmt.Errorf("%q is neither a directory nor a command", args[0]),
				cli.DidYouMean(cmd, args[0]), ExitUsage}
		}
	}
	if len(args) != 1 {
		return cli.Usage(cmd, "want one submission directory, got %d", len(args))
	}
	return nil
}

// grade grades one submission, prints the grade and keeps the report.
func (c Command) grade(ctx context.Context, o options, stdout, stderr io.Writer) error {
	if within(o.dir, o.out) {
		err := fmt.Errorf("the report's directory %s lies in the submission", o.out)
		return &commandError{err, "--out DIR names one outside: a submission stays as it is", ExitUsage}
	}
	cfg := Config{Exam: &c.Exam, Dir: o.dir, NotesOnly: o.notesOnly, Seed: o.seed, Now: c.Now}
	var err error
	if cfg.Rubric, err = loadRubric(o.rubric); err != nil {
		return err
	}
	if cfg.Marks, err = loadMarks(o.marks, o.dir); err != nil {
		return err
	}
	if !o.notesOnly {
		eng, err := engine.Connect(ctx)
		if err != nil {
			return err
		}
		defer eng.Close()
		if o.runtime != "" {
			if err := eng.UseRuntime(o.runtime); err != nil {
				return err
			}
		}
		if _, err := eng.Sweep(ctx, c.Now()); err != nil {
			return fmt.Errorf("remove what dead runs left: %w", err)
		}
		cfg.Engine = eng
	}
	shown := c.watch(o, stderr)
	cfg.Progress = shown.Step
	r, err := Repeat(ctx, cfg, o.repeat)
	shown.Close()
	if r == nil {
		return err
	}
	file, werr := r.Write(o.out)
	if werr != nil {
		werr = &commandError{werr, "--out DIR names a directory that you can write to", ExitFailed}
	}
	serr := show(r, o, file, stdout, stderr)
	if werr == nil {
		said := stderr
		if o.format != string(report.FormatText) {
			said = io.Discard
		}
		werr = c.renderPage(r, toExaminer, o.out, "", said)
	}
	return errors.Join(err, werr, serr)
}

// watch shows what is done on stderr: live on a terminal, line by line elsewhere.
func (c Command) watch(o options, stderr io.Writer) progress.Shown {
	shown := progress.Lines(stderr)
	switch {
	case o.quiet:
		return progress.Shown{Step: func(string, string) {}, Close: func() {}}
	case cli.Live(stderr):
		shown = progress.Live(stderr, cli.Width(stderr), progress.Plan{
			Together: []string{"notes", "lab", "build"},
			Steps:    map[string]int{"probe": len(c.Exam.Probes)}})
	}
	step := shown.Step // what it is told may quote a candidate's program
	shown.Step = func(phase, text string) {
		first, _, _ := strings.Cut(text, "\n")
		step(phase, report.Clean(first))
	}
	return shown
}

// show prints the grade in a format, and says where the report is.
func show(r *report.Report, o options, file string, stdout, stderr io.Writer) error {
	if format := report.Format(o.format); format != report.FormatText || o.details {
		if err := r.Encode(stdout, format, cli.Width(stdout)); err != nil {
			return err
		}
	} else if err := r.Summary(stdout, report.Screen{Width: cli.Width(stdout),
		Color: cli.Color(o.color, stdout)}); err != nil {
		return err
	}
	if file != "" && o.format == string(report.FormatText) {
		fmt.Fprintln(stderr, "report: "+file)
	}
	return nil
}

// formats are the names of those that a grade can be printed in.
func formats() []string {
	var out []string
	for _, f := range report.Formats() {
		out = append(out, string(f))
	}
	return out
}
