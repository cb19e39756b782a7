package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Exit codes that mean the same in all programs.
const (
	ExitFailed = 1 // of an error that names no other
	ExitUsage  = 2 // the command line is wrong
)

// Error is a failure with the code that the program ends with and, often, what to do.
type Error struct {
	Err    error
	Advice string // empty where there is none
	Code   int
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Hint says what to do, or nothing.
func (e *Error) Hint() string { return e.Advice }

// ExitCode is the code that the program ends with.
func (e *Error) ExitCode() int { return e.Code }

// Usage is the error for a wrong command line of cmd.
func Usage(cmd *cobra.Command, format string, args ...any) error {
	return usageError(cmd, format, args...)
}

func usageError(cmd *cobra.Command, format string, args ...any) *Error {
	return &Error{Err: fmt.Errorf(format, args...), Code: ExitUsage,
		Advice: cmd.CommandPath() + " --help shows how"}
}

// flagError is cobra's hook for flags that cannot be read.
func flagError(cmd *cobra.Command, err error) error {
	e := usageError(cmd, "%w", err)
	var bad *pflag.InvalidValueError
	if errors.As(err, &bad) {
		e.Err = fmt.Errorf("--%s is %q, want %s", bad.GetFlag().Name, bad.GetValue(), wanted(bad))
	}
	var none *pflag.NotExistError
	if errors.As(err, &none) && none.GetSpecifiedShortnames() == "" {
		if like := didYouMean("--", flagsLike(cmd, none.GetSpecifiedName())); like != "" {
			e.Advice = like
		}
	}
	return e
}

// wanted says what a flag takes.
func wanted(bad *pflag.InvalidValueError) string {
	switch kind := bad.GetFlag().Value.Type(); kind {
	case "int", "uint64":
		return "a number"
	case "bool":
		return "nothing, or true or false"
	case "duration":
		return "a duration such as 90s, 45m or 8h"
	default:
		return strings.ReplaceAll(kind, "|", " or ")
	}
}

// flagsLike gives the flags whose names are near a misspelt one, by the measure that cobra
// has for commands.
func flagsLike(cmd *cobra.Command, name string) []string {
	names := &cobra.Command{SuggestionsMinimumDistance: 2}
	nothing := func(*cobra.Command, []string) {}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names.AddCommand(&cobra.Command{Use: f.Name, Run: nothing})
		}
	})
	return names.SuggestionsFor(name)
}

func didYouMean(before string, like []string) string {
	if len(like) == 0 {
		return ""
	}
	slices.Sort(like)
	for i, s := range like {
		like[i] = "`" + before + s + "`"
	}
	return "did you mean " + strings.Join(slices.Compact(like), " or ") + "?"
}

// Report tells people of a program's error, as `error:` and `hint:`, and gives the code to
// end with; no error is 0.
func Report(stderr io.Writer, err error) (code int) {
	if err == nil {
		return 0
	}
	fmt.Fprintln(stderr, "error:", err)
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) && hinted.Hint() != "" {
		fmt.Fprintln(stderr, "hint:", hinted.Hint())
	}
	var coded interface{ ExitCode() int }
	if errors.As(err, &coded) {
		return coded.ExitCode()
	}
	return ExitFailed
}
