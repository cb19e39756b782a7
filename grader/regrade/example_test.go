package regrade_test

import (
	"fmt"

	"firedrill/grader/notes"
	"firedrill/grader/regrade"
	"firedrill/grader/report"
	"firedrill/rubric"
)

// A submission is scored again from the record of its grade, without its service.
func ExampleGrader() {
	r, err := rubric.Load(rubric.Shipped(), "payment/payment.yaml")
	if err != nil {
		panic(err)
	}
	rec := &report.Record{
		Submission: report.Submission{Notes: "incident-notes.md"},
		Notes:      []byte("The name fraud-api.internal.corp does not resolve.\n"),
		Observations: []rubric.Observation{{Probe: "faulty.payments", World: "faulty",
			Counts: map[string]int{"asked": 200, "accepted": 200, "recorded": 200}}},
	}
	for _, c := range regrade.New(r, notes.Options{}).Grade(rec).Criteria {
		if c.ID == "cause.dns" || c.ID == "service.payments" {
			fmt.Println(c.ID, c.Outcome)
		}
	}
	// Output:
	// cause.dns met
	// service.payments met
}
