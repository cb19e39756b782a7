// Package quality is the part of the rubric's command line that looks at graded submissions:
// what a change of a rubric does to them, whether golden submissions get what they should,
// what none of them would notice, and how a rubric measures a cohort.
//
// It stands above package grader's readers and records, because a rubric by itself knows no
// submissions; the program rubric joins its commands with those of package rubric. The work
// is done by packages changes, regrade, golden and items; this one reads command lines and
// prints. Names of directories, quotes and reasons may hold a candidate's words: all that is
// printed as text is cleaned first, and cells of CSV are harmless in a spreadsheet.
package quality

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"firedrill/grader/golden"
	"firedrill/grader/notes"
	"firedrill/grader/regrade"
	"firedrill/grader/report"
	"firedrill/rubric"
	"firedrill/rubric/cli"
)

// Exit codes besides those of all programs; they are the rubric command's.
const (
	exitProblems = 1 // a rubric has problems, or golden submissions differ
	exitFile     = 3 // a file cannot be read or written
)

// Commands are the commands for graded submissions.
type Commands struct {
	// Load gives the rubric that a command line names; nil reads files.
	Load func(name string) (*rubric.Rubric, error)
	// Papers gives the texts that candidates of an exam were given, to tell copies.
	Papers func(exam string) ([]string, error)
}

// All lists the commands.
func (c Commands) All() []*cobra.Command {
	return []*cobra.Command{c.diffCommand(), c.testCommand(), c.keepCommand(), c.coverageCommand(),
		c.statsCommand()}
}

// load reads a rubric and what reading notes under it needs.
func (c Commands) load(name string) (*rubric.Rubric, notes.Options, error) {
	load := c.Load
	if load == nil {
		load = rubric.LoadFile
	}
	r, err := load(name)
	var invalid *rubric.InvalidError
	if errors.As(err, &invalid) {
		return nil, notes.Options{}, &cli.Error{Err: err, Code: exitProblems,
			Advice: "rubric lint " + name + " says more"}
	}
	if err != nil {
		return nil, notes.Options{}, coded(err)
	}
	opts := notes.Options{}
	if c.Papers != nil {
		if opts.Papers, err = c.Papers(r.Exam); err != nil {
			return nil, opts, err
		}
	}
	return r, opts, nil
}

// coded gives an error its exit code and hint.
func coded(err error) error {
	var done *cli.Error
	switch {
	case err == nil || errors.As(err, &done) || errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, regrade.ErrNoRecords):
		return &cli.Error{Err: err, Code: exitFile,
			Advice: "name directories of reports that hold a " + report.RecordName + "; `grader` writes them"}
	case errors.Is(err, golden.ErrNone):
		return &cli.Error{Err: err, Code: exitFile,
			Advice: "`rubric keep` makes golden submissions of reports; or write NAME.md and NAME.expected.yaml"}
	case errors.Is(err, fs.ErrNotExist):
		return &cli.Error{Err: err, Code: exitFile, Advice: "check the path"}
	}
	return &cli.Error{Err: err, Code: exitFile}
}

// writeJSON writes a value, indented.
func writeJSON(w io.Writer, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(report.Escape(data), '\n'))
	return err
}

// plural spells a number of things.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
