package grader_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/grader"
	"firedrill/grader/report"
	"firedrill/rubric"
)

// TestRecordIsEnough scores a submission again from what was written, and nothing else.
func TestRecordIsEnough(t *testing.T) {
	exam := paymentExam(t)
	graded, err := grader.Grade(t.Context(), grader.Config{Exam: &exam, NotesOnly: true,
		Dir: filepath.Join(submissions, "bypass")})
	require.NoError(t, err)
	dir := t.TempDir()
	_, err = graded.Write(dir)
	require.NoError(t, err)

	rec, err := report.LoadRecord(dir)
	require.NoError(t, err)
	require.Equal(t, graded.Run.ID, rec.Run)
	written, err := os.ReadFile(filepath.Join(submissions, "bypass", "incident-notes.md"))
	require.NoError(t, err)
	require.Equal(t, written, rec.Notes)
	rub, err := rubric.Load(exam.Rubrics, exam.Rubric)
	require.NoError(t, err)
	require.NotEmpty(t, rec.Said)
	again := rubric.Score(rub, rubric.Inputs{NotesFile: rec.Submission.Notes, Findings: rec.Findings,
		Observations: rec.Observations, Claims: rubric.CheckClaims(rub, rec.Said, rec.Observations)})
	require.Equal(t, graded.Grade, again)

	half, err := os.ReadFile(filepath.Join(dir, report.RecordName))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, report.RecordName), half[:len(half)/2], 0o600))
	_, err = report.LoadRecord(dir)
	require.ErrorContains(t, err, "not a whole record")
}
