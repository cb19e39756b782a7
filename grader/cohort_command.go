package grader

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"firedrill/grader/cohort"
	"firedrill/grader/durable"
	"firedrill/grader/report"
	"firedrill/rubric/cli"
	"firedrill/rubric/marks"
)

// cohortDir is where the reports of several submissions go where nobody says otherwise.
const cohortDir = "grades"

// entry is one submission of a cohort.
type entry struct{ name, dir, out string }

// SomeError says that not every submission of a cohort could be graded, or not in full.
type SomeError struct {
	Of, Failed, Unchecked, Unstable int
}

func (e *SomeError) Error() string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{
		{e.Failed, "could not be graded"}, {e.Unchecked, "could be checked only in part"},
		{e.Unstable, "got grades that differ"},
	} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	return fmt.Sprintf("of %d submissions %s", e.Of, strings.Join(parts, ", "))
}

// Hint says what to do about it.
func (e *SomeError) Hint() string {
	return "the table says why; the same command grades these again and keeps the others"
}

// ExitCode is the gravest of what happened.
func (e *SomeError) ExitCode() int {
	switch {
	case e.Failed > 0:
		return ExitSome
	case e.Unchecked > 0:
		return ExitUnchecked
	}
	return ExitUnstable
}

// entries lists the submissions: each directory, or with --all each directory in them. Files
// beside those are given as well: nothing that was handed in is passed over in silence.
func (o options) entries() (all []entry, files []string, err error) {
	var dirs []string
	for _, dir := range o.dirs {
		if !o.all {
			dirs = append(dirs, dir)
			continue
		}
		list, err := os.ReadDir(dir)
		if err != nil {
			return nil, nil, &SubmissionError{Err: err}
		}
		for _, e := range list {
			path := filepath.Join(dir, e.Name())
			info, err := os.Stat(path) // the examiner's own directory: its links are theirs
			switch {
			case strings.HasPrefix(e.Name(), "."), strings.HasSuffix(path, marks.Suffix):
			case err == nil && info.IsDir():
				dirs = append(dirs, path)
			default:
				files = append(files, path)
			}
		}
	}
	names := map[string]string{}
	for _, dir := range dirs {
		abs, err := filepath.Abs(dir)
		if err != nil {
			return nil, nil, err
		}
		if within(o.out, abs) {
			continue // our own, as a shell's * gives it
		}
		name := filepath.Base(abs)
		if other, taken := names[strings.ToLower(name)]; taken {
			return nil, nil, &commandError{fmt.Errorf("%s and %s have the same name", other, dir),
				"grade them into two directories, with --out", ExitUsage}
		}
		names[strings.ToLower(name)] = dir
		out := filepath.Join(o.out, name+"-report")
		if within(dir, out) {
			return nil, nil, inSubmission(o.out)
		}
		all = append(all, entry{name: name, dir: dir, out: out})
	}
	if len(all) == 0 {
		err := fmt.Errorf("no submissions in %s", strings.Join(o.dirs, ", "))
		return nil, nil, &commandError{err, "each submission is a directory of its own", ExitSubmission}
	}
	return all, files, nil
}

func inSubmission(out string) error {
	err := fmt.Errorf("the report's directory %s lies in the submission", out)
	return &commandError{err, "--out DIR names one outside: a submission stays as it is", ExitUsage}
}

// gradeAll grades every submission, prints the table and keeps it as CSV. One that cannot be
// graded stops no other, and what an earlier start has graded is kept.
func (c Command) gradeAll(ctx context.Context, o options, stdout, stderr io.Writer) error {
	all, files, err := o.entries()
	if err != nil {
		return err
	}
	cfg, done, err := c.config(ctx, o, stderr)
	if err != nil {
		return err
	}
	defer done()
	say := func(string, ...any) {}
	if !o.quiet {
		var mu sync.Mutex
		say = func(format string, args ...any) {
			mu.Lock()
			defer mu.Unlock()
			fmt.Fprintln(stderr, report.Clean(fmt.Sprintf(format, args...)))
		}
	}
	jobs, reason := cfg.room(ctx).fits(o.jobs)
	say("%d submissions, %d at a time%s", len(all), jobs, because(reason))
	rows, tally := make([]cohort.Row, len(all)), &SomeError{Of: len(all)}
	var mu sync.Mutex
	ended := 0
	var g errgroup.Group
	g.SetLimit(jobs)
	for i, e := range all {
		g.Go(func() error {
			if ctx.Err() != nil {
				return nil
			}
			row, err := c.gradeOne(ctx, cfg, o, e, say)
			if ctx.Err() != nil && !row.Kept && err != nil {
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			rows[i] = row
			tally.count(row, err)
			ended++
			say("%s: %s (%d of %d)", e.name, ending(row), ended, len(all))
			return nil
		})
	}
	_ = g.Wait() // no function fails
	if ctx.Err() != nil {
		return &commandError{fmt.Errorf("interrupted; %d of %d submissions are graded", ended, len(all)),
			"the same command goes on from there", ExitInterrupted}
	}
	return c.conclude(o, rows, files, tally, stdout, stderr)
}

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return " (" + reason + ")"
}

