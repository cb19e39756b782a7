// Command examples brings the example submissions up to date with the kit: every file
// that an example does not list as changed becomes the kit's. Run it from the
// repository's root, as `make examples` does.
//
// Exit codes: 0 done; 1 something failed.
package main

import (
	"fmt"
	"io"
	"os"

	"firedrill/examples"
	"firedrill/fixtures/payment"
)

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(stdout io.Writer) error {
	kit, err := payment.Kit(payment.Standard())
	if err != nil {
		return err
	}
	done, err := examples.Refresh("examples/submissions", kit)
	for _, name := range done {
		fmt.Fprintln(stdout, name)
	}
	return err
}
