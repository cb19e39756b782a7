package examples

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/fixtures/payment"
	"firedrill/grader/golden"
	"firedrill/grader/notes"
	"firedrill/grader/submission"
	"firedrill/rubric"
)

// TestRecordsGetWhatIsExpected grades the examples from their records, and holds that the
// records are those of the submissions as they lie here.
func TestRecordsGetWhatIsExpected(t *testing.T) {
	exam, err := payment.Exam()
	require.NoError(t, err)
	papers, err := exam.Papers()
	require.NoError(t, err)
	r, err := rubric.Load(exam.Rubrics, exam.Rubric)
	require.NoError(t, err)
	cases, err := golden.Load(submissions)
	require.NoError(t, err)
	results, err := golden.Check(t.Context(), r, cases, notes.Options{Papers: papers})
	require.NoError(t, err)
	for i, c := range cases {
		require.False(t, c.NotesOnly, "%s: examples --grade %s keeps its record", c.Name, c.Name)
		sub, err := submission.Open(filepath.Join(submissions, c.Name), submission.DefaultLimits())
		require.NoError(t, err)
		require.Equal(t, sub.Hash(), c.Record.Submission.Hash,
			"%s changed: examples --grade %s grades it anew", c.Name, c.Name)
		require.Empty(t, results[i].Differences, c.Name)
		require.Len(t, r.Criteria(), results[i].Compared, c.Name)
	}
}
