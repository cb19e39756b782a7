package quality_test

import (
	"fmt"

	"firedrill/grader/quality"
)

// The commands that the program rubric joins with those of package rubric.
func ExampleCommands() {
	for _, c := range (quality.Commands{}).All()[:2] {
		fmt.Println(c.Name(), "-", c.Short)
	}
	// Output:
	// diff - say what changed between two rubrics, and for whom
	// test - hold a rubric to its golden submissions
}
