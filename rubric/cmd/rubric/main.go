// Command rubric checks, formats, releases and shows rubric files. See rubric --help.
//
// Exit codes: 0 done; 1 a rubric has problems, or golden submissions differ; 2 wrong usage;
// 3 a file cannot be read or written.
package main

import (
	"os"

	"firedrill/grader/quality"
	"firedrill/rubric"
	"firedrill/rubric/cli"
)

// command is the rubric's command line with all that this program knows.
func command() rubric.Command {
	return rubric.Command{
		Know:   rubric.Knowledge{Probes: probes, Leaks: leaks(), Examples: examples},
		Corpus: corpus,
		More:   quality.Commands{Papers: papers}.All(),
	}
}

func main() {
	err := command().Run(cli.Signals(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	os.Exit(cli.Report(os.Stderr, err))
}
