package grader

import (
	"context"
	"io"
	"time"

	"github.com/spf13/cobra"

	"firedrill/rubric/cli"
)

// Exit codes of the grader command.
const (
	ExitDone        = 0   // graded, whatever the points
	ExitFailed      = 1   // something else went wrong
	ExitUsage       = 2   // the command line
	ExitSubmission  = 3   // the submission cannot be read or was rejected
	ExitRubric      = 4   // the rubric, its rules or a file of marks are broken
	ExitEngine      = 5   // no Docker engine, or an image is missing
	ExitUnchecked   = 6   // graded, but part of it could not be checked
	ExitUnstable    = 7   // graded several times, with criteria that differ
	ExitSome        = 8   // of several submissions, some could not be graded
	ExitInterrupted = 130 // stopped by a signal; everything was cleaned up
)

// exitCodes are what help and the manual pages list.
func exitCodes() []cli.Code {
	return []cli.Code{
		{Code: ExitDone, Means: "graded, whatever the points"},
		{Code: ExitFailed, Means: "something else failed"},
		{Code: ExitUsage, Means: "wrong usage"},
		{Code: ExitSubmission, Means: "the submission cannot be read or was rejected"},
		{Code: ExitRubric, Means: "the rubric, or a file of marks, is broken"},
		{Code: ExitEngine, Means: "no Docker engine, or an image is missing"},
		{Code: ExitUnchecked, Means: "graded, but part of it could not be checked"},
		{Code: ExitUnstable, Means: "graded several times, with criteria that differ"},
		{Code: ExitSome, Means: "of several submissions, some could not be graded"},
		{Code: ExitInterrupted, Means: "stopped by a signal; everything was cleaned up"},
	}
}

// Command is the grader's command line for a set of exams.
type Command struct {
	// Exam is the exam that submissions belong to.
	Exam Exam
	// Now is the clock; nil takes time.Now.
	Now func() time.Time
}

// Run carries out one command line. Its errors have ExitCode and Hint methods.
func (c Command) Run(ctx context.Context, args []string, stdin io.Reader,
	stdout, stderr io.Writer) error {
	if c.Now == nil {
		c.Now = time.Now
	}
	p := cli.Program{Root: c.root(), Codes: exitCodes()}
	return coded(p.Run(ctx, args, stdin, stdout, stderr))
}

// Groups of commands, as help shows them.
const (
	groupNotes   = "notes"
	groupReaders = "readers"
	groupExam    = "exam"
)

// root is the tree of commands; without a command's name it grades.
func (c Command) root() *cobra.Command {
	root := c.gradeCommand()
	root.AddGroup(
		&cobra.Group{ID: groupNotes, Title: "the notes alone"},
		&cobra.Group{ID: groupReaders, Title: "the readers of notes"},
		&cobra.Group{ID: groupExam, Title: "the exam"})
	root.AddCommand(c.notesCommand(), c.explainCommand(), c.evalCommand(), c.trainCommand(),
		c.probesCommand(), c.doctorCommand(), c.reportCommand(), c.regradeCommand(), c.marksCommand(), c.schemaCommand())
	return root
}
