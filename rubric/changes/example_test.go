package changes_test

import (
	"fmt"

	"firedrill/rubric"
	"firedrill/rubric/changes"
)

// What changed between two rubrics, in words.
func ExampleBetween() {
	before, err := rubric.Load(rubric.Shipped(), "payment/payment.yaml")
	if err != nil {
		panic(err)
	}
	after := *before
	after.Pass = 70
	for _, c := range changes.Between(before, &after) {
		fmt.Println(c)
	}
	// Output:
	// 70 points to pass, was 60
}
