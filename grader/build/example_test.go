package build_test

import (
	"fmt"

	"firedrill/grader/build"
)

// Where a platform finds the candidate's program, on the volume that Build filled.
func ExampleProgram() {
	fmt.Println(build.Program("/app"))
	// Output:
	// /app/bin/service
}
