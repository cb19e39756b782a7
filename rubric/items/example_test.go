package items_test

import (
	"fmt"

	"firedrill/rubric"
	"firedrill/rubric/items"
)

// Of few submissions no correlation is given; what became of them is.
func ExampleAnalyse() {
	grade := func(points int, state rubric.State) rubric.Grade {
		return rubric.Grade{Points: points, Lowest: points, Highest: points, Of: 10, State: state}
	}
	a := items.Analyse(&rubric.Rubric{}, []rubric.Grade{
		grade(8, rubric.Passed), grade(4, rubric.Failed)})
	fmt.Println(a.N, a.Passed, a.Mean, a.Alpha == nil)
	// Output: 2 1 6 true
}
