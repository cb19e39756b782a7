// Command lab prepares a machine for exams: lab setup.
//
// Exit codes: 0 done; 1 something could not be provided; 2 wrong usage; 3 no
// Docker engine. See package setup.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"firedrill/fixtures/payment"
	"firedrill/grader"
	"firedrill/lab/setup"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "error:", err)
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		fmt.Fprintln(os.Stderr, "hint:", hinted.Hint())
	}
	var coded interface{ ExitCode() int }
	if errors.As(err, &coded) {
		os.Exit(coded.ExitCode())
	}
	os.Exit(1)
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 || args[0] != "setup" {
		return setup.Usage("usage: lab setup")
	}
	exam, err := payment.Exam()
	if err != nil {
		return err
	}
	tools, err := exam.Image()
	if err != nil {
		return err
	}
	grading, err := grader.Tools(&exam)
	if err != nil {
		return err
	}
	return setup.Run(ctx, args[1:], os.Stdin, os.Stdout, os.Stderr, tools, grading)
}
