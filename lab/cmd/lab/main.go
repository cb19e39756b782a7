// Command lab runs an exam's lab on this machine. See lab --help.
//
// Exit codes: see package lab/command, which lists them in one place.
//
// The first Ctrl-C stops and removes what is half done, a second one ends at once.
package main

import (
	"os"

	"firedrill/fixtures/payment"
	"firedrill/lab/command"
	"firedrill/rubric/cli"
)

func main() {
	ctx := cli.Signals()
	exam, err := payment.Lab()
	if err == nil {
		err = command.Command{Exam: exam}.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	}
	os.Exit(cli.Report(os.Stderr, err))
}
