package gradertest

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"firedrill/grader"
	"firedrill/grader/golden"
	"firedrill/grader/notes"
	"firedrill/grader/report"
	"firedrill/rubric"
)

// expectedSuffix ends the name of a file that says what a submission must get.
const expectedSuffix = ".expected.yaml"

// Golden grades every golden submission of a directory and holds each to what it must get.
// Package grader/golden says what the directory holds: notes alone, or what an earlier grade
// was made of, and beside them NAME.expected.yaml. It needs no Docker. Of the options, Rubric
// counts.
//
// With update, what submissions get is written as what they must get, and logged; the test
// then passes. Look at the difference before you keep it.
func Golden(t T, exam grader.Exam, dir string, update bool, options ...Option) {
	t.Helper()
	r, opts := judged(t, exam, options)
	cases, err := golden.Load(dir)
	if err != nil {
		fail(t, "read golden submissions: %v", err)
	}
	results, err := golden.Check(t.Context(), r, cases, opts)
	if err != nil {
		fail(t, "grade golden submissions: %v", err)
	}
	var all []string
	for _, one := range results {
		if len(one.Differences) == 0 {
			continue
		}
		g := Of(t, &report.Report{Grade: one.Grade})
		all = append(all, g.differing(one.File, one.Differences))
		if update {
			g.accept(one.File)
		}
	}
	g := Graded{t: t}
	g.settle(all, fmt.Sprintf("%d of %d golden submissions get something else under rubric %s %s",
		len(all), len(cases), r.Name, r.Version), update)
}

// judged gives the rubric and how notes are read.
func judged(t T, exam grader.Exam, options []Option) (*rubric.Rubric, notes.Options) {
	t.Helper()
	var c grader.Config
	for _, o := range options {
		o(&c)
	}
	r, err := c.Rubric, error(nil)
	if r == nil {
		r, err = rubric.Load(exam.Rubrics, exam.Rubric)
	}
	var opts notes.Options
	if err == nil && exam.Papers != nil {
		opts.Papers, err = exam.Papers()
	}
	if err != nil {
		fail(t, "%s", told("cannot grade golden submissions", err))
	}
	return r, opts
}

// RequireGolden holds the grade to be what file, NAME.expected.yaml, says that it must be:
// the outcome and points of every criterion in it, and the totals. With update it writes
// the file instead and logs what changed; the test then passes.
func (g *Graded) RequireGolden(file string, update bool) {
	g.t.Helper()
	want, err := golden.ReadExpected(file)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !(missing && update) {
		fail(g.t, "read what the submission must get: %v", err)
	}
	var all []string
	if missing {
		all = []string{file + ": is new\n"}
	} else if differ := want.Differences(g.Grade); len(differ) > 0 {
		all = []string{g.differing(file, differ)}
	}
	if update && len(all) > 0 {
		g.accept(file)
	}
	g.settle(all, fmt.Sprintf("the grade under rubric %s %s is not the golden one",
		g.Rubric.Name, g.Rubric.Version), update)
}

// differing says what is not as expected, with the evidence.
func (g *Graded) differing(file string, all []golden.Difference) string {
	var b strings.Builder
	for _, d := range all {
		fmt.Fprintf(&b, "%s:%d: %s: expected %s, got %s\n%s", file, d.Line, d.About, d.Expected, d.Got,
			g.evidence(d.About))
	}
	return b.String()
}

// accept writes the grade as what is expected.
func (g *Graded) accept(file string) {
	g.t.Helper()
	dir, base := filepath.Split(file)
	name, found := strings.CutSuffix(base, expectedSuffix)
	if !found {
		fail(g.t, "%s: want a name that ends in %s", file, expectedSuffix)
	}
	if err := golden.Accept(filepath.Clean(dir), name, "", g.Grade); err != nil {
		fail(g.t, "keep what the submission must get: %v", err)
	}
}

// settle fails the test over differences, or logs those that were accepted.
func (g *Graded) settle(all []string, summary string, update bool) {
	g.t.Helper()
	switch text := strings.Join(all, "\n"); {
	case len(all) == 0:
	case update:
		g.t.Logf("%s; accepted:\n%s", summary, text)
	default:
		fail(g.t, "%s:\n%s\nhint: where every change is meant, run the test with the flag that updates them",
			summary, text)
	}
}
