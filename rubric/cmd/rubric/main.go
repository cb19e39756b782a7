// Command rubric checks and shows rubric files. See rubric --help.
//
// Exit codes: 0 done; 1 a rubric has problems, or golden submissions differ; 2 wrong usage; 3 a file cannot be
// read or written.
package main

import (
	"os"

	"firedrill/fixtures/payment"
	"firedrill/grader/claims"
	"firedrill/grader/notes"
	"firedrill/grader/quality"
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

// papers gives the texts that candidates of an exam were given.
func papers(name string) ([]string, error) {
	exam, err := payment.Exam()
	if err != nil || name != exam.Name {
		return nil, err
	}
	return exam.Papers()
}

func main() {
	more := quality.Commands{Papers: papers}.All()
	err := rubric.Command{Examples: examples, More: more}.Run(cli.Signals(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	os.Exit(cli.Report(os.Stderr, err))
}
