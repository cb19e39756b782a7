// Package gradertest grades submissions in tests.
//
// A hiring team that keeps a rubric of its own tests it as it tests code: these notes earn
// that criterion, this submission gets this grade, and whoever changes a rule sees which
// grades change before a candidate does.
//
//	func TestTimeoutIsNoRootCause(t *testing.T) {
//		g := gradertest.Notes(t, exam, "The pool was exhausted, so I raised its size.")
//		g.RequireNotMet("cause.dns")
//	}
//
// Goals: one line for a grade, one for each thing that must hold of it; a failure shows the
// evidence, so that the reader sees why without grading again; no Docker where only notes are
// judged. Non-goals: it has no opinion on what a grade should be, knows no exam by name, and
// offers no assertion that one comparison of a Report's fields says as well.
//
// # What fails a test
//
// An assertion that does not hold fails the test and ends it, as testify's require does. A
// submission that cannot be read, a rubric that is broken and a machine that could not check
// everything do so as well, with an error and a hint: a test that could not check is no
// passed one. A criterion that asks for a person is needs_review, and a test may well require
// just that.
//
// # Golden submissions
//
// Golden holds a rubric to a directory of submissions whose grade people have decided, without
// Docker. What changed is told criterion by criterion, with evidence; when the change is meant,
// a flag of the test's own accepts it:
//
//	var update = flag.Bool("update", false, "accept the grades as they are")
//
//	func TestGolden(t *testing.T) {
//		gradertest.Golden(t, exam, "golden", *update, gradertest.Rubric(rules))
//	}
package gradertest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"firedrill/grader"
	"firedrill/grader/report"
	"firedrill/grader/submission"
	"firedrill/lab/engine"
	"firedrill/rubric"
)

// T is what the package needs of a test. *testing.T has it, and *testing.B and *testing.F.
type T interface {
	Helper()
	// Context ends when the test does.
	Context() context.Context
	TempDir() string
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	FailNow()
}

// Option says how to grade.
type Option func(*grader.Config)

// Rubric grades against r, as rubric.LoadFile gives it, instead of the exam's own.
func Rubric(r *rubric.Rubric) Option { return func(c *grader.Config) { c.Rubric = r } }

// Seed makes the probes' requests; the default is 1.
func Seed(n uint64) Option { return func(c *grader.Config) { c.Seed = n } }

// NotesOnly leaves the service alone and needs no Docker: its criteria are not gradable.
func NotesOnly() Option { return func(c *grader.Config) { c.NotesOnly = true } }

// Grade grades the submission in dir, with everything: its service runs in throw-away
// containers, of which nothing is left afterwards. It takes about a minute and needs a Docker
// engine with the images that `make setup` provides, unless NotesOnly is among the options.
//
// Where the test has a deadline, grading stops early enough to clean up.
func Grade(t T, exam grader.Exam, dir string, options ...Option) *Graded {
	t.Helper()
	c := grader.Config{Exam: &exam, Dir: dir, Seed: 1}
	for _, o := range options {
		o(&c)
	}
	ctx, cancel := inTime(t)
	defer cancel()
	if !c.NotesOnly {
		eng, err := engine.Connect(ctx)
		if err != nil {
			fail(t, "%s", told("cannot grade "+dir, err))
		}
		defer func() {
			if err := eng.Close(); err != nil {
				t.Logf("close the engine: %v", err)
			}
		}()
		c.Engine = eng
	}
	r, err := grader.Grade(ctx, c)
	if err != nil {
		fail(t, "%s", told("cannot grade "+dir, err))
	}
	return Of(t, r)
}

// Notes grades the text of incident notes alone, without a service and without Docker.
func Notes(t T, exam grader.Exam, text string, options ...Option) *Graded {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, submission.NotesFile), []byte(text), 0o600); err != nil {
		fail(t, "cannot grade the notes: %v", err)
	}
	return Grade(t, exam, dir, append(options[:len(options):len(options)], NotesOnly())...)
}

// Of takes a report that exists already, such as one that was kept in a file.
func Of(t T, r *report.Report) *Graded { return &Graded{Report: r, t: t} }

// grace is what cleaning up may take when a test's time runs out.
const grace = 20 * time.Second

// inTime gives the test's context, which ends in time for cleaning up where the test has a
// deadline.
func inTime(t T) (context.Context, context.CancelFunc) {
	if d, ok := t.(interface{ Deadline() (time.Time, bool) }); ok {
		if at, ok := d.Deadline(); ok {
			return context.WithDeadline(t.Context(), at.Add(-grace))
		}
	}
	return context.WithCancel(t.Context())
}

// told gives an error with its hint.
func told(doing string, err error) string {
	out := doing + ": " + report.Clean(err.Error())
	var hinted interface{ Hint() string }
	switch {
	case errors.Is(err, engine.ErrUnavailable):
		out += "\nhint: start docker, or run `make setup`; gradertest.NotesOnly() needs none"
	case errors.As(err, &hinted) && hinted.Hint() != "":
		out += "\nhint: " + hinted.Hint()
	}
	return out
}

func fail(t T, format string, args ...any) {
	t.Helper()
	t.Errorf(format, args...)
	t.FailNow()
}
