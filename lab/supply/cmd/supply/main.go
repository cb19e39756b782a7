// Command supply looks at what our programs are made of. See package lab/supply.
package main

import (
	"os"

	"firedrill/lab/supply"
	"firedrill/rubric/cli"
)

func main() {
	err := supply.Run(cli.Signals(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	os.Exit(cli.Report(os.Stderr, err))
}
