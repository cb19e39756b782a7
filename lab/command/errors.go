package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"firedrill/lab"
	"firedrill/lab/doctor"
	"firedrill/lab/engine"
	"firedrill/lab/image"
	"firedrill/lab/setup"
	"firedrill/rubric/cli"
)

// Exit codes, as the package comment lists them.
const (
	ExitDone        = 0
	ExitFailed      = 1
	ExitUsage       = cli.ExitUsage
	ExitEngine      = setup.ExitNoEngine
	ExitImage       = 4
	ExitPort        = 5
	ExitLab         = 6
	ExitUnfit       = 7
	ExitInterrupted = 130
)

// exitCodes are what help and the manual pages list.
func exitCodes() []cli.Code {
	return []cli.Code{
		{Code: ExitDone, Means: "done"},
		{Code: ExitFailed, Means: "something else failed"},
		{Code: ExitUsage, Means: "wrong usage"},
		{Code: ExitEngine, Means: "no Docker engine"},
		{Code: ExitImage, Means: "an image is missing"},
		{Code: ExitPort, Means: "a port is taken"},
		{Code: ExitLab, Means: "no such lab, or several and none was named"},
		{Code: ExitUnfit, Means: "doctor found something that keeps labs from working"},
		{Code: ExitInterrupted, Means: "stopped by a signal; what was half done is removed"},
	}
}

// Error is a failure with the code that the command ends with and, often, a hint.
type Error struct {
	Err  error
	hint string
	code int
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Hint says what to do, or nothing.
func (e *Error) Hint() string { return e.hint }

// ExitCode is the code that the command ends with.
func (e *Error) ExitCode() int { return e.code }

// coded gives every error its exit code and hint.
func coded(err error) error {
	var (
		done     interface{ ExitCode() int }
		noImage  *image.MissingError
		noImage2 *engine.MissingImageError
		port     *engine.PortTakenError
		unfit    *doctor.UnfitError
	)
	switch {
	case err == nil || errors.As(err, &done):
		return err
	case errors.Is(err, context.Canceled):
		return &Error{errors.New("interrupted; what was half done is removed"), "", ExitInterrupted}
	case errors.As(err, &unfit) && unfit.NoEngine:
		return &Error{err, unfit.Hint(), ExitEngine}
	case errors.As(err, &unfit):
		return &Error{err, unfit.Hint(), ExitUnfit}
	case errors.As(err, &port):
		return portError(port, "")
	case errors.Is(err, engine.ErrUnavailable):
		return &Error{err, "start docker, or run `make setup`; lab doctor says more", ExitEngine}
	case errors.As(err, &noImage), errors.As(err, &noImage2):
		return &Error{err, "run `make setup` to provide the images", ExitImage}
	case errors.Is(err, lab.ErrNoLab):
		return &Error{err, "lab status lists the labs", ExitLab}
	case strings.Contains(err.Error(), "no space left on device"):
		return &Error{err, "free disk space where docker keeps its data: lab gc removes what is " +
			"dead, lab doctor says how much is free", ExitFailed}
	}
	return &Error{err, "lab doctor looks for causes", ExitFailed}
}

// portError says who holds a port, if one of our labs does, and how to go on.
func portError(p *engine.PortTakenError, holder string) error {
	hint := "free it, choose another one, or take any free ones: lab up --ports auto"
	if holder != "" {
		hint = fmt.Sprintf("lab %s holds it: lab down %s removes that, "+
			"lab up --ports auto starts one beside it", holder, holder)
	}
	return &Error{Err: p, hint: hint, code: ExitPort}
}
