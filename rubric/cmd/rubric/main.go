// Command rubric checks and shows rubric files. See rubric --help.
//
// Exit codes: 0 done; 1 a rubric has problems; 2 wrong usage; 3 a file cannot be
// read or written.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"

	"firedrill/grader/claims"
	"firedrill/grader/notes"
	"firedrill/rubric"
)

// examples holds a rubric's rules to the examples that they carry.
func examples(r *rubric.Rubric) []error {
	if r.Rules == nil {
		return nil
	}
	return append(notes.CheckExamples(r.Rules), claims.CheckExamples(r)...)
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := rubric.Command{Examples: examples}.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "error:", err)
	var coded interface{ ExitCode() int }
	if errors.As(err, &coded) {
		os.Exit(coded.ExitCode())
	}
	os.Exit(1)
}
