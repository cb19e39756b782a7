package rubric

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/aymanbagabas/go-udiff"
	"github.com/spf13/cobra"

	"firedrill/rubric/canon"
	"firedrill/rubric/cli"
	"firedrill/rubric/strict"
)

// fmtFlags say what is done with files that are not in canonical form.
type fmtFlags struct{ write, check, diff bool }

// fmtCommand brings files into canonical form.
func (c Command) fmtCommand() *cobra.Command {
	var flags fmtFlags
	cmd := &cobra.Command{
		Use:   "fmt FILE…",
		Short: "write rubrics and rule files in one form",
		Long: `Prints rubrics, rule files and claims in one form: keys in the format's order, two spaces a level,
double quotes, at most one blank line, comments kept. What a file says is never changed: the result
is read again and compared. A directory stands for the .yaml files in it. Formatting changes the
content hash, so it is done before a release.`,
		Example: `rubric fmt --write my-rubric
rubric fmt --check my-rubric/rubric.yaml     # for CI: lists files, exit code 1`,
		Args:              cli.Args(1, -1, "rubric file"),
		ValidArgsFunction: cli.Files("yaml", "yml"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if flags.write && flags.check || flags.write && flags.diff || flags.check && flags.diff {
				return cli.Usage(cmd, "want only one of --write, --check and --diff")
			}
			return format(args, flags, cmd.OutOrStdout())
		},
	}
	cmd.Flags().BoolVarP(&flags.write, "write", "w", false, "write files in place instead of printing them")
	cmd.Flags().BoolVarP(&flags.check, "check", "l", false,
		"only list files that are not in canonical form; exit code 1 if there are any")
	cmd.Flags().BoolVarP(&flags.diff, "diff", "d", false, "print what would change")
	return cmd
}

// Format gives the canonical form of a rubric, a rule file or claims. What it says, comments
// included, stays the same. Files that cannot be read give an *InvalidError.
func Format(name string, data []byte) ([]byte, error) {
	v, err := Shape(kindOf(data))
	if err != nil {
		return nil, err
	}
	out, err := canon.Format(data, v)
	var invalid *canon.InvalidError
	if errors.As(err, &invalid) {
		e := &InvalidError{}
		for _, p := range invalid.Problems {
			e.Problems = append(e.Problems, Problem{name, p.Line, p.Path, p.Message, p.Hint, false})
		}
		return nil, e
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return out, nil
}

// kindOf tells the kind of a file from its keys.
func kindOf(data []byte) string {
	_, root := strict.Parse(data)
	kind := KindRules
	for _, key := range root.Keys() {
		switch key {
		case "rubric":
			return KindRubric
		case "claims":
			kind = KindClaims
		}
	}
	return kind
}

func format(names []string, flags fmtFlags, stdout io.Writer) error {
	files, err := yamlFiles(names)
	if err != nil {
		return fileError(err)
	}
	differ := 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return fileError(err)
		}
		out, err := Format(name, data)
		if err != nil {
			return &cli.Error{Err: err, Code: exitProblems}
		}
		same := bytes.Equal(data, out)
		if !same {
			differ++
		}
		switch {
		case flags.check && !same:
			_, err = fmt.Fprintln(stdout, name)
		case flags.diff && !same:
			_, err = io.WriteString(stdout, udiff.Unified(name, name+" (canonical)", string(data), string(out)))
		case flags.write && !same:
			err = replaceFile(name, out)
		case !flags.check && !flags.diff && !flags.write:
			_, err = stdout.Write(out)
		}
		if err != nil {
			return fileError(err)
		}
	}
	if flags.check && differ > 0 {
		return &cli.Error{Err: fmt.Errorf("not in canonical form: %d of %d files", differ, len(files)),
			Code: exitProblems, Advice: "rubric fmt --write brings them into it"}
	}
	return nil
}

// yamlFiles replaces directories by the .yaml files in them.
func yamlFiles(names []string) ([]string, error) {
	var out []string
	for _, name := range names {
		info, err := os.Stat(name)
		switch {
		case err != nil:
			return nil, err
		case !info.IsDir():
			out = append(out, name)
			continue
		}
		found, err := filepath.Glob(filepath.Join(name, "*.yaml"))
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}
