package viewer_test

import (
	"fmt"

	"firedrill/lab/viewer"
)

// The containers that show a lab's logs, to be added to its platform.
func ExampleContainers() {
	for _, c := range viewer.Containers(viewer.Config{Tools: "firedrill/kitchen", Show: []string{"stove"}}) {
		fmt.Println(c.Name, c.EngineSocket)
	}
	// Output:
	// log-source true
	// log-viewer false
}
