package grader_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/examples"
	"firedrill/grader"
	"firedrill/grader/report"
	"firedrill/lab/engine"
	"firedrill/rubric"
)

const submissions = "../examples/submissions"

// grade grades a directory and checks that nothing is left behind.
func grade(t *testing.T, dir string) *report.Report {
	t.Helper()
	e, exam := connect(t), paymentExam(t)
	r, err := grader.Grade(t.Context(), grader.Config{Exam: &exam, Dir: dir, Engine: e, Seed: 1})
	require.NoError(t, err)
	require.Empty(t, left(t, e, r.Run.ID))
	requireValid(t, r)
	return r
}

// TestExamples grades every example against the grade that stands beside it.
func TestExamples(t *testing.T) {
	dir := os.DirFS(submissions)
	names, err := examples.Names(dir)
	require.NoError(t, err)
	require.Subset(t, names, []string{"bypass", "degraded-mode", "pristine", "wrong-cause"})
	var mu sync.Mutex
	points := map[string]int{}
	t.Run("each", func(t *testing.T) {
		for _, name := range names {
			t.Run(name, func(t *testing.T) {
				t.Parallel() // side by side as an examiner would, with grades as if alone
				want, err := examples.Load(dir, name)
				require.NoError(t, err)
				r := grade(t, filepath.Join(submissions, name))
				require.Empty(t, want.Differences(r.Grade))
				for _, c := range r.Criteria {
					require.NotEmpty(t, c.Evidence, c.ID)
				}
				for _, s := range r.Settings {
					require.True(t, s.Applied, s.Path)
				}
				mu.Lock()
				defer mu.Unlock()
				points[name] = r.Points
			})
		}
	})
	require.Greater(t, points["degraded-mode"], points["bypass"])
	require.Greater(t, points["bypass"], points["wrong-cause"])
	require.GreaterOrEqual(t, points["wrong-cause"], points["pristine"])
}

// TestSameGradeTwice holds two grades of one submission to be the same, byte for byte,
// but for what stands under run.
func TestSameGradeTwice(t *testing.T) {
	plain := func() []byte {
		r := grade(t, filepath.Join(submissions, "degraded-mode"))
		require.NotEmpty(t, r.Run.Engine)
		r.Run = report.Run{}
		data, err := r.JSON()
		require.NoError(t, err)
		return data
	}
	require.Equal(t, string(plain()), string(plain()))
}

// variant copies an example and changes it.
func variant(t *testing.T, name string, change func(dir string)) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.CopyFS(dir, os.DirFS(filepath.Join(submissions, name))))
	change(dir)
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

// TestServiceThatIsNot grades submissions whose service cannot be probed by its own
// fault: the notes keep their points, the reason is in the report.
func TestServiceThatIsNot(t *testing.T) {
	want := map[string]int{}
	whole, err := examples.Load(os.DirFS(submissions), "degraded-mode")
	require.NoError(t, err)
	for _, c := range whole.Criteria {
		want[c.ID] = c.Points
	}
	for _, c := range []struct {
		name, reason string
		change       func(dir string)
	}{
		{"does not compile", "main.go:1:23: undefined: nonsense", func(dir string) {
			require.NoError(t, os.RemoveAll(filepath.Join(dir, "service")))
			require.NoError(t, os.Mkdir(filepath.Join(dir, "service"), 0o755))
			write(t, filepath.Join(dir, "service/go.mod"), "module x\n\ngo 1.26\n")
			write(t, filepath.Join(dir, "service/main.go"), "package main; var x = nonsense; func main() {}")
		}},
		{"ends at once", "ended before it listened: error: no", func(dir string) {
			write(t, filepath.Join(dir, "service/main.go"),
				"package main\n\nfunc main() { println(\"error: no\") }\n")
			for _, f := range serviceFiles(t, dir) {
				if filepath.Base(f) != "main.go" {
					require.NoError(t, os.Remove(f))
				}
			}
		}},
		{"is missing", "no files in service/", func(dir string) {
			require.NoError(t, os.RemoveAll(filepath.Join(dir, "service")))
		}},
		{"is no program", "package main", func(dir string) {
			require.NoError(t, os.RemoveAll(filepath.Join(dir, "service")))
			require.NoError(t, os.Mkdir(filepath.Join(dir, "service"), 0o755))
			write(t, filepath.Join(dir, "service/go.mod"), "module x\n\ngo 1.26\n")
			write(t, filepath.Join(dir, "service/x.go"), "package x\n")
		}},
		{"asks for another toolchain", "go.mod requires go >= 1.99", func(dir string) {
			mod := filepath.Join(dir, "service/go.mod")
			data, err := os.ReadFile(mod)
			require.NoError(t, err)
			write(t, mod, strings.Replace(string(data), "go 1.", "go 1.99.", 1))
			data, err = os.ReadFile(mod)
			require.NoError(t, err)
			require.Contains(t, string(data), "go 1.99")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := grade(t, variant(t, "degraded-mode", c.change))
			for _, k := range r.Criteria {
				switch k.Source {
				case rubric.FromNotes:
					require.Equal(t, want[k.ID], k.Points, k.ID)
				case rubric.FromProbe:
					require.Equal(t, rubric.NotMet, k.Outcome, k.ID)
					if !strings.HasPrefix(k.Reason, "counts only with service.payments") {
						require.Contains(t, k.Reason, c.reason, k.ID)
					}
					require.Contains(t, k.Evidence[0].Reason, c.reason, k.ID)
				}
			}
			require.Equal(t, r.Lowest+10, r.Highest, "only the examiner's marks are open")
		})
	}
}

