// Command examples brings the example submissions up to date with the kit: every file
// that an example does not list as changed becomes the kit's. Run it from the
// repository's root, as `make examples` does.
//
//	examples                    the kit's files only
//	examples --grade            also grade all examples, two at a time, and make what they
//	                            got what they must get; keep what each grade is made of
//	examples --grade NAME…      only these
//
// With --grade it says how each expectation changes. Read that, and the diff, before you
// keep it: what an example should get is decided by a person, not by the grader.
//
// Exit codes: 0 done; 1 something failed; 2 wrong usage.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"firedrill/examples"
	"firedrill/fixtures/payment"
	"firedrill/grader"
	"firedrill/grader/golden"
	"firedrill/lab/engine"
)

// submissions is where the examples lie, from the repository's root.
const submissions = "examples/submissions"

// side is how many examples are graded side by side.
const side = 2

func main() {
	grade := flag.Bool("grade", false, "grade the examples and write what they got as expected")
	flag.Parse()
	if !*grade && flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "error: names of examples go with --grade")
		fmt.Fprintln(os.Stderr, "hint: examples --grade", flag.Arg(0))
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *grade, flag.Args(), os.Stdout)
	stop()
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "error:", err)
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) && hinted.Hint() != "" {
		fmt.Fprintln(os.Stderr, "hint:", hinted.Hint())
	}
	os.Exit(1)
}

func run(ctx context.Context, grade bool, names []string, stdout io.Writer) error {
	kit, err := payment.Kit(payment.Standard())
	if err != nil {
		return err
	}
	done, err := examples.Refresh(submissions, kit)
	for _, name := range done {
		fmt.Fprintln(stdout, name)
	}
	if err != nil || !grade {
		return err
	}
	known, err := examples.Names(os.DirFS(submissions))
	if err != nil {
		return err
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return fmt.Errorf("there is no example %q in %s", name, submissions)
		}
	}
	if len(names) == 0 {
		names = known
	}
	return gradeAll(ctx, names, stdout)
}

// gradeAll grades the examples and writes what they got. One that could not be checked in
// full ends it, and its expectation stays.
func gradeAll(ctx context.Context, names []string, stdout io.Writer) error {
	exam, err := payment.Exam()
	if err != nil {
		return err
	}
	eng, err := engine.Connect(ctx)
	if err != nil {
		return err
	}
	defer eng.Close()
	var telling sync.Mutex
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(side)
	for _, name := range names {
		g.Go(func() error {
			r, err := grader.Grade(ctx, grader.Config{Exam: &exam,
				Dir: filepath.Join(submissions, name), Engine: eng, Seed: 1})
			if err != nil {
				return fmt.Errorf("grade %s: %w", name, err)
			}
			if err := golden.Keep(submissions, name, r.Record); err != nil {
				return err
			}
			differ, err := examples.Accept(submissions, name, r.Grade)
			if err != nil {
				return err
			}
			telling.Lock()
			defer telling.Unlock()
			fmt.Fprintf(stdout, "%s: %d of %d points\n", name, r.Points, r.Of)
			for _, d := range differ {
				fmt.Fprintln(stdout, " ", d)
			}
			return nil
		})
	}
	return g.Wait()
}
