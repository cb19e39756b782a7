// Command rubric checks and shows rubric files. See rubric --help.
//
// Exit codes: 0 done; 1 a rubric has problems; 2 wrong usage; 3 a file cannot be
// read or written.
package main

import (
	"os"

	"firedrill/grader/claims"
	"firedrill/grader/notes"
	"firedrill/rubric"
	"firedrill/rubric/cli"
)

// examples holds a rubric's rules to the examples that they carry.
func examples(r *rubric.Rubric) []error {
	if r.Rules == nil {
		return nil
	}
	return append(notes.CheckExamples(r.Rules), claims.CheckExamples(r)...)
}

func main() {
	err := rubric.Command{Examples: examples}.Run(cli.Signals(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	os.Exit(cli.Report(os.Stderr, err))
}
