package grader_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"firedrill/grader"
	"firedrill/grader/cohort"
	"firedrill/grader/report"
	"firedrill/grader/rundir"
	"firedrill/lab/engine"
)

// handedIn is a directory with what came in on Friday: submissions, and what else lies there.
func handedIn(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"pristine", "degraded-mode", "wrong-cause"} {
		require.NoError(t, os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(submissions, name))))
	}
	require.NoError(t, os.CopyFS(filepath.Join(dir, "no-notes"), os.DirFS(filepath.Join(submissions, "pristine"))))
	require.NoError(t, os.Remove(filepath.Join(dir, "no-notes", "incident-notes.md")))
	require.NoError(t, os.CopyFS(filepath.Join(dir, "links"), os.DirFS(filepath.Join(submissions, "pristine"))))
	require.NoError(t, os.Remove(filepath.Join(dir, "links", "incident-notes.md")))
	require.NoError(t, os.Symlink("/etc/hostname", filepath.Join(dir, "links", "incident-notes.md")))
	write(t, filepath.Join(dir, "joe.zip"), "PK")
	require.NoError(t, os.Mkdir(filepath.Join(dir, ".cache"), 0o755))
	return dir
}

// short writes a rubric that asks for nothing but an examiner's mark: a grade of it is made
// at once.
func short(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "short.yaml")
	write(t, file, `rubric: 1
name: short
version: 1.0.0
exam: payment
title: Only a mark
points: 5
pass: 3
dimensions:
  - id: way
    title: Works well
groups:
  - id: marks
    title: Marks
    points: 5
    criteria:
      - id: examiner.approach
        title: Worked in a recognisable order
        candidate: How you work
        source: examiner
        points: 5
        dimensions: [way]
        scale:
          - points: 0
            anchor: At random
          - points: 5
            anchor: In order
`)
	return file
}

// runs gives the ids of the grades that lie in a cohort's directory, by submission.
func runs(t *testing.T, out string) map[string]string {
	t.Helper()
	ids := map[string]string{}
	all, err := filepath.Glob(filepath.Join(out, "*-report"))
	require.NoError(t, err)
	for _, dir := range all {
		r, err := report.Load(dir)
		require.NoError(t, err)
		ids[strings.TrimSuffix(filepath.Base(dir), "-report")] = r.Run.ID
	}
	return ids
}

// TestCohort grades a directory of submissions, of which some cannot be graded.
func TestCohort(t *testing.T) {
	dir, out, rub := handedIn(t), filepath.Join(t.TempDir(), "friday"), short(t)
	grade := func(more ...string) (int, string, string) {
		code, stdout, said, hint := run(t, append([]string{"--all", dir, "--notes-only", "--rubric", rub,
			"--out", out}, more...)...)
		require.NotEmpty(t, hint)
		return code, stdout, said
	}
	code, stdout, said := grade()
	require.Equal(t, grader.ExitSome, code, said)
	require.Contains(t, said, "of 5 submissions 2 could not be graded")
	require.Contains(t, said, "left out, as they are no directories: "+filepath.Join(dir, "joe.zip"))
	require.Regexp(t, `^rank  name `, stdout)
	require.Regexp(t, `(?m)^   1  degraded-mode  0 \(0 to 5\)  open +decide examiner.approach$`, stdout)
	require.Regexp(t, `(?m)^   -  links          -  +not graded  .*symbolic link`, stdout)
	require.Regexp(t, `(?m)^   -  no-notes       -  +not graded  .*incident-notes.md`, stdout)
	require.NotContains(t, stdout, "cache")

	first := runs(t, out)
	require.Len(t, first, 3)
	data, err := os.ReadFile(filepath.Join(out, cohort.FileName))
	require.NoError(t, err)
	table, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	require.NoError(t, err)
	require.Len(t, table, 6)
	alone := filepath.Join(t.TempDir(), "alone")
	code, _, said, _ = run(t, filepath.Join(dir, "degraded-mode"), "--notes-only", "--rubric", rub, "--out", alone)
	require.Zero(t, code, said)
	same(t, alone, filepath.Join(out, "degraded-mode-report"))

	code, _, said = grade()
	require.Equal(t, grader.ExitSome, code)
	require.Equal(t, 3, strings.Count(said, "graded before"), said)
	require.Equal(t, first, runs(t, out), "what is graded is kept")
	again, err := os.ReadFile(filepath.Join(out, cohort.FileName))
	require.NoError(t, err)
	require.Equal(t, string(data), string(again))

	write(t, filepath.Join(dir, "pristine", "incident-notes.md"), "# changed\n")
	write(t, filepath.Join(out, "wrong-cause-report", report.FileName), `{"report": 1, "run": {"id"`)
	_, _, said = grade()
	require.Contains(t, said, "degraded-mode: ")
	require.Equal(t, 1, strings.Count(said, "graded before"), said)
	second := runs(t, out)
	require.NotEqual(t, first["pristine"], second["pristine"], "it was changed")
	require.NotEqual(t, first["wrong-cause"], second["wrong-cause"], "half a report is none")
	require.Equal(t, first["degraded-mode"], second["degraded-mode"])

	_, _, said = grade("--seed", "2")
	require.NotContains(t, said, "graded before", "it was asked otherwise")
	_, _, said = grade("--seed", "2", "--again")
	require.NotContains(t, said, "graded before")

	code, stdout, _ = grade("--format", "json", "--seed", "2")
	require.Equal(t, grader.ExitSome, code)
	var js struct {
		Cohort int
		Rows   []struct {
			Rank        int
			Name, Error string
			Kept        bool
			Grade       *struct{ Points, Lowest, Highest int }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &js))
	require.Equal(t, 1, js.Cohort)
	require.Len(t, js.Rows, 5)
	require.True(t, js.Rows[0].Kept)
	require.Nil(t, js.Rows[4].Grade)
	require.Contains(t, js.Rows[4].Error, "incident-notes.md")
}

