package probe_test

import (
	"context"
	"fmt"

	"firedrill/grader/probe"
	"firedrill/rubric"
)

// A probe asks and counts; points stand in the rubric.
func ExampleProbe() {
	p := probe.Probe{
		ID: "faulty.orders", World: "faulty",
		Doc: "orders ten soups, as any guest would",
		Counts: map[string]string{
			"asked":  "soups that were ordered",
			"served": "soups that came",
		},
		Run: func(ctx context.Context, s *probe.Session) (rubric.Observation, error) {
			got, err := s.Send(ctx, make([]probe.Request, 10), 1)
			served := 0
			for _, x := range got {
				if x.Status == 200 {
					served++
				}
			}
			return rubric.Observation{Counts: map[string]int{"asked": 10, "served": served}}, err
		},
	}
	fmt.Println(probe.Validate([]probe.Probe{p}))
	fmt.Print(p.Describe())
	// Output:
	// <nil>
	// faulty.orders (world: faulty)
	//   orders ten soups, as any guest would
	//   asked              soups that were ordered
	//   served             soups that came
}
