package supply_test

import (
	"context"
	"fmt"
	"os"

	"firedrill/lab/supply"
)

// As the program supply does. It looks up a database, so this is only compiled here.
func ExampleRun() {
	if err := supply.Run(context.Background(), []string{"--help"}, nil, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
	}
}
