// Command grader grades what candidates hand in. See grader --help.
//
// Exit codes: 0 graded, whatever the points; 1 something else failed; 2 wrong usage; 3 the
// submission cannot be read or was rejected; 4 the rubric, or a file of marks, is broken; 5 no Docker engine or
// image; 6 graded, but part of it could not be checked; 7 graded several times, with criteria that
// differ; 8 of several submissions, some could not be graded; 130 interrupted, cleaned up.
//
// The first Ctrl-C stops and cleans up, a second one ends at once.
package main

import (
	"os"

	"firedrill/fixtures/payment"
	"firedrill/grader"
	"firedrill/rubric/cli"
)

func main() {
	ctx := cli.Signals()
	exam, err := payment.Exam()
	if err == nil {
		err = grader.Command{Exam: exam}.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	}
	os.Exit(cli.Report(os.Stderr, err))
}
