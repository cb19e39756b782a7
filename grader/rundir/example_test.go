package rundir_test

import (
	"fmt"
	"os"
	"time"

	"firedrill/grader/rundir"
)

// A directory tells whether a grade in it is whole, under way or failed.
func ExampleBegin() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	run, err := rundir.Begin(dir, time.Hour, time.Now)
	if err != nil {
		panic(err)
	}
	_, err = rundir.Begin(dir, time.Hour, time.Now)
	fmt.Println("a second one at once is refused:", err != nil)
	if err := run.Done(rundir.Whole{}); err != nil {
		panic(err)
	}
	s, err := rundir.Look(dir)
	fmt.Println("whole:", s.Whole != nil, err)
	// Output:
	// a second one at once is refused: true
	// whole: true <nil>
}
