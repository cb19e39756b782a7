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

	"firedrill/rubric"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := rubric.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
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
