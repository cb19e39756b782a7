package grader

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"firedrill/grader/notes"
	"firedrill/grader/regrade"
	"firedrill/grader/report"
	"firedrill/rubric"
	"firedrill/rubric/cli"
)

// reportMarks is the name of a file of marks in a report's directory.
const reportMarks = "marks.yaml"

// regradeCommand scores a graded submission again from its record.
func (c Command) regradeCommand() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "regrade REPORTDIR",
		Short: "score a graded submission again, with an examiner's marks or another rubric",
		Long: `Scores a graded submission again from what was recorded beside its report: in a second, without
Docker. Marks come from --marks, or from REPORTDIR/marks.yaml; without either those stay that the
grade was made with. The report is written anew in its place, with all that was decided before.

It is scored under the rubric that it was graded under, also when that is an old release. With
--rubric it is another one, and --out must name another directory: a grade is not overwritten by
one under other rules.`,
		Example: `grader regrade jane-report                          # after filling jane-report/marks.yaml
grader regrade jane-report --marks ada.yaml --marks bo.yaml
grader regrade jane-report --rubric my-rubric/payment.yaml --out jane-trial`,
		Args:              cli.Args(1, 1, "report's directory"),
		ValidArgsFunction: cli.Dirs,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dir = args[0]
			if o.rubric != "" && o.out == "" {
				return cli.Usage(cmd, "--rubric needs --out: the grade under its own rubric is kept")
			}
			if o.out == "" {
				o.out = o.dir
			}
			return c.regrade(o, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.out, "out", "", "`DIR` for the new report (default REPORTDIR)")
	f.StringArrayVar(&o.marks, "marks", nil, "`FILE` of marks (default REPORTDIR/marks.yaml); may be given several times")
	cli.Choice(cmd, &o.format, "format", "what to print", formats()...)
	rubricFlag(cmd, &o.rubric)
	f.BoolVar(&o.details, "details", false, "print all evidence")
	cli.ColorFlag(cmd, &o.color)
	cli.Complete(cmd, "out", cli.Dirs)
	cli.Complete(cmd, "marks", cli.Files("yaml", "yml"))
	return cmd
}

func (c Command) regrade(o options, stdout, stderr io.Writer) error {
	r, err := report.Load(o.dir)
	if errors.Is(err, fs.ErrNotExist) {
		err := fmt.Errorf("%s holds no %s", o.dir, report.FileName)
		return &commandError{err, "name the directory that grading wrote to, NAME-report", ExitUsage}
	}
	if err != nil {
		return &commandError{err, "grade the submission again", ExitFailed}
	}
	if r.Record == nil {
		err := fmt.Errorf("%s holds no %s of the same grade", o.dir, report.RecordName)
		return &commandError{err, "grade the submission again: then there is one", ExitFailed}
	}
	rub, err := c.under(o.rubric, r.Record.Rubric)
	if err != nil {
		return err
	}
	if err := marked(o, rub, r.Record); err != nil {
		return err
	}
	if err := c.rescore(rub, r); err != nil {
		return err
	}
	file, err := r.Write(o.out)
	if err != nil {
		return &commandError{err, "--out DIR names a directory that you can write to", ExitFailed}
	}
	said := stderr
	if o.format != string(report.FormatText) {
		said = io.Discard
	}
	return errors.Join(show(r, o, file, stdout, stderr), c.renderPage(r, toExaminer, o.out, "", said))
}

// under gives the rubric to score under: the one that a file holds, or the very one that the
// grade was made under.
func (c Command) under(file string, was rubric.Version) (*rubric.Rubric, error) {
	if file != "" {
		return loadRubric(file)
	}
	r, err := rubric.Load(c.Exam.Rubrics, c.Exam.Rubric)
	if err == nil && r.Hash != was.Hash {
		r, err = rubric.Load(c.Exam.Rubrics, c.Exam.Rubric+"@"+was.Version)
	}
	if err == nil && r.Hash != was.Hash {
		err = fmt.Errorf("the grade was made under other content, %s", was.Hash)
	}
	if err != nil {
		err = fmt.Errorf("find the rubric %s %s: %w", was.Name, was.Version, err)
		return nil, &commandError{err, "--rubric FILE names it, with --out DIR for the new grade", ExitRubric}
	}
	return r, nil
}

// marked puts an examiner's marks into the record, where there are some.
func marked(o options, r *rubric.Rubric, rec *report.Record) error {
	files := o.marks
	if len(files) == 0 {
		file := filepath.Join(o.dir, reportMarks)
		if _, err := os.Lstat(file); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		files = []string{file}
	}
	sheet, err := readMarks(files)
	if err != nil {
		return err
	}
	if err := fits(sheet, r, regrade.Name(filepath.Clean(o.dir)), rec.Submission.Hash); err != nil {
		return err
	}
	rec.Marks, rec.Conduct = sheet.Resolve(), sheet.Conduct
	return nil
}

// rescore replaces the grade of a report by one that its record gives.
func (c Command) rescore(rub *rubric.Rubric, r *report.Report) error {
	cfg := Config{Exam: &c.Exam, Rubric: rub}
	if _, err := cfg.against(); err != nil {
		return &commandError{err, "name a rubric of this exam", ExitRubric}
	}
	papers, err := cfg.papers()
	if err != nil {
		return err
	}
	g := regrade.New(rub, notes.Options{Papers: papers})
	in, said := g.Inputs(r.Record)
	r.Claims = in.Claims
	r.Grade = rubric.Score(rub, in)
	r.Record.Findings, r.Record.Said, r.Record.Rubric = in.Findings, said, r.Grade.Rubric
	return nil
}