// same holds two reports to say the same but for what stands under run.
func same(t *testing.T, a, b string) {
	t.Helper()
	plain := func(dir string) string {
		r, err := report.Load(dir)
		require.NoError(t, err)
		r.Run = report.Run{}
		data, err := r.JSON()
		require.NoError(t, err)
		return string(data)
	}
	require.Equal(t, plain(a), plain(b))
}

// TestCohortAfterAKill: a grader was killed while it graded one of them again.
func TestCohortAfterAKill(t *testing.T) {
	out := t.TempDir()
	dirs := []string{filepath.Join(submissions, "pristine"), filepath.Join(submissions, "wrong-cause")}
	args := append([]string{"--notes-only", "--rubric", short(t), "--out", out}, dirs...)
	code, _, said, _ := run(t, args...)
	require.Zero(t, code, said)
	first := runs(t, out)
	dead := filepath.Join(out, "pristine-report", rundir.StateName)
	data, err := os.ReadFile(dead)
	require.NoError(t, err)
	self, err := engine.Self()
	require.NoError(t, err)
	self.Start = "1" // a process of our number, of another time
	working, err := json.Marshal(rundir.Working{Owner: self.String(), Began: time.Now(), Expires: time.Now().Add(time.Hour)})
	require.NoError(t, err)
	write(t, dead, strings.Replace(string(data), `"whole"`, `"working": `+string(working)+`, "whole"`, 1))
	half := filepath.Join(out, "pristine-report", ".report.json.X.unfinished")
	write(t, half, `{"rep`)
	code, _, said, _ = run(t, args...)
	require.Zero(t, code, said)
	second := runs(t, out)
	require.NotEqual(t, first["pristine"], second["pristine"])
	require.Equal(t, first["wrong-cause"], second["wrong-cause"])
	require.NoFileExists(t, half)
	log, err := os.ReadFile(filepath.Join(out, "pristine-report", rundir.LogName))
	require.NoError(t, err)
	require.Contains(t, string(log), "ended without a result; it is repeated")
}

// TestCohortMarks: marks that came after the grade are brought in without grading again, and
// a file of marks that cannot be used is told in its row.
func TestCohortMarks(t *testing.T) {
	dir, out := handedIn(t), t.TempDir()
	args := []string{"--all", dir, "--notes-only", "--rubric", short(t), "--out", out}
	_, stdout, _, _ := run(t, args...)
	require.Regexp(t, `(?m)^   1  pristine       0 \(0 to 5\)  open`, stdout)
	before := runs(t, out)
	entry := "entries:\n  - {criterion: examiner.approach, points: 5, by: ada, when: 2026-05-04, why: looked first}\n"
	write(t, filepath.Join(dir, "pristine-marks.yaml"), "marks: 1\nsubmission: pristine\n"+entry)
	write(t, filepath.Join(dir, "wrong-cause-marks.yaml"), "marks: 1\nsubmission: joan\n"+entry)
	for range 2 {
		_, stdout, said, _ := run(t, args...)
		require.Regexp(t, `(?m)^   1  pristine       5 +passed$`, stdout)
		require.Regexp(t, `(?m)^   -  wrong-cause    - +not graded  .*`, stdout)
		require.Contains(t, stdout, "is about the submission joan")
		require.Equal(t, 2, strings.Count(said, "graded before"), said)
		require.NotContains(t, said, "-marks.yaml,")
		require.Equal(t, before, runs(t, out))
	}
	code, _, said, _ := run(t, append(args, "--marks", "x.yaml")...)
	require.Equal(t, grader.ExitUsage, code, said)
}

