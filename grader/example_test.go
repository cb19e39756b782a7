package grader_test

import (
	"context"
	"fmt"

	"firedrill/fixtures/payment"
	"firedrill/grader"
)

// The notes of a submission are graded without Docker; what a service must show stays open.
func ExampleGrade() {
	exam, err := payment.Exam()
	if err != nil {
		panic(err)
	}
	r, err := grader.Grade(context.Background(), grader.Config{
		Exam: &exam, Dir: "../examples/submissions/degraded-mode", NotesOnly: true})
	if err != nil {
		panic(err)
	}
	for _, c := range r.Criteria {
		if c.ID == "cause.dns" || c.ID == "service.payments" {
			fmt.Println(c.ID, c.Outcome)
		}
	}
	fmt.Println(r.State)
	// Output:
	// cause.dns met
	// service.payments not_gradable
	// open
}
