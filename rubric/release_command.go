package rubric

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/mod/semver"

	"firedrill/rubric/cli"
	"firedrill/rubric/strict"
)

// releaseFlags say how the version is raised and what is new.
type releaseFlags struct {
	raise string
	notes []string
	date  string
}

// releaseCommand stamps a rubric and keeps it for ever.
func (c Command) releaseCommand() *cobra.Command {
	var flags releaseFlags
	cmd := &cobra.Command{
		Use:   "release FILE",
		Short: "stamp a rubric with version, date and hash, and keep it for ever",
		Long: `Releases a rubric: raises its version, and keeps the rubric with all its rule files under releases/
beside it, with date, content hash and what is new. Grades name version and hash; FILE@VERSION, in
every command that takes a rubric, is what was released, whatever has changed since. A rubric with
problems is not released, and a release is never overwritten.

The version in the file is taken, if it was not released yet; --raise raises it first: patch for
wording, minor for changed points or rules, major for another pass mark or other criteria.`,
		Example: `rubric release --change "refunds weigh less" --raise minor my-rubric/rubric.yaml
rubric show my-rubric/rubric.yaml@0.2.0
grader --rubric my-rubric/rubric.yaml@0.2.0 path/to/submission`,
		Args:              cli.Args(1, 1, "rubric file"),
		ValidArgsFunction: cli.First(cli.Files("yaml", "yml")),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(flags.notes) == 0 {
				return cli.Usage(cmd, "nothing says what is new: --change is missing")
			}
			return c.release(args[0], flags, cmd.OutOrStdout())
		},
	}
	cli.Choice(cmd, &flags.raise, "raise", "part of the version to raise", "no", "patch", "minor", "major")
	cmd.Flags().StringArrayVar(&flags.notes, "change", nil, "what is new, in a `SENTENCE`; may be repeated")
	cmd.Flags().StringVar(&flags.date, "date", "", "`DAY` of the release, as 2006-01-02 (default today)")
	return cmd
}

func (c Command) release(file string, flags releaseFlags, stdout io.Writer) error {
	date := flags.date
	if date == "" {
		date = c.now().UTC().Format(time.DateOnly)
	}
	if _, err := time.Parse(time.DateOnly, date); err != nil {
		return &cli.Error{Err: fmt.Errorf("--date is %q, want a day such as 2006-01-02", date), Code: cli.ExitUsage}
	}
	original, err := os.ReadFile(file)
	if err != nil {
		return fileError(err)
	}
	if err := raiseVersion(file, original, flags.raise); err != nil {
		return fileError(err)
	}
	record, err := c.releaseSound(file, date, flags.notes, stdout)
	if err != nil {
		return errors.Join(err, fileError(replaceFile(file, original)))
	}
	_, err = fmt.Fprintf(stdout, "released %s %s, %s, %s\n", record.Name, record.Version, record.Date, record.Hash)
	return fileError(err)
}

// releaseSound releases a rubric that has no problems.
func (c Command) releaseSound(file, date string, notes []string, stdout io.Writer) (Release, error) {
	problems, err := LintWith(os.DirFS(filepath.Dir(file)), filepath.Base(file), c.Know)
	if err != nil {
		return Release{}, fileError(err)
	}
	var real []Problem
	for _, p := range problems {
		if !p.Warning {
			real = append(real, p)
		}
	}
	if len(real) > 0 {
		return Release{}, errors.Join(fileError(writeProblems(stdout, filepath.Dir(file), real)),
			&cli.Error{Err: fmt.Errorf("not released, problems found: %d", len(real)), Code: exitProblems})
	}
	record, err := WriteRelease(file, date, notes)
	if errors.Is(err, os.ErrExist) {
		return record, &cli.Error{Err: fmt.Errorf("version %s was released already", record.Version),
			Code: exitProblems, Advice: "raise the version: --raise patch, minor or major"}
	}
	return record, fileError(err)
}

// raiseVersion writes the next version into a rubric file, where its version stands.
func raiseVersion(file string, data []byte, part string) error {
	if part == "no" {
		return nil
	}
	r := decode(filepath.Base(file), data).rubric
	old := r.Version
	if !semver.IsValid("v" + old) {
		return nil // the linter says so
	}
	next := r.raised()[map[string]int{"patch": 0, "minor": 1, "major": 2}[part]]
	doc, root := strict.Parse(data)
	root.Map(rubricShape.Keys()...).Get("version") // gives its line
	lines := bytes.SplitAfter(data, []byte("\n"))
	at := doc.Line("version") - 1
	lines[at] = bytes.Replace(lines[at], []byte(old), []byte(next), 1)
	return replaceFile(file, bytes.Join(lines, nil))
}

// releasesCommand lists what was released.
func (c Command) releasesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "releases [FILE]",
		Short: "list the releases of a rubric, with what was new in each",
		Long: `Lists the releases of a rubric, newest first, with date, content hash and what was new in each.
Without a file, those that come with the program: they are named NAME@VERSION.`,
		Example: `rubric releases my-rubric/rubric.yaml
rubric releases`,
		Args:              cli.Args(0, 1, "rubric file"),
		ValidArgsFunction: cli.First(cli.Files("yaml", "yml")),
		RunE: func(cmd *cobra.Command, args []string) error {
			out, err := listReleases(args)
			if err == nil {
				_, err = io.WriteString(cmd.OutOrStdout(), out)
			}
			return fileError(err)
		},
	}
}

func listReleases(args []string) (string, error) {
	var all []Release
	var err error
	if len(args) > 0 {
		all, err = Releases(os.DirFS(filepath.Dir(args[0])), filepath.Base(args[0]))
	} else {
		all, err = ShippedReleases()
	}
	if err != nil {
		return "", err
	}
	if len(all) == 0 {
		return "nothing was released yet\n", nil
	}
	var b strings.Builder
	for i := len(all) - 1; i >= 0; i-- {
		r := all[i]
		fmt.Fprintf(&b, "%s@%s, %s, %s\n", r.Name, r.Version, r.Date, r.Hash)
		for _, change := range r.Changes {
			fmt.Fprintf(&b, "  - %s\n", change)
		}
	}
	return b.String(), nil
}
