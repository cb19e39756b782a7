package progress_test

import (
	"os"

	"firedrill/grader/progress"
)

// Without a terminal every step is a line.
func ExampleLines() {
	shown := progress.Lines(os.Stdout)
	shown.Step("notes", "reading incident-notes.md")
	shown.Step("probe", "faulty.payments")
	shown.Close()
	// Output:
	// notes    reading incident-notes.md
	// probe    faulty.payments
}
