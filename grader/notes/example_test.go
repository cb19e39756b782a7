package notes_test

import (
	"fmt"

	"firedrill/grader/notes"
	"firedrill/rubric"
)

// Notes are judged by statements, not words: what is negated, guessed or planned is not said.
func ExampleJudge() {
	r, err := rubric.Load(rubric.Shipped(), "payment/payment.yaml")
	if err != nil {
		panic(err)
	}
	judging := notes.New(r.Rules, notes.Options{})
	for _, text := range []string{
		"Root cause: fraud-api.internal.corp does not resolve.",
		"It is not DNS: the name resolves fine.",
	} {
		f := judging.JudgeOne([]byte(text), "cause.dns")
		fmt.Println(f.Outcome, f.Lines, f.Rule)
	}
	// Output:
	// met [1] the name does not resolve
	// not_met []
}
