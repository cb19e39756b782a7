package examples_test

import (
	"fmt"
	"os"

	"firedrill/examples"
	"firedrill/rubric"
)

// Where a grade is not what an example must get.
func ExampleExpected_Differences() {
	e, err := examples.Load(os.DirFS("submissions"), "pristine")
	if err != nil {
		panic(err)
	}
	g := rubric.Grade{Points: e.Points, Lowest: e.Lowest, Highest: e.Highest}
	for _, d := range e.Differences(g)[:1] {
		fmt.Println(d)
	}
	// Output: pattern.endpoints: missing
}
