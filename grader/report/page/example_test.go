package page_test

import (
	"bytes"
	"fmt"
	"strings"

	"firedrill/grader/report"
	"firedrill/grader/report/page"
	"firedrill/rubric"
)

// A page needs nothing but itself, and what a candidate wrote is text on it.
func ExampleExaminer() {
	r := &report.Report{Grade: rubric.Grade{
		Rubric: rubric.Version{Title: "A kitchen on fire"}, Of: 4, Points: 4, Lowest: 4, Highest: 4,
		Criteria: []rubric.Result{{ID: "cause", Title: "Finds what burns", Outcome: rubric.Met, Of: 4,
			Evidence: []rubric.Evidence{{Kind: rubric.KindNotes, Quote: "<script>alert(1)</script>"}}}},
	}}
	var html bytes.Buffer
	if err := page.Examiner(&html, page.Input{Report: r}); err != nil {
		panic(err)
	}
	fmt.Println(strings.Contains(html.String(), "A kitchen on fire"),
		strings.Contains(html.String(), "<script>alert"))
	// Output: true false
}