func serviceFiles(t *testing.T, dir string) []string {
	t.Helper()
	out, err := filepath.Glob(filepath.Join(dir, "service/*.go"))
	require.NoError(t, err)
	return out
}

// TestInterrupted cancels a grade in the middle of its probes: nothing is left.
func TestInterrupted(t *testing.T) {
	e, exam := connect(t), paymentExam(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, err := grader.Grade(ctx, grader.Config{
		Exam: &exam, Dir: filepath.Join(submissions, "pristine"), Engine: e, Seed: 1,
		Progress: func(phase, _ string) {
			if phase == "probe" {
				cancel()
			}
		},
	})
	require.ErrorIs(t, err, context.Canceled)
	self, err := engine.Self()
	require.NoError(t, err)
	all, err := e.List(t.Context())
	require.NoError(t, err)
	for _, o := range all {
		require.NotEqual(t, self.String(), o.Owner, "%s %s is left", o.Kind, o.Name)
	}
}

// run carries out a command line as main does.
func run(t *testing.T, args ...string) (code int, stdout, stderr, hint string) {
	t.Helper()
	var out, errs bytes.Buffer
	err := grader.Command{Exam: paymentExam(t)}.Run(t.Context(), args, strings.NewReader(""), &out, &errs)
	if err == nil {
		return 0, out.String(), errs.String(), ""
	}
	var c interface {
		ExitCode() int
		Hint() string
	}
	require.True(t, errors.As(err, &c), "%T: %v", err, err)
	return c.ExitCode(), out.String(), errs.String() + err.Error(), c.Hint()
}

func TestCommandLine(t *testing.T) {
	pristine := filepath.Join(submissions, "pristine")
	noNotes := variant(t, "pristine", func(dir string) {
		require.NoError(t, os.Remove(filepath.Join(dir, "incident-notes.md")))
	})
	broken := filepath.Join(t.TempDir(), "broken.yaml")
	write(t, broken, "rubric: 9\n")
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"help", []string{"--help"}, 0, "usage: grader"},
		{"nothing", nil, 2, "want a submission directory, or several"},
		{"unknown flag", []string{pristine, "--frmat", "json"}, 2, "-frmat"},
		{"unknown format", []string{pristine, "--format", "xml"}, 2, `"xml"`},
		{"no such directory", []string{"--notes-only", "/nowhere/at/all"}, 3, "/nowhere/at/all"},
		{"not a directory", []string{"--notes-only", "grade_test.go"}, 3, "not a directory"},
		{"no notes", []string{"--notes-only", noNotes}, 3, "incident-notes.md"},
		{"report into the submission", []string{"--notes-only", pristine, "--out",
			filepath.Join(pristine, "deep/report")}, 2, "lies in the submission"},
		{"report in no directory", []string{"--notes-only", pristine, "--out", "grade_test.go"}, 1, "grade_test.go"},
		{"broken rubric", []string{"--notes-only", "--rubric", broken, pristine}, 4, "broken.yaml:1"},
		{"doctor", []string{"doctor"}, 0, "isolation  seccomp filters system calls"},
		{"unknown runtime", []string{pristine, "--runtime", "nosuch"}, 5, "has no runtime nosuch, it has "},
		{"probes", []string{"probes"}, 0, "faulty.payments (world: faulty)"},
		{"notes", []string{"notes", filepath.Join(pristine, "incident-notes.md")}, 0, "cause.dns"},
		{"notes of nothing", []string{"notes", "/nowhere.md"}, 3, "/nowhere.md"},
		{"notes without a file", []string{"notes"}, 2, ""},
		{"explain", []string{"explain", filepath.Join(pristine, "incident-notes.md"),
			"--criterion", "cause.dns"}, 0, "cause.dns: not_met"},
		{"explain nothing", []string{"explain", filepath.Join(pristine, "incident-notes.md"),
			"--criterion", "cause.gremlin"}, 2, "cause.gremlin"},
		{"missing rubric", []string{"--notes-only", "--rubric", "/nowhere.yaml", pristine}, 4, "nowhere.yaml"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, stdout, said, hint := run(t, c.args...)
			require.Equal(t, c.code, code, said)
			require.Contains(t, stdout+said, c.says)
			if c.code != 0 {
				require.NotEmpty(t, hint)
			}
		})
	}
}

