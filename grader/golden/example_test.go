package golden_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"firedrill/grader/golden"
	"firedrill/grader/notes"
	"firedrill/rubric"
)

// A rubric is held to submissions whose grade people have decided. Notes alone are enough
// for what is judged from notes.
func ExampleCheck() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	for name, text := range map[string]string{
		"jane.md": "The payment database ran out of connections.\n",
		"jane.expected.yaml": "expected: 1\nabout: blames the database\ncriteria:\n" +
			"  - {id: cause.dns, outcome: met}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			panic(err)
		}
	}
	r, err := rubric.Load(rubric.Shipped(), "payment/payment.yaml")
	if err != nil {
		panic(err)
	}
	cases, err := golden.Load(dir)
	if err != nil {
		panic(err)
	}
	results, err := golden.Check(context.Background(), r, cases, notes.Options{})
	if err != nil {
		panic(err)
	}
	for _, d := range results[0].Differences {
		fmt.Printf("line %d: %s: expected %s, got %s\n", d.Line, d.About, d.Expected, d.Got)
	}
	// Output: line 4: cause.dns: expected met, got not_met
}
