package submission_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"firedrill/grader/submission"
)

// A submission is read as data, within limits, and no link is followed.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, submission.NotesFile)
	if err := os.WriteFile(file, []byte("# Notes\n"), 0o600); err != nil {
		panic(err)
	}
	s, err := submission.Open(dir, submission.DefaultLimits())
	if err != nil {
		panic(err)
	}
	fmt.Printf("%q\n", s.Notes())

	if err := errors.Join(os.Remove(file), os.Symlink("/etc/passwd", file)); err != nil {
		panic(err)
	}
	_, err = submission.Open(dir, submission.DefaultLimits())
	var rejected *submission.RejectedError
	fmt.Println(errors.As(err, &rejected), rejected.Reason)
	// Output:
	// "# Notes\n"
	// true symbolic link
}