// TestComposeChanged: every change is told, with its line and whether it was applied.
func TestComposeChanged(t *testing.T) {
	dir := variant(t, "pristine", func(dir string) {
		file := filepath.Join(dir, "docker-compose.yml")
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		text := strings.Replace(string(data), "LOG_LEVEL: info", "LOG_LEVEL: debug\n      MODE: ${MODE:-soft}", 1)
		text = strings.Replace(text, "read_only: true", "privileged: true", 1)
		require.NotEqual(t, string(data), text)
		write(t, file, text)
	})
	code, stdout, said, _ := run(t, dir, "--notes-only", "--details", "--out", t.TempDir())
	require.Zero(t, code, said)
	for _, want := range []string{"environment.LOG_LEVEL", "environment.MODE", "privileged", "read_only"} {
		require.Contains(t, stdout, "services.payment-processor."+want)
	}
	require.Equal(t, 2, strings.Count(stdout, "not applied"), stdout)
}

func TestNotesOnly(t *testing.T) {
	out := t.TempDir()
	code, stdout, said, _ := run(t, filepath.Join(submissions, "degraded-mode"),
		"--notes-only", "--format", "json", "--out", out)
	require.Zero(t, code, said)
	var r struct {
		Points, Lowest, Highest, Of int
		Criteria                    []struct {
			ID, Source, Outcome string
			Points, Of          int
			Evidence            []map[string]any
		}
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &r))
	require.Equal(t, 100, r.Of)
	require.Equal(t, 43, r.Highest-r.Lowest, "service, examiner and the claims' penalty are open")
	for _, c := range r.Criteria {
		require.NotEmpty(t, c.Evidence, c.ID)
		if c.Source == "probe" || c.Source == "claims" {
			require.Equal(t, "not_gradable", c.Outcome, "not checked is not failed")
		}
	}
	kept, err := os.ReadFile(filepath.Join(out, report.FileName))
	require.NoError(t, err)
	require.Equal(t, stdout, string(kept))
}

// TestNoEngine: where no socket is, it is not the submission that is missing.
func TestNoEngine(t *testing.T) {
	for _, host := range []string{"unix:///nowhere.sock", "tcp://127.0.0.1:1"} {
		t.Setenv("DOCKER_HOST", host)
		code, _, said, hint := run(t, filepath.Join(submissions, "pristine"), "--out", t.TempDir())
		require.Equal(t, grader.ExitEngine, code, said)
		require.Contains(t, hint, "make setup")
	}
}
