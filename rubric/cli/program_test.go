package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
)

// kitchen is a program with two commands; what they did goes to their output.
func kitchen() Program {
	root := &cobra.Command{Use: "kitchen COMMAND", Short: "cook",
		Long: "Cooks what it is told to, as long as there is\nsomething in the larder.\n\n  as it stands"}
	root.AddGroup(&cobra.Group{ID: "hot", Title: "hot"})
	var format, course string
	var minutes int
	var rest time.Duration
	soup := &cobra.Command{Use: "soup POT", Short: "make soup", GroupID: "hot",
		Example: "kitchen soup big", Args: Args(1, 1, "pot"),
		RunE: func(cmd *cobra.Command, args []string) error {
			cmd.Println(args[0], format, minutes)
			return nil
		}}
	Choice(soup, &format, "format", "how it is served", "bowl", "plate")
	soup.Flags().IntVar(&minutes, "minutes", 5, "`N` minutes on the fire")
	soup.Flags().DurationVar(&rest, "rest", 0, "how long it stands")
	soup.Flags().StringVar(&course, "course", "", "`FILE` that says what is before and after it")
	Complete(soup, "course", Files("yaml"))
	bread := &cobra.Command{Use: "bread", Short: "bake",
		RunE: func(*cobra.Command, []string) error { return errors.New("no flour") }}
	root.AddCommand(soup, bread)
	return Program{Root: root, Codes: []Code{{0, "done"}, {9, "burnt"}}}
}

func cook(args ...string) (stdout string, err error) {
	var out bytes.Buffer
	err = kitchen().Run(context.Background(), args, nil, &out, &out)
	return out.String(), err
}

func TestRun(t *testing.T) {
	out, err := cook("soup", "big", "--format", "plate", "--minutes=7")
	require.NoError(t, err)
	require.Equal(t, "big plate 7\n", out)
	out, err = cook("soup", "--format", "plate", "big")
	require.NoError(t, err)
	require.Equal(t, "big plate 5\n", out, "flags stand before and behind arguments")
	out, err = cook("bread")
	require.EqualError(t, err, "no flour")
	require.Empty(t, out, "neither usage nor the error is printed here")
	out, err = cook("--version")
	require.NoError(t, err)
	require.Regexp(t, `^kitchen \S+, go1\.\S+ \w+/\w+\n$`, out)
}

func TestWrongUsage(t *testing.T) {
	for line, want := range map[string][2]string{
		"":                        {"no command given", "kitchen --help shows how"},
		"suop":                    {`unknown command "suop"`, "did you mean `kitchen soup`?"},
		"wash":                    {`unknown command "wash"`, "kitchen --help shows how"},
		"help suop":               {`unknown command "suop"`, "did you mean `kitchen soup`?"},
		"soup":                    {"no pot given", "kitchen soup --help shows how"},
		"soup a b":                {`unexpected argument "b"`, "kitchen soup --help shows how"},
		"bread a":                 {`unexpected argument "a"`, "kitchen bread --help shows how"},
		"soup a --fromat x":       {"unknown flag: --fromat", "did you mean `--format`?"},
		"soup a --wash":           {"unknown flag: --wash", "kitchen soup --help shows how"},
		"soup a -x":               {"unknown shorthand flag: 'x' in -x", "kitchen soup --help shows how"},
		"soup a --format":         {"flag needs an argument: --format", "kitchen soup --help shows how"},
		"soup a --format cup":     {`--format is "cup", want bowl or plate`, "kitchen soup --help shows how"},
		"soup a --minutes many":   {`--minutes is "many", want a number`, "kitchen soup --help shows how"},
		"soup a --rest 1":         {`--rest is "1", want a duration such as 90s, 45m or 8h`, "kitchen soup --help shows how"},
		"completion tcsh":         {`unknown command "tcsh"`, "did you mean `kitchen completion bash` or `kitchen completion fish` or `kitchen completion zsh`?"},
		"completion bash history": {`unexpected argument "history"`, "kitchen completion bash --help shows how"},
	} {
		out, err := cook(strings.Fields(line)...)
		var e *Error
		require.ErrorAs(t, err, &e, line)
		require.Equal(t, ExitUsage, e.ExitCode(), line)
		require.Equal(t, want, [2]string{e.Error(), e.Hint()}, line)
		require.Empty(t, out, line)
	}
}

