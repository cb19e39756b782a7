package kappa_test

import (
	"fmt"

	"firedrill/rubric/kappa"
)

// Two people marked the same four talks.
func ExampleWeighted() {
	fmt.Printf("%.2f\n", kappa.Weighted([]int{0, 2, 4, 5}, []int{0, 2, 5, 5}))
	// Output:
	// 0.97
}
