// Command hostile plays submissions that attack the grader, and prints what became of each.
//
//	hostile [-only REGEXP] [-parallel N] [-defended=false] [-undefended=false] [-root DIR]
//
// It is for developers, needs Docker, and ends with 1 when a case did not end as it must.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"

	"firedrill/fixtures/payment"
	"firedrill/grader/hostile"
)

// rootVariable tells a child where the module is: its own directory is the case's.
const rootVariable = "HOSTILE_ROOT"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	only := flag.String("only", "", "play cases whose id matches this regular `expression`")
	parallel := flag.Int("parallel", 4, "how many at once")
	defended := flag.Bool("defended", true, "play the cases as they are")
	undefended := flag.Bool("undefended", true, "play cases once more without their defence")
	root := flag.String("root", ".", "the module's `directory`")
	play := flag.String("play", "", "for the suite itself: one case, in `JSON`")
	flag.Parse()
	exam, err := payment.Exam()
	if err != nil {
		return err
	}
	dir, err := filepath.Abs(*root)
	if err != nil {
		return err
	}
	if *play != "" {
		dir = os.Getenv(rootVariable)
	}
	ground := hostile.Ground{Exam: exam, Examples: os.DirFS(filepath.Join(dir, "examples", "submissions"))}
	if *play != "" {
		return hostile.Play(ctx, ground, *play)
	}
	if err := os.Setenv(rootVariable, dir); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	s := hostile.Suite{Ground: ground, Program: self, Root: dir, Parallel: *parallel,
		Defended: *defended, Undefended: *undefended, Out: os.Stdout}
	if *only != "" {
		if s.Only, err = regexp.Compile(*only); err != nil {
			return err
		}
	}
	return s.Run(ctx)
}
