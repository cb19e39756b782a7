package canon_test

import (
	"fmt"

	"firedrill/rubric/canon"
)

// One form, whoever wrote the file; comments stay where they belong.
func ExampleFormat() {
	out, err := canon.Format([]byte("points:   10 # as agreed\n\n\nname:    'kitchen'\n"), nil)
	if err != nil {
		panic(err)
	}
	fmt.Print(string(out))
	// Output:
	// points: 10 # as agreed
	//
	// name: "kitchen"
}