// gradeOne grades one submission, unless an earlier start did.
func (c Command) gradeOne(ctx context.Context, cfg Config, o options, e entry,
	say func(string, ...any)) (cohort.Row, error) {
	row := cohort.Row{Name: e.name, Report: e.out}
	cfg.Dir = e.dir
	cfg.Progress = func(phase, text string) {
		if phase == "retry" {
			say("%s: %s", e.name, text)
		}
	}
	var err error
	if cfg.Marks, err = loadMarks(nil, e.dir); err != nil {
		row.Error = brief(err)
		return row, err
	}
	j := c.job(cfg, e.out, o.repeat)
	if !o.again {
		if r, ok := j.kept(); ok {
			if err := c.remark(j, r); err != nil {
				row.Error = brief(err)
				return row, err
			}
			row.Grade, row.Kept = cohort.Sum(r), true
			return row, unstable(r)
		}
	}
	say("%s: grading", e.name)
	r, _, err := j.do(ctx)
	if r != nil {
		row.Grade = cohort.Sum(r)
	}
	if err != nil {
		row.Error = brief(err)
	}
	return row, err
}

// remark brings an examiner's marks into a grade that was made before they came. Nothing
// else of it can change: it is scored from its record. The page is brought up to the report
// in any case: who was killed in between had no time for it.
func (c Command) remark(j job, r *report.Report) error {
	changed, err := c.marksInto(j, r)
	if err != nil {
		return err
	}
	if changed {
		_, err = r.Write(j.out)
	}
	if err == nil {
		err = j.page(r)
	}
	if err != nil {
		return &keepError{err, nil}
	}
	return nil
}

// marksInto scores a report with the marks of a job, and reports whether they are others than
// those that its record, and so its grade, holds.
func (c Command) marksInto(j job, r *report.Report) (bool, error) {
	rub, err := j.cfg.against()
	if err != nil || j.cfg.Marks == nil {
		return false, err
	}
	abs, err := filepath.Abs(j.cfg.Dir)
	if err != nil {
		return false, err
	}
	if err := fits(j.cfg.Marks, rub, filepath.Base(abs), r.Submission.Hash); err != nil {
		return false, err
	}
	were := *r.Record
	r.Record.Marks, r.Record.Conduct = j.cfg.Marks.Resolve(), j.cfg.Marks.Conduct
	old, oerr := were.JSON()
	now, nerr := r.Record.JSON()
	if err := errors.Join(oerr, nerr); err != nil || bytes.Equal(old, now) {
		return false, err
	}
	return true, c.rescore(rub, r)
}

// brief says why a row's submission could not be graded. Which one it is, the row says.
func brief(err error) string {
	var unread *SubmissionError
	if errors.As(err, &unread) {
		if inner := errors.Unwrap(unread.Err); inner != nil {
			err = inner
		}
	}
	return coded(err).Error()
}

// unstable is the error that a kept grade had.
func unstable(r *report.Report) error {
	if r.Stability == nil || len(r.Stability.Criteria) == 0 {
		return nil
	}
	return newUnstable(r.Stability)
}

func (e *SomeError) count(row cohort.Row, err error) {
	var part *UncheckedError
	var differ *UnstableError
	var lost *keepError
	switch {
	case row.Grade == nil || errors.As(err, &lost):
		e.Failed++
	case errors.As(err, &part):
		e.Unchecked++
	case errors.As(err, &differ):
		e.Unstable++
	}
}

// ending says in a few words how a submission fared.
func ending(r cohort.Row) string {
	g := r.Grade
	if g == nil {
		return "not graded: " + r.Error
	}
	points := fmt.Sprint(g.Points)
	if g.Lowest != g.Highest {
		points = fmt.Sprintf("%d (%d to %d)", g.Points, g.Lowest, g.Highest)
	}
	out := fmt.Sprintf("%s of %d, %s", points, g.Of, g.State)
	switch {
	case r.Kept:
		out += ", graded before"
	case r.Error != "":
		out += "; " + r.Error
	}
	return out
}

// conclude prints the table and keeps it.
func (c Command) conclude(o options, rows []cohort.Row, files []string, tally *SomeError,
	stdout, stderr io.Writer) error {
	cohort.Rank(rows)
	var errs []error
	data, err := cohort.CSV(rows)
	if err != nil {
		return err
	}
	if err = durable.MkdirAll(o.out); err == nil {
		err = durable.Replace(o.out, cohort.FileName, data)
	}
	if err != nil {
		errs = append(errs, fmt.Errorf("write %s: %w", cohort.FileName, err))
	}
	switch o.format {
	case "json":
		if data, err = cohort.JSON(rows); err != nil {
			return err
		}
		_, err = stdout.Write(data)
	default:
		_, err = io.WriteString(stdout, cohort.Text(rows, cli.Width(stdout)))
	}
	errs = append(errs, err)
	if len(files) > 0 {
		slices.Sort(files)
		fmt.Fprintln(stderr, "left out, as they are no directories:", report.Clean(strings.Join(files, ", ")))
	}
	if len(errs) == 1 {
		fmt.Fprintln(stderr, "reports:", filepath.Join(o.out, cohort.FileName)+" and a directory for each")
	}
	if tally.Failed+tally.Unchecked+tally.Unstable > 0 {
		errs = append(errs, tally)
	}
	return errors.Join(errs...)
}
