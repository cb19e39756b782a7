package grader

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"firedrill/grader/durable"
	"firedrill/grader/notes"
	"firedrill/grader/report"
	"firedrill/grader/rundir"
	"firedrill/lab/doctor"
	"firedrill/lab/engine"
	"firedrill/lab/image"
	"firedrill/rubric"
	"firedrill/rubric/cli"
)

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

// unchecked says why part of a grade could not be checked; empty when all was.
func unchecked(err error) string {
	var part *UncheckedError
	if !errors.As(err, &part) {
		return ""
	}
	return part.Err.Error()
}

// coded gives every error its exit code and hint.
func coded(err error) error {
	var (
		done      *commandError
		usage     *cli.Error
		unread    *SubmissionError
		invalid   *rubric.InvalidError
		missing   *image.MissingError
		runtime   *engine.RuntimeError
		unfit     *doctor.UnfitError
		unchecked *UncheckedError
		unstable  *UnstableError
		left      *LeftoverError
		marked    *MarksError
		some      *SomeError
		full      *durable.FullError
		busy      *rundir.BusyError
		place     *placeError
		lost      *keepError
	)
	switch {
	case err == nil || errors.As(err, &done) || errors.As(err, &usage):
		return err
	case errors.Is(err, context.Canceled) && errors.As(err, &left):
		return &commandError{fmt.Errorf("interrupted; %w", left),
			"the next start removes what is left, `lab gc` does it now", ExitInterrupted}
	case errors.Is(err, context.Canceled):
		return &commandError{errors.New("interrupted; containers and networks were removed"), "", ExitInterrupted}
	case errors.As(err, &full):
		return &commandError{err, full.Hint(), ExitFailed}
	case errors.As(err, &busy):
		return &commandError{err, busy.Hint(), ExitFailed}
	case errors.As(err, &place) || errors.As(err, &lost):
		return &commandError{err, "--out DIR names a directory that you can write to", ExitFailed}
	case errors.As(err, &some):
		return &commandError{err, some.Hint(), some.ExitCode()}
	case errors.As(err, &unchecked):
		return &commandError{err, unchecked.Hint(), ExitUnchecked}
	case errors.As(err, &unstable):
		return &commandError{err, unstable.Hint(), ExitUnstable}
	case errors.As(err, &unread):
		return &commandError{err, unread.Hint(), ExitSubmission}
	case errors.As(err, &invalid):
		return &commandError{err, "the rubric is not usable as it stands", ExitRubric}
	case errors.As(err, &unfit):
		return &commandError{err, unfit.Hint(), ExitEngine}
	case errors.As(err, &runtime):
		return &commandError{err, runtime.Hint(), ExitEngine}
	case errors.As(err, &marked):
		return &commandError{err, "grader marks --help shows the form", ExitRubric}
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
