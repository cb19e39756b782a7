package hostile_test

import (
	"fmt"

	"firedrill/grader/hostile"
)

// What is tried, and what stops it.
func ExampleCases() {
	for _, c := range hostile.Cases() {
		if c.Group() == "A" {
			fmt.Println(c.Group(), c.Threat != "", c.Defence != nil)
			break
		}
	}
	// Output: A true true
}
