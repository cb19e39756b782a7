// Command lab runs an exam's lab on this machine. See lab --help.
//
// Exit codes: see package lab/command, which lists them in one place.
//
// The first Ctrl-C stops and removes what is half done, a second one ends at once.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"firedrill/fixtures/payment"
	"firedrill/lab/command"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // from now on a signal has its usual effect
	exam, err := payment.Lab()
	if err == nil {
		err = command.Command{Exam: exam}.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	}
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "error:", err)
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) && hinted.Hint() != "" {
		fmt.Fprintln(os.Stderr, "hint:", hinted.Hint())
	}
	var coded interface{ ExitCode() int }
	if errors.As(err, &coded) {
		os.Exit(coded.ExitCode())
	}
	os.Exit(command.ExitFailed)
}