func TestHelp(t *testing.T) {
	out, err := cook("--help")
	require.NoError(t, err)
	require.Equal(t, `usage: kitchen COMMAND [flags]

Cooks what it is told to, as long as there is something in the larder.

  as it stands

hot:
  soup        make soup

more:
  bread       bake
  completion  generate the autocompletion script for the specified shell

flags:
      --version   print the version
  -h, --help      show this help

exit codes:
  0    done
  9    burnt

kitchen COMMAND --help says more about one
`, out)
	same, err := cook("help")
	require.NoError(t, err)
	require.Equal(t, out, same)
	out, err = cook("help", "soup")
	require.NoError(t, err)
	require.Contains(t, out, "usage: kitchen soup POT [flags]\n\nmake soup\n\nexamples:\n  kitchen soup big\n")
	require.Contains(t, out, "--format bowl|plate   how it is served (default bowl)\n")
}

// fullDisk takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestHelpThatCannotBeWritten(t *testing.T) {
	err := kitchen().Run(t.Context(), []string{"--help"}, nil, fullDisk{}, fullDisk{})
	require.EqualError(t, err, "no space left on device")
}

func TestReflow(t *testing.T) {
	require.Equal(t, "one two\nthree\n\n  kept as it is\nlonger-than-the-width\nnaïve six",
		reflow("one two three\n\n  kept as it is\nlonger-than-the-width\nnaïve six\n", 9))
}

func TestCompletion(t *testing.T) {
	for line, want := range map[string]string{
		"so":                "soup\tmake soup\n",
		"soup a --format ":  "bowl\nplate\n",
		"soup a --format p": "plate\n",
		"soup a --course ":  "yaml\n:8\n", // files by ending
		"soup --m":          "--minutes\t",
		"completion f":      "fish\t",
		"help br":           "bread\tbake\n",
		"help bread ":       ":4\n", // and no file
		"bread ":            ":4\n",
	} {
		words := strings.Split(line, " ")
		out, err := cook(append([]string{"__complete"}, words...)...)
		require.NoError(t, err, line)
		require.Contains(t, out, want, line)
	}
	out, err := cook("completion", "bash")
	require.NoError(t, err)
	require.Contains(t, out, "complete -o default -F __start_kitchen kitchen")
}

func TestDirs(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{"season/jane", "season/jo", ".git"} {
		require.NoError(t, os.MkdirAll(dir, 0o755))
	}
	require.NoError(t, os.WriteFile("season/jungle", nil, 0o644))
	for typed, want := range map[string][]string{
		"": {"season/"}, ".": {".git/"}, "sea": {"season/"}, "season/j": {"season/jane/", "season/jo/"},
		"none/": nil,
	} {
		got, _ := Dirs(nil, nil, typed)
		require.Equal(t, want, got, typed)
	}
}

func TestManualPages(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	dir := filepath.Join(t.TempDir(), "man1")
	_, err := cook("man", dir)
	require.NoError(t, err)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	require.Subset(t, names, []string{"kitchen.1", "kitchen-soup.1", "kitchen-bread.1"})
	require.NotContains(t, names, "kitchen-man.1")
	page, err := os.ReadFile(filepath.Join(dir, "kitchen-soup.1"))
	require.NoError(t, err)
	require.Contains(t, string(page), `.TH "KITCHEN-SOUP" "1" "Nov 2023" "firedrill" "Firedrill"`)
	sections := strings.Join([]string{"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS",
		"EXAMPLE", "SEE ALSO"}, "\n")
	var found []string
	for line := range strings.Lines(string(page)) {
		if title, ok := strings.CutPrefix(line, ".SH "); ok {
			found = append(found, strings.TrimSpace(title))
		}
	}
	require.Equal(t, sections, strings.Join(found, "\n"))
	require.Contains(t, string(page), ".TP\n9\nburnt\n")
}

func TestReport(t *testing.T) {
	for _, c := range []struct {
		err  error
		code int
		says string
	}{
		{nil, 0, ""},
		{errors.New("no flour"), 1, "error: no flour\n"},
		{&Error{Err: errors.New("burnt"), Code: 9}, 9, "error: burnt\n"},
		{errors.Join(errors.New("so"), &Error{errors.New("burnt"), "less fire", 9}), 9,
			"error: so\nburnt\nhint: less fire\n"},
	} {
		var out bytes.Buffer
		require.Equal(t, c.code, Report(&out, c.err))
		require.Equal(t, c.says, out.String())
	}
}
