package compose_test

import (
	"fmt"

	"firedrill/grader/compose"
)

// What is taken over of a candidate's compose file, and what is only told.
func ExampleCompare() {
	kit := "services:\n  app:\n    environment:\n      TIMEOUT: 5s\n"
	candidate := "services:\n  app:\n    privileged: true\n    environment:\n      TIMEOUT: 400ms\n"
	set, changes := compose.Compare(
		compose.Files{Kit: []byte(kit), Candidate: []byte(candidate)},
		compose.Lab{Service: "app", Names: []string{"app"}})
	fmt.Println(set.Set)
	for _, c := range changes {
		fmt.Printf("line %d: %s, applied: %t\n", c.Line, c.Path, c.Applied)
	}
	// Output:
	// map[TIMEOUT:400ms]
	// line 3: services.app.privileged, applied: false
	// line 5: services.app.environment.TIMEOUT, applied: true
}
