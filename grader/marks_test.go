package grader_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/fixtures/payment"
	"firedrill/grader"
	"firedrill/grader/report"
	"firedrill/rubric"
	"firedrill/rubric/cli"
)

// marking is a directory with a submission of jane's, and the grader's command line in it.
type marking struct {
	*testing.T
	dir string
}

func newMarking(t *testing.T) marking {
	t.Helper()
	m := marking{t, t.TempDir()}
	require.NoError(t, os.CopyFS(m.path("jane"), os.DirFS("../examples/submissions/bypass")))
	return m
}

func (m marking) path(name string) string { return filepath.Join(m.dir, name) }

func (m marking) write(name, text string) {
	m.Helper()
	require.NoError(m, os.WriteFile(m.path(name), []byte(text), 0o644))
}

func (m marking) run(args ...string) (output string, code int) {
	m.Helper()
	exam, err := payment.Exam()
	require.NoError(m, err)
	var out bytes.Buffer
	err = grader.Command{Exam: exam}.Run(m.Context(), args, strings.NewReader(""), &out, &out)
	code = cli.Report(&out, err)
	return out.String(), code
}

// grade grades jane's notes.
func (m marking) grade(args ...string) (output string, code int) {
	m.Helper()
	return m.run(append([]string{"--notes-only", "--quiet", "--out", m.path("jane-report"), m.path("jane")}, args...)...)
}

func (m marking) result(id string) rubric.Result {
	m.Helper()
	r, err := report.Load(m.path("jane-report"))
	require.NoError(m, err)
	for _, c := range r.Criteria {
		if c.ID == id {
			return c
		}
	}
	require.Fail(m, "no criterion "+id)
	return rubric.Result{}
}

const someMarks = `marks: 1
submission: jane
entries:
  - {criterion: examiner.approach, points: 4, by: ada, when: 2026-05-04, why: looked first}
  - {criterion: mitigation.rollback, outcome: met, by: ada, when: 2026-05-04, why: she said it aloud}
`

func TestMarksBesideTheSubmission(t *testing.T) {
	m := newMarking(t)
	m.write("jane-marks.yaml", someMarks)
	out, code := m.grade()
	require.Zero(t, code, out)
	require.Equal(t, 4, m.result("examiner.approach").Points)
	over := m.result("mitigation.rollback")
	require.Equal(t, rubric.Met, over.Outcome)
	require.Equal(t, rubric.NotMet, over.Automatic.Outcome, "the automatic outcome stays visible")
	require.Equal(t, "ada", over.Evidence[0].By)

	// What somebody else marks, of somebody else, or wrongly, is not merged.
	for text, says := range map[string]string{
		strings.Replace(someMarks, "jane", "joan", 1):           "is about the submission joan",
		strings.Replace(someMarks, "points: 4", "points: 3", 1): "jane-marks.yaml:4: examiner.approach does not give 3 points",
		strings.Replace(someMarks, "marks: 1", "marks: 9", 1):   `version "9" of the form is not known`,
	} {
		m.write("jane-marks.yaml", text)
		out, code = m.grade()
		require.Equal(t, grader.ExitRubric, code)
		require.Contains(t, out, says)
	}
	require.NoError(t, os.Remove(m.path("jane-marks.yaml")))
	require.NoError(t, os.Symlink(m.path("jane/incident-notes.md"), m.path("jane-marks.yaml")))
	out, code = m.grade()
	require.Equal(t, grader.ExitRubric, code)
	require.Contains(t, out, "is no plain file")
}

// TestMarksInTheSubmission are the candidate's: they are told, and count for nothing.
func TestMarksInTheSubmission(t *testing.T) {
	m := newMarking(t)
	for _, name := range []string{"jane/marks.yaml", "jane/jane-marks.yaml", "jane/service/Marks.YML"} {
		m.write(name, someMarks)
	}
	m.write("jane/benchmarks.yaml", "none")
	out, code := m.grade()
	require.Zero(t, code, out)
	require.Equal(t, rubric.NeedsReview, m.result("examiner.approach").Outcome)
	require.Nil(t, m.result("mitigation.rollback").Automatic)
	r, err := report.Load(m.path("jane-report"))
	require.NoError(t, err)
	told := ""
	for _, n := range r.Notices {
		told += n.Text + "\n"
	}
	for _, name := range []string{"jane-marks.yaml", "\nmarks.yaml", "service/Marks.YML"} {
		require.Contains(t, told, name+" lies in the submission")
	}
	require.NotContains(t, told, "benchmarks")

	out, code = m.grade("--marks", m.path("jane/marks.yaml"))
	require.Equal(t, grader.ExitRubric, code)
	require.Contains(t, out, "lies in the submission: it is the candidate's")
}

func TestRegradeWithMarks(t *testing.T) {
	m := newMarking(t)
	_, code := m.run("regrade", m.path("jane-report"))
	require.Equal(t, grader.ExitUsage, code)
	out, code := m.grade()
	require.Zero(t, code, out)
	before := m.result("cause.dns")

	m.write("jane-report/marks.yaml", someMarks)
	out, code = m.run("regrade", m.path("jane-report"))
	require.Zero(t, code, out)
	require.Equal(t, 4, m.result("examiner.approach").Points)
	require.Equal(t, before, m.result("cause.dns"), "what nobody marked stays")

	// The record keeps marks when their file is gone, and another grade starts from it.
	require.NoError(t, os.Remove(m.path("jane-report/marks.yaml")))
	out, code = m.run("regrade", m.path("jane-report"))
	require.Zero(t, code, out)
	require.Equal(t, 4, m.result("examiner.approach").Points)

	m.write("bo.yaml", strings.ReplaceAll(strings.Replace(someMarks, "points: 4", "points: 2", 1), "ada", "bo"))
	m.write("ada.yaml", someMarks)
	out, code = m.run("regrade", m.path("jane-report"), "--marks", m.path("ada.yaml"), "--marks", m.path("bo.yaml"))
	require.Zero(t, code, out)
	open := m.result("examiner.approach")
	require.Equal(t, rubric.NeedsReview, open.Outcome)
	require.Equal(t, "ada says 4 points, bo says 2 points; a third decides", open.Reason)

	out, code = m.run("marks", m.path("ada.yaml"), m.path("bo.yaml"))
	require.Zero(t, code, out)
	require.Contains(t, out, "jane, examiner.approach: ada says 4 points, bo says 2 points; open: a third decides")

	_, code = m.run("regrade", m.path("jane-report"), "--rubric", "../rubric/payment/payment.yaml")
	require.Equal(t, grader.ExitUsage, code, "another rubric needs another directory")
}
