package setup_test

import (
	"context"
	"fmt"
	"os"

	"firedrill/lab/setup"
)

// As `lab setup` does. It installs, so this is only compiled here.
func ExampleRun() {
	if err := setup.Run(context.Background(), os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
	}
}
