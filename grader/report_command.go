package grader

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"firedrill/grader/durable"
	"firedrill/grader/report"
	"firedrill/grader/report/page"
	"firedrill/rubric/cli"
)

// Audiences of a page.
const (
	toExaminer  = "examiner"
	toCandidate = "candidate"
)

// asPage is what the report command does where no other format is asked for.
const asPage = "html"

// reportCommand renders the page of a grade again, or prints the grade in another format.
func (c Command) reportCommand() *cobra.Command {
	var audience, out, format string
	cmd := &cobra.Command{
		Use:   "report REPORTDIR",
		Short: "render the page of a grade again, or print the grade in another format",
		Long: `Renders a grade's page from the files that grading left in REPORTDIR, without grading again. The
candidate's version says what was judged and what came out, in words that give nothing away to
those who take the exam later.

With --format the grade is printed instead: junit for a CI's list of tests, sarif for tools that
show findings beside lines, markdown for a pull request or a step's summary. These are for
examiners: they hold the rubric's words.`,
		Example: `grader report jane-report
grader report jane-report --format junit > jane.xml
grader report jane-report --format markdown >> "$GITHUB_STEP_SUMMARY"
grader report jane-report --audience candidate                 # jane-report/candidate.html
grader report jane-report --audience candidate --out jane.html`,
		Args:              cli.Args(1, 1, "report's directory"),
		ValidArgsFunction: cli.Dirs,
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := report.Load(args[0])
			if errors.Is(err, fs.ErrNotExist) {
				err := fmt.Errorf("%s holds no %s", args[0], report.FileName)
				return &commandError{err, "name the directory that grading wrote to, NAME-report", ExitUsage}
			}
			if err != nil {
				return &commandError{err, "grade the submission again", ExitFailed}
			}
			switch {
			case format == asPage:
				return c.renderPage(r, audience, args[0], out, cmd.ErrOrStderr())
			case audience != toExaminer:
				return cli.Usage(cmd, "--format %s holds the rubric's words: --audience %s has a page alone",
					format, audience)
			case out != "":
				return cli.Usage(cmd, "--out is for the page; --format %s prints", format)
			}
			return r.Encode(cmd.OutOrStdout(), report.Format(format), cli.Width(cmd.OutOrStdout()))
		},
	}
	cli.Choice(cmd, &format, "format", "the page, or what to print", append([]string{asPage}, formats()...)...)
	cli.Choice(cmd, &audience, "audience", "who reads it", toExaminer, toCandidate)
	cmd.Flags().StringVar(&out, "out", "", "`FILE` to write (default report.html or candidate.html in REPORTDIR)")
	return cmd
}

// renderPage writes the page for an audience and tells where. With the examiner's page beside
// the report, the candidate's is written anew where there is one: it never tells another grade.
func (c Command) renderPage(r *report.Report, audience, dir, out string, stderr io.Writer) error {
	if err := c.writePage(r, audience, dir, out, stderr); err != nil {
		return err
	}
	if audience != toExaminer || out != "" {
		return nil
	}
	if _, err := os.Stat(filepath.Join(dir, page.CandidateName)); err != nil {
		return nil
	}
	return c.writePage(r, toCandidate, dir, "", stderr)
}

func (c Command) writePage(r *report.Report, audience, dir, out string, stderr io.Writer) error {
	name, render := page.FileName, page.Examiner
	if audience == toCandidate {
		name, render = page.CandidateName, page.Candidate
	}
	if out != "" {
		dir, name = filepath.Split(filepath.Clean(out))
		dir = filepath.Clean(dir)
	}
	var html bytes.Buffer
	if err := render(&html, page.Input{Report: r, Probes: c.Exam.Probes}); err != nil {
		return err
	}
	err := durable.MkdirAll(dir)
	if was, rerr := os.ReadFile(filepath.Join(dir, name)); err == nil && (rerr != nil || !bytes.Equal(was, html.Bytes())) {
		err = durable.Replace(dir, name, html.Bytes())
	}
	if err != nil {
		return &commandError{fmt.Errorf("write page: %w", err),
			"--out names a file that you can write to", ExitFailed}
	}
	_, err = fmt.Fprintln(stderr, "report: "+filepath.Join(dir, name))
	return err
}
