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

// lintFlags are what lint takes beside files.
type lintFlags struct {
	probes string
	corpus []string
	strict bool
}

// lintCommand reports every problem of rubric files.
func (c Command) lintCommand() *cobra.Command {
	var flags lintFlags
	cmd := &cobra.Command{
		Use:   "lint FILE…",
		Short: "report every problem of rubric files, each with its line",
		Long: `Reports every problem of rubric files and of the rule files beside them at once, each as
file:line: path: message with a hint. First what keeps a rubric from being used: unknown or missing
fields, points that do not add up, references to nothing, steps that are never reached, probes and
counts that do not exist. Of a rubric without such problems also: criteria that are judged by the
same, conditions that exclude each other, rules without examples and examples that the rules get
wrong, wording that tells a candidate too much, and a rubric that was changed since it was released
under its version.

A warning is something to look at that may be meant as it is: a rule that nothing uses and, with
--corpus, rules that never or always fire on the notes of a directory, and criteria that the same
sentences always meet. With --strict warnings count as problems.

The probes are those of the rubric's exam. A list in their place, with --probes, is a file that
holds one probe a line: its id, then the names of its counts.`,
		Example: `rubric lint my-rubric/rubric.yaml
rubric lint --strict --corpus examples/calibration my-rubric/rubric.yaml`,
		Args:              cli.Args(1, -1, "rubric file"),
		ValidArgsFunction: cli.Files("yaml", "yml"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.lint(cmd.Context(), args, flags, cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&flags.probes, "probes", "", "check probes and counts against the `FILE`")
	cmd.Flags().StringArrayVar(&flags.corpus, "corpus", nil,
		"also try the rules on the notes in `DIR`; may be repeated")
	cmd.Flags().BoolVar(&flags.strict, "strict", false, "end with exit code 1 also for warnings")
	return cmd
}

func (c Command) lint(ctx context.Context, files []string, flags lintFlags, stdout io.Writer) error {
	know := c.Know
	if flags.probes != "" {
		list, err := readProbes(flags.probes)
		if err != nil {
			return fileError(err)
		}
		know.Probes = func(string) ProbeCounts { return list }
	}
	if len(flags.corpus) > 0 && c.Corpus != nil {
		know.Corpus = func(r *Rubric) (Corpus, error) { return c.Corpus(r, flags.corpus) }
	}
	count, warnings := 0, 0
	for _, file := range files {
		if err := ctx.Err(); err != nil {
			return fileError(err)
		}
		problems, err := LintWith(os.DirFS(filepath.Dir(file)), filepath.Base(file), know)
		if err != nil {
			return fileError(err)
		}
		for _, p := range problems {
			if p.Warning && !flags.strict {
				warnings++
			} else {
				count++
			}
		}
		if err := writeProblems(stdout, filepath.Dir(file), problems); err != nil {
			return fileError(err)
		}
	}
	if count > 0 {
		return &cli.Error{Err: fmt.Errorf("problems found: %d", count), Code: exitProblems}
	}
	_, err := io.WriteString(stdout, lintSummary(len(files), warnings))
	return fileError(err)
}

// lintSummary says that there is nothing to complain about.
func lintSummary(files, warnings int) string {
	out := fmt.Sprintf("no problems in %d rubric file", files)
	if files > 1 {
		out += "s"
	}
	if warnings > 0 {
		out += fmt.Sprintf(", %d warnings", warnings)
	}
	return out + "\n"
}

func writeProblems(w io.Writer, dir string, problems []Problem) error {
	var out strings.Builder
	for _, p := range problems {
		if !strings.Contains(p.File, "@") { // a release's files stand elsewhere
			p.File = filepath.Join(dir, p.File)
		}
		fmt.Fprintln(&out, p)
		if p.Hint != "" {
			fmt.Fprintln(&out, "\thint: "+p.Hint)
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// readProbes reads a list of probes and their counts.
func readProbes(file string) (ProbeCounts, error) {
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
