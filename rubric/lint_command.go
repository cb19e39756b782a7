package rubric

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"firedrill/rubric/cli"
)

// lintCommand reports every problem of rubric files.
func (c Command) lintCommand() *cobra.Command {
	var probes string
	cmd := &cobra.Command{
		Use:   "lint FILE…",
		Short: "report every problem of rubric files, each with its line",
		Long: `Reports every problem of rubric files at once, each as file:line: path: message with a hint, and
every example of a rule that the rules get wrong.

A list of probes, with --probes, is a file that holds one probe a line: its id, then the names of
its counts.`,
		Example: `rubric lint my-rubric/payment.yaml
rubric lint --probes probes.txt my-rubric/*.yaml`,
		Args:              cli.Args(1, -1, "rubric file"),
		ValidArgsFunction: cli.Files("yaml", "yml"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.lint(cmd.Context(), args, probes, cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&probes, "probes", "", "also check probes and counts against the `FILE`")
	return cmd
}

func (c Command) lint(ctx context.Context, files []string, list string, stdout io.Writer) error {
	probes, err := readProbes(list)
	if err != nil {
		return fileError(err)
	}
	count := 0
	for _, file := range files {
		if err := ctx.Err(); err != nil {
			return fileError(err)
		}
		r, problems, err := read(os.DirFS(filepath.Dir(file)), filepath.Base(file), probes)
		if err != nil {
			return fileError(err)
		}
		if len(problems) == 0 && c.Examples != nil {
			for _, e := range c.Examples(r) {
				problems = append(problems, ruleProblems(e)...)
			}
		}
		count += len(problems)
		if err := writeProblems(stdout, filepath.Dir(file), problems); err != nil {
			return fileError(err)
		}
	}
	if count > 0 {
		return &cli.Error{Err: fmt.Errorf("problems found: %d", count), Code: exitProblems}
	}
	return nil
}

func writeProblems(w io.Writer, dir string, problems []Problem) error {
	var out strings.Builder
	for _, p := range problems {
		p.File = filepath.Join(dir, p.File)
		fmt.Fprintln(&out, p)
		if p.Hint != "" {
			fmt.Fprintln(&out, "\thint: "+p.Hint)
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// readProbes reads a list of probes and their counts; no file gives nil.
func readProbes(file string) (ProbeCounts, error) {
	if file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	probes := ProbeCounts{}
	for line := range strings.Lines(string(data)) {
		if words := strings.Fields(line); len(words) > 0 {
			probes[words[0]] = words[1:]
		}
	}
	return probes, nil
}
