package setup

import "errors"

// Exit codes, as the package comment lists them.
const (
	ExitFailed   = 1
	ExitNoEngine = 3
)

// Error is a failure that a person can do something about.
type Error struct {
	Err  error
	hint string
	code int
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Hint says what to do, with the likely mistake first.
func (e *Error) Hint() string { return e.hint }

// ExitCode is the code that a command ends with.
func (e *Error) ExitCode() int { return e.code }

// noEngine is the error for a machine without an engine.
func noEngine(err error, hint string) error {
	return &Error{Err: err, hint: hint, code: ExitNoEngine}
}

// failed adds a hint to an error that has none of its own.
func failed(err error, hint string) error {
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		hint = hinted.Hint()
	}
	return &Error{Err: err, hint: hint, code: ExitFailed}
}
