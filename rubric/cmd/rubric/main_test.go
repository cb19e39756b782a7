package main

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/rubric/cli"
)

// step is one command of a transcript and what it prints.
type step struct{ command, want string }

// transcript takes the first console block below a heading of the README apart.
func transcript(t *testing.T, heading string) []step {
	t.Helper()
	data, err := os.ReadFile("../../../README.md")
	require.NoError(t, err)
	_, section, ok := strings.Cut(string(data), heading+"\n")
	require.True(t, ok)
	_, block, ok := strings.Cut(section, "```console\n")
	require.True(t, ok)
	block, _, _ = strings.Cut(block, "```")
	var out []step
	typing := false
	for line := range strings.Lines(block) {
		command, begins := strings.CutPrefix(line, "$ ")
		switch {
		case begins:
			out = append(out, step{command: command})
			typing = strings.Contains(command, "<<'END'")
		case typing:
			out[len(out)-1].command += line
			typing = line != "END\n"
		default:
			out[len(out)-1].want += line
		}
	}
	return out
}

// TestReadmeTranscript carries the README's transcript out, from nothing to a released rubric.
func TestReadmeTranscript(t *testing.T) {
	steps := transcript(t, "## Hiring team: own the rubric")
	require.Greater(t, len(steps), 10)
	t.Chdir(t.TempDir())
	for _, s := range steps {
		want := strings.ReplaceAll(regexp.QuoteMeta(s.want), "…", ".*")
		require.Regexp(t, "^"+want+"$", perform(t, s.command), s.command)
	}
}

// perform carries one command out: the rubric's in this process, others by the shell.
func perform(t *testing.T, typed string) string {
	t.Helper()
	args, ours := strings.CutPrefix(typed, "rubric ")
	if !ours {
		out, err := exec.CommandContext(t.Context(), "sh", "-c", typed).CombinedOutput()
		require.NoError(t, err, string(out))
		return string(out)
	}
	var out strings.Builder
	words := regexp.MustCompile(`"[^"]*"|\S+`).FindAllString(args, -1)
	for i := range words {
		words[i] = strings.Trim(words[i], `"`)
	}
	err := command().Run(t.Context(), words, strings.NewReader(""), &out, &out)
	if err != nil {
		cli.Report(&out, err)
	}
	return out.String()
}
