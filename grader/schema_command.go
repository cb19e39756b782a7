package grader

import (
	"github.com/spf13/cobra"

	"firedrill/grader/report"
	"firedrill/rubric/cli"
)

// Files that have a schema.
const (
	schemaReport = "report"
	schemaRecord = "record"
)

// schemaCommand prints the JSON Schema of a file that grading writes.
func (c Command) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema [report|record]",
		Short: "print the JSON Schema of report.json or record.json",
		Long: `Prints the JSON Schema (draft 2020-12) of report.json, or of record.json, for programs that read them.

A program that reads version 1 reads every later report of version 1: no field goes away or changes
its meaning. New fields may come; ignore those that you do not know.`,
		Example: `grader schema > report.schema.json
grader schema record`,
		GroupID: groupExam,
		Args:    cli.Args(0, 1, "file"),
		ValidArgsFunction: cli.First(cli.Words(func(*cobra.Command) []string {
			return []string{schemaReport, schemaRecord}
		})),
		RunE: func(cmd *cobra.Command, args []string) error {
			which := schemaReport
			if len(args) > 0 {
				which = args[0]
			}
			data := report.Schema()
			switch which {
			case schemaReport:
			case schemaRecord:
				data = report.RecordSchema()
			default:
				return cli.Usage(cmd, "no schema of %q, want %s or %s", which, schemaReport, schemaRecord)
			}
			_, err := cmd.OutOrStdout().Write(data)
			return err
		},
	}
}
