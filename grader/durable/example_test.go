package durable_test

import (
	"fmt"
	"os"
	"path/filepath"

	"firedrill/grader/durable"
)

// Whoever reads the file sees the old content or the whole new one, also after a crash.
func ExampleReplace() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	for _, text := range []string{"old", "new"} {
		if err := durable.Replace(dir, "grade.txt", []byte(text)); err != nil {
			panic(err)
		}
	}
	data, err := os.ReadFile(filepath.Join(dir, "grade.txt"))
	fmt.Println(string(data), err)
	// Output: new <nil>
}
