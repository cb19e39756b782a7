package cohort_test

import (
	"fmt"

	"firedrill/grader/cohort"
)

// Ranked by points; a submission that could not be graded has no rank and is never last. No
// cell is taken for a formula.
func Example() {
	rows := []cohort.Row{
		{Name: "jane", Grade: &cohort.Grade{Points: 70, Lowest: 70, Highest: 70, Of: 100, State: "passed"}},
		{Name: "=1+1", Grade: &cohort.Grade{Points: 82, Lowest: 82, Highest: 90, Of: 100, State: "passed"}},
		{Name: "omar", Error: "no incident-notes.md"},
	}
	cohort.Rank(rows)
	for _, r := range rows {
		fmt.Println(r.Rank, r.Name)
	}
	// Output:
	// 1 =1+1
	// 2 jane
	// 0 omar
}