// TestCohortInterrupted: Ctrl-C in the middle. What is graded is kept, the table is not made
// of half a cohort, and the same command goes on.
func TestCohortInterrupted(t *testing.T) {
	dir, out := handedIn(t), t.TempDir()
	args := []string{"--all", dir, "--notes-only", "--rubric", short(t), "--out", out, "--jobs", "1"}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var errs cutter
	errs.at, errs.cut = "(2 of 5)", cancel
	err := grader.Command{Exam: paymentExam(t)}.Run(ctx, args, strings.NewReader(""), &bytes.Buffer{}, &errs)
	var coded interface{ ExitCode() int }
	require.True(t, errors.As(err, &coded), "%v", err)
	require.Equal(t, grader.ExitInterrupted, coded.ExitCode())
	require.ErrorContains(t, err, "of 5 submissions are graded")
	require.NoFileExists(t, filepath.Join(out, cohort.FileName))
	before := runs(t, out)
	require.NotEmpty(t, before)
	require.Less(t, len(before), 3)
	code, _, said, _ := run(t, args...)
	require.Equal(t, grader.ExitSome, code)
	after := runs(t, out)
	require.Len(t, after, 3)
	for name, id := range before {
		require.Equal(t, id, after[name], said)
	}
}

// cutter calls cut when a text was written to it.
type cutter struct {
	bytes.Buffer
	at  string
	cut func()
}

func (c *cutter) Write(p []byte) (int, error) {
	n, err := c.Buffer.Write(p)
	if strings.Contains(c.String(), c.at) {
		c.cut()
	}
	return n, err
}

func TestCohortCommandLine(t *testing.T) {
	dir := handedIn(t)
	one, two := filepath.Join(dir, "pristine"), filepath.Join(dir, "wrong-cause")
	twin := filepath.Join(t.TempDir(), "Pristine")
	require.NoError(t, os.CopyFS(twin, os.DirFS(one)))
	empty := t.TempDir()
	out, rub := filepath.Join(dir, "grades"), short(t)
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"two of a name", []string{one, twin, "--out", out}, 2, "have the same name"},
		{"no submissions", []string{"--all", empty}, 3, "no submissions in " + empty},
		{"no directory", []string{"--all", filepath.Join(dir, "nowhere")}, 3, "nowhere"},
		{"into a submission", []string{one, two, "--out", filepath.Join(two, "x")}, 2, "lies in the submission"},
		{"less than no jobs", []string{one, two, "--jobs", "-1"}, 2, "--jobs is -1"},
		{"another format", []string{one, two, "--format", "junit"}, 2, "several are told as text or json"},
		{"one of two is no directory", []string{one, filepath.Join(dir, "joe.zip"), "--out", out}, 8, "not a directory"},
		{"our own directory is none of them", []string{one, out, "--out", out}, 0, "pristine"},
		{"repeated", []string{one, two, "--repeat", "2", "--out", out, "--jobs", "64"}, 0, "pristine"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, stdout, said, hint := run(t, append(c.args, "--notes-only", "--rubric", rub)...)
			require.Equal(t, c.code, code, said)
			require.Contains(t, stdout+said, c.says)
			if c.code != 0 {
				require.NotEmpty(t, hint)
			}
		})
	}
	code, _, said, _ := run(t, one, two, "--notes-only", "--rubric", rub, "--jobs", "64", "--out", out)
	require.Zero(t, code, said)
	require.Regexp(t, `2 submissions, \d+ at a time \(\d+ cores, 2 to a core\)`, said)
}

// TestBusy: two graders do not write one report.
func TestBusy(t *testing.T) {
	out := t.TempDir()
	begun, err := rundir.Begin(out, time.Hour, time.Now)
	require.NoError(t, err)
	rub := short(t)
	code, _, said, hint := run(t, filepath.Join(submissions, "pristine"), "--notes-only", "--rubric", rub, "--out", out)
	require.Equal(t, grader.ExitFailed, code)
	require.Contains(t, said, "is being written by process")
	require.Contains(t, hint, "--out")
	require.NoError(t, begun.Fail(errors.New("enough")))
	code, _, said, _ = run(t, filepath.Join(submissions, "pristine"), "--notes-only", "--rubric", rub, "--out", out)
	require.Zero(t, code, said)
}
