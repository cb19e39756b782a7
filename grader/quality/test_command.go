package quality

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"firedrill/grader/golden"
	"firedrill/grader/report"
	"firedrill/rubric/cli"
)

// testCommand holds a rubric to its golden submissions.
func (c Commands) testCommand() *cobra.Command {
	var format string
	var accept bool
	cmd := &cobra.Command{
		Use:   "test RUBRIC DIR",
		Short: "hold a rubric to its golden submissions",
		Long: `Grades the golden submissions in a directory and says where they do not get what they should. No
Docker is needed. For each NAME there are

  NAME.expected.yaml   what it must get
  NAME.record.json     what its grade is made of, see rubric keep; or
  NAME.md              notes alone, for criteria of source notes

An expectation lists criteria, and what is not listed is not compared:

  expected: 1
  state: passed              # optional, as are points, lowest and highest
  criteria:
    - {id: cause.dns, outcome: met}
    - {id: service.payments, outcome: not_met, points: 4}

With --accept what they get now becomes what they must get: read the differences before.`,
		Example: `rubric test my-rubric/payment.yaml my-rubric/golden
rubric test rubric/payment/payment.yaml examples/submissions
rubric test --accept my-rubric/payment.yaml my-rubric/golden`,
		Args:              cli.Args(2, 2, "rubric and a directory"),
		ValidArgsFunction: cli.Files("yaml", "yml"),
		RunE: func(cmd *cobra.Command, args []string) error {
			results, err := c.test(cmd, args[0], args[1])
			if err != nil {
				return coded(err)
			}
			if err := writeResults(cmd.OutOrStdout(), format, results); err != nil {
				return coded(err)
			}
			if accept {
				return coded(acceptAll(cmd.ErrOrStderr(), args[1], results))
			}
			return failed(results)
		},
	}
	cmd.Flags().BoolVar(&accept, "accept", false, "make what they get what they must get")
	cli.Choice(cmd, &format, "format", "what to print", "text", "json")
	return cmd
}

func (c Commands) test(cmd *cobra.Command, file, dir string) ([]golden.Result, error) {
	r, opts, err := c.load(file)
	if err != nil {
		return nil, err
	}
	cases, err := golden.Load(dir)
	if err != nil {
		return nil, err
	}
	return golden.Check(cmd.Context(), r, cases, opts)
}

// failed is the error for golden submissions that do not get what they should.
func failed(results []golden.Result) error {
	n := 0
	for _, r := range results {
		if len(r.Differences) > 0 {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return &cli.Error{Err: fmt.Errorf("%d of %s not what they should get", n,
		plural(len(results), "golden submission does", "golden submissions do")), Code: exitProblems,
		Advice: "mend the rubric; or, where the new grade is right, --accept it"}
}

func acceptAll(w io.Writer, dir string, results []golden.Result) error {
	for _, r := range results {
		if len(r.Differences) == 0 {
			continue
		}
		if r.LeftOut > 0 {
			return fmt.Errorf("%s: there are only notes, and criteria of other sources are expected: "+
				"keep a record of it, or change %s by hand", r.Name, r.File)
		}
		if err := golden.Accept(dir, r.Name, "", r.Grade); err != nil {
			return err
		}
		fmt.Fprintln(w, "accepted: "+report.Clean(r.File))
	}
	return nil
}

func writeResults(w io.Writer, format string, results []golden.Result) error {
	if format == "json" {
		return writeJSON(w, results)
	}
	var b strings.Builder
	for _, r := range results {
		word := "ok    "
		if len(r.Differences) > 0 {
			word = "DIFFER"
		}
		fmt.Fprintf(&b, "%s %s: %s compared", word, report.Clean(r.Name),
			plural(r.Compared, "criterion", "criteria"))
		if r.LeftOut > 0 {
			fmt.Fprintf(&b, ", %d left out for want of a record", r.LeftOut)
		}
		b.WriteByte('\n')
		for _, d := range r.Differences {
			fmt.Fprintf(&b, "  %s:%d: %s: got %s, expected %s\n", report.Clean(r.File), d.Line, d.About, d.Got, d.Expected)
			if d.Reason != "" {
				fmt.Fprintf(&b, "      %s\n", report.Clean(d.Reason))
			}
			if d.Quote != "" {
				fmt.Fprintf(&b, "      line %d of the notes: %s\n", first(d.Lines), report.Clean(d.Quote))
			}
		}
	}
	right := len(results) - len(slices.DeleteFunc(slices.Clone(results), func(r golden.Result) bool {
		return len(r.Differences) == 0
	}))
	fmt.Fprintf(&b, "%d of %s as expected\n", right,
		plural(len(results), "golden submission", "golden submissions"))
	_, err := io.WriteString(w, b.String())
	return err
}

func first(lines []int) int {
	if len(lines) == 0 {
		return 0
	}
	return lines[0]
}
