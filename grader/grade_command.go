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
	"firedrill/grader/report/page"
	"firedrill/lab/engine"
	"firedrill/rubric/cli"
)

// maxRepeat bounds --repeat.
const maxRepeat = 1000

// options of the grading command.
type options struct {
	dir       string   // the only submission
	dirs      []string // several of them
	all       bool
	again     bool
	jobs      int
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
		Use:   "grader DIR...",
		Short: "grade what a candidate handed in",
		Long: `Grades one submission: reads DIR/incident-notes.md, compiles and probes DIR/service in
throw-away containers, scores both against the rubric, prints the grade as a table and keeps it
with all evidence in report.json and, to be read, in report.html.

Several submissions are graded side by side, as many as the machine has room for. Each has a
report of its own; a table ranks them, and cohort.csv keeps it. One that cannot be graded stops
no other. The same command goes on where it was stopped, and grades what changed since.`,
		Example: `grader examples/submissions/degraded-mode
grader --notes-only --out /tmp/report submissions/jane    # in a second, without Docker
grader --rubric my-rubric/payment.yaml submissions/jane
grader --details submissions/jane | less                  # with every quote, count and request
grader --repeat 5 submissions/jane                        # on which criteria do five differ
grader --format json submissions/jane | jq .points
grader --all submissions                                  # every directory in it, and a table
grader --out friday --jobs 2 submissions/jane submissions/joe`,
		Args:              submissionArgs,
		ValidArgsFunction: cli.Dirs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.repeat < 1 || o.repeat > maxRepeat {
				return cli.Usage(cmd, "--repeat is %d, want 1 to %d", o.repeat, maxRepeat)
			}
			if o.jobs < 0 {
				return cli.Usage(cmd, "--jobs is %d, want 1 or more", o.jobs)
			}
			if o.dirs = args; len(args) > 1 || o.all {
				if o.format != string(report.FormatText) && o.format != string(report.FormatJSON) {
					return cli.Usage(cmd, "--format %s is for one submission, several are told as text or json", o.format)
				}
				if len(o.marks) > 0 {
					return cli.Usage(cmd, "--marks is for one submission; of several, each has its DIR-marks.yaml")
				}
				if o.out == "" {
					o.out = cohortDir
				}
				return c.hurried(cmd.Context(), func(ctx context.Context) error {
					return c.gradeAll(ctx, o, cmd.OutOrStdout(), cmd.ErrOrStderr())
				})
			}
			o.dir = args[0]
			if o.out == "" {
				abs, err := filepath.Abs(o.dir)
				if err != nil {
					return err
				}
				o.out = filepath.Base(abs) + "-report"
			}
			return c.hurried(cmd.Context(), func(ctx context.Context) error {
				return c.grade(ctx, o, cmd.OutOrStdout(), cmd.ErrOrStderr())
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.out, "out", "", "`DIR` for the report's files (default NAME-report, of several grades/NAME-report)")
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
	f.BoolVar(&o.all, "all", false, "every directory in DIR is a submission")
	f.IntVar(&o.jobs, "jobs", 0, "grade `N` submissions at a time (default what the machine has room for)")
	f.BoolVar(&o.again, "again", false, "grade those of several that are graded already")
	cli.ColorFlag(cmd, &o.color)
	f.BoolVar(&o.quiet, "quiet", false, "no progress")
	cli.Complete(cmd, "out", cli.Dirs)
	return cmd
}

// submissionArgs wants directories, and hears a misspelt command.
func submissionArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		_, err := os.Lstat(args[0])
		if errors.Is(err, fs.ErrNotExist) && len(cmd.SuggestionsFor(args[0])) > 0 {
			return &commandError{fmt.Errorf("%q is neither a directory nor a command", args[0]),
				cli.DidYouMean(cmd, args[0]), ExitUsage}
		}
	}
	if len(args) == 0 {
		return cli.Usage(cmd, "want a submission directory, or several")
	}
	return nil
}

// grade grades one submission, prints the grade and keeps the report.
func (c Command) grade(ctx context.Context, o options, stdout, stderr io.Writer) error {
	if within(o.dir, o.out) {
		return inSubmission(o.out)
	}
	cfg, done, err := c.config(ctx, o, stderr)
	if err != nil {
		return err
	}
	defer done()
	if cfg.Marks, err = loadMarks(o.marks, o.dir); err != nil {
		return err
	}
	shown := c.watch(o, stderr)
	cfg.Dir, cfg.Progress = o.dir, shown.Step
	r, file, err := c.job(cfg, o.out, o.repeat).do(ctx)
	shown.Close()
	if r == nil {
		return err
	}
	serr := show(r, o, file, stdout, stderr)
	if file != "" && o.format == string(report.FormatText) {
		fmt.Fprintln(stderr, "report: "+filepath.Join(o.out, page.FileName))
	}
	return errors.Join(err, serr)
}

// job grades one submission into out, with a page to be read.
func (c Command) job(cfg Config, out string, repeat int) job {
	return job{cfg: cfg, out: out, repeat: repeat, page: func(r *report.Report) error {
		return c.renderPage(r, toExaminer, out, "", io.Discard)
	}}
}

// config is what every grade of a command line has in common. Call done at its end.
func (c Command) config(ctx context.Context, o options, stderr io.Writer) (cfg Config, done func(), err error) {
	cfg = Config{Exam: &c.Exam, NotesOnly: o.notesOnly, Seed: o.seed, Now: c.Now}
	if cfg.Rubric, err = loadRubric(o.rubric); err != nil {
		return cfg, nil, err
	}
	if cfg.Rubric, err = cfg.against(); err != nil || o.notesOnly { // once for all of them
		return cfg, func() {}, err
	}
	if cfg.Engine, err = engine.Connect(ctx); err != nil {
		return cfg, nil, err
	}
	done = func() { _ = cfg.Engine.Close() }
	if o.runtime != "" {
		if err := cfg.Engine.UseRuntime(o.runtime); err != nil {
			done()
			return cfg, nil, err
		}
	}
	if err := cfg.Engine.Tidy(ctx, c.Now(), stderr); err != nil {
		done()
		return cfg, nil, err
	}
	return cfg, done, nil
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
