package claims_test

import (
	"fmt"

	"firedrill/grader/claims"
	"firedrill/grader/notes"
	"firedrill/rubric"
)

// What notes claim about a service is held against what probes counted.
func ExampleRead() {
	r, err := rubric.Load(rubric.Shipped(), "payment/payment.yaml")
	if err != nil {
		panic(err)
	}
	said := claims.Read([]byte("## Verification\n\n20 of 20 payments were accepted after the change.\n"), r, notes.Options{})
	seen := []rubric.Observation{{Probe: "faulty.payments", World: "faulty",
		Counts: map[string]int{"asked": 200, "accepted": 16, "recorded": 16, "unbounded": 200}}}
	for _, c := range rubric.CheckClaims(r, said, seen) {
		fmt.Println(c.Claim, c.Verdict, c.Observed)
	}
	// Output:
	// payments.restored contradicted [16 accepted of 200 asked (8.0 %) 16 recorded of 16 accepted (100.0 %) 16 accepted of 200 unbounded (8.0 %)]
	// payments.share contradicted [16 accepted of 200 unbounded (8.0 %)]
}
