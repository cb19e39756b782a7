package examples

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"firedrill/fixtures/payment"
	"firedrill/grader/gradertest"
	"firedrill/rubric"
)

// recorder is a test whose failure is looked at.
type recorder struct {
	t    *testing.T
	said string
}

func (r *recorder) Helper()                      {}
func (r *recorder) Context() context.Context     { return r.t.Context() }
func (r *recorder) TempDir() string              { return r.t.TempDir() }
func (r *recorder) Logf(string, ...any)          {}
func (r *recorder) Errorf(f string, args ...any) { r.said += fmt.Sprintf(f, args...) }
func (r *recorder) FailNow()                     { runtime.Goexit() }

// TestTeamSeesWhatChanges: a change of the team's rubric fails its golden test as its README
// shows: which submission, which criterion, from what to what, on what evidence.
func TestTeamSeesWhatChanges(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(dir, "golden"), os.DirFS("team/golden")))
	for _, name := range []string{"team.yaml", "notes.yaml"} {
		data, err := os.ReadFile(filepath.Join("team/rubric", name))
		require.NoError(t, err)
		if name == "team.yaml" {
			changed := strings.Replace(string(data), "points: 10\n", "points: 8\n", 1) // cause.dns
			changed = strings.Replace(changed, "points: 4\n", "points: 6\n", 1)        // mitigation.verified
			require.NotEqual(t, string(data), changed)
			data = []byte(changed)
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
	}
	rules, err := rubric.LoadFile(filepath.Join(dir, "team.yaml"))
	require.NoError(t, err)
	exam, err := payment.Exam()
	require.NoError(t, err)
	t.Chdir(dir)
	rec, done := &recorder{t: t}, make(chan struct{})
	go func() {
		defer close(done)
		gradertest.Golden(rec, exam, "golden", false, gradertest.Rubric(rules))
	}()
	<-done
	for _, line := range shown(t, rec) {
		require.Contains(t, rec.said, line)
	}
}

// shown gives the lines of a failing test that the team's README shows; dots stand for what is
// left out.
func shown(t *testing.T, rec *recorder) []string {
	t.Helper()
	_, file, _, _ := runtime.Caller(0)
	readme, err := os.ReadFile(filepath.Join(filepath.Dir(file), "team/README.md"))
	require.NoError(t, err)
	block := regexp.MustCompile("(?s)```\n(\\d+ of \\d+ golden.*?)\n```").FindSubmatch(readme)
	require.NotNil(t, block, "the README shows a test that fails:\n%s", rec.said)
	var out []string
	for line := range strings.SplitSeq(string(block[1]), "\n") {
		line, _, _ = strings.Cut(line, "…")
		out = append(out, line)
	}
	return out
}

// TestTeamRunsWhatThereIs: its workflow is YAML, and its commands and those of its README are
// ones that there are.
func TestTeamRunsWhatThereIs(t *testing.T) {
	workflow, err := os.ReadFile("team/.github/workflows/rubric.yml")
	require.NoError(t, err)
	var parsed struct {
		Jobs map[string]struct {
			Steps []struct{ Run string }
		}
	}
	require.NoError(t, yaml.Unmarshal(workflow, &parsed))
	require.Len(t, parsed.Jobs, 2)
	readme, err := os.ReadFile("team/README.md")
	require.NoError(t, err)
	runs := regexp.MustCompile(`go run (firedrill/\S+)((?: [a-z]+)?)`)
	all := runs.FindAllStringSubmatch(string(workflow)+string(readme), -1)
	require.GreaterOrEqual(t, len(all), 8)
	help := map[string]string{}
	for _, m := range all {
		if help[m[1]] == "" {
			out, err := exec.CommandContext(t.Context(), "go", "run", m[1], "--help").Output()
			require.NoError(t, err, m[0])
			help[m[1]] = string(out)
		}
		if m[2] != "" {
			require.Contains(t, help[m[1]], "\n "+m[2]+" ", m[0])
		}
	}
	out, err := exec.CommandContext(t.Context(), "go", "run", "firedrill/rubric/cmd/rubric", "lint",
		"team/rubric/team.yaml").CombinedOutput()
	require.NoError(t, err, string(out))
	for flag := range strings.SplitSeq(string(workflow), " ") {
		if strings.HasPrefix(flag, "--") && flag != "--format" {
			require.Contains(t, help["firedrill/grader/cmd/grader"], flag)
		}
	}
}
