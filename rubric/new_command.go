package rubric

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"

	"github.com/spf13/cobra"

	"firedrill/rubric/cli"
)

// templates are what `rubric new` writes: a rubric that can be used at once, to be changed.
//
//go:embed new
var templates embed.FS

// newCommand begins a rubric.
func (c Command) newCommand() *cobra.Command {
	var base, name string
	cmd := &cobra.Command{
		Use:   "new DIR",
		Short: "begin a rubric of your own in a new directory",
		Long: `Begins a rubric: writes a small one that can be used at once into a new directory, to be changed.

  rubric.yaml           what counts, and for how much
  notes.yaml            a rule of its own over the notes, with examples
  golden/               notes with the outcome that they must get, for "rubric test"
  *.schema.json         for editors, see "rubric schema"

It builds on a release that comes with the program, whose rules and words it may use beside its own:
"rubric show RELEASE" lists the criteria, and one more is a few lines in rubric.yaml that name its
rule. Without --base that is the newest. What to do next:

  rubric lint DIR/rubric.yaml             after every change: what is wrong, where, and what to do
  rubric test DIR/rubric.yaml DIR/golden  does it still judge as it should?
  rubric fields                           every field of a rubric; rubric fields rules: of rules
  rubric rules                            how rules over notes are written
  grader probes                           what probes count, for conditions on the service
  rubric release DIR/rubric.yaml          when it is done: stamp it and keep it`,
		Example: `rubric new my-rubric
rubric new --base payment@0.2.0 --name triage-junior my-rubric`,
		Args: cli.Args(1, 1, "directory"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return newRubric(args[0], base, name, cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&base, "base", "", "`RELEASE` to build on, as NAME@VERSION; see rubric releases")
	cmd.Flags().StringVar(&name, "name", "", "`NAME` of the rubric (default that of the directory)")
	return cmd
}

func newRubric(dir, base, name string, stdout io.Writer) error {
	if name == "" {
		name = filepath.Base(dir)
	}
	if !idPattern.MatchString(name) {
		return &cli.Error{Err: fmt.Errorf("%q is no name for a rubric", name), Code: cli.ExitUsage,
			Advice: "use lower case, digits, dots and dashes: --name my-rubric"}
	}
	below, err := newBase(base)
	if err != nil {
		return fileError(err)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return &cli.Error{Err: err, Code: exitFile, Advice: "name a directory that is not there yet"}
	}
	values := map[string]string{"Name": name, "Base": below.Name + "@" + below.Version, "Exam": below.Exam}
	names, err := templateFiles()
	for _, file := range names {
		err = errors.Join(err, writeTemplate(dir, file, values))
	}
	for _, kind := range []string{KindRubric, KindRules} {
		data, schemaErr := Schema(kind)
		err = errors.Join(err, schemaErr, createFile(filepath.Join(dir, kind+".schema.json"), data))
	}
	if err == nil {
		_, err = fmt.Fprintf(stdout, "wrote %s; next: rubric lint %s\n", dir, filepath.Join(dir, "rubric.yaml"))
	}
	return fileError(err)
}

// newBase finds the release to build on: the one of that name, or the newest.
func newBase(name string) (*Rubric, error) {
	if name == "" {
		all, err := ShippedReleases()
		if err != nil || len(all) == 0 {
			return nil, errors.Join(err, errors.New("no release comes with the program"))
		}
		last := all[len(all)-1]
		name = last.Name + "@" + last.Version
	}
	if !regexp.MustCompile(baseExpression).MatchString(name) {
		return nil, fmt.Errorf("--base is %q, want NAME@VERSION", name)
	}
	return LoadFile(name)
}

func templateFiles() ([]string, error) {
	var out []string
	err := fs.WalkDir(templates, "new", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			out = append(out, name)
		}
		return err
	})
	return out, err
}

func writeTemplate(dir, file string, values map[string]string) error {
	t, err := template.ParseFS(templates, file)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, values); err != nil {
		return err
	}
	to := filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(file, "new/")))
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return createFile(to, b.Bytes())
}
