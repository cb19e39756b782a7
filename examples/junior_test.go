package examples

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/fixtures/payment"
	"firedrill/grader/golden"
	"firedrill/grader/notes"
	"firedrill/rubric"
)

// junior is a second rubric for the payment exam, written from the documentation alone.
const junior = "../rubric/payment-junior"

// TestJuniorJudgesTheExamples holds what the second rubric makes of every example submission:
// the same notes and observations, other weights, and no line of Go.
func TestJuniorJudgesTheExamples(t *testing.T) {
	exam, err := payment.Exam()
	require.NoError(t, err)
	papers, err := exam.Papers()
	require.NoError(t, err)
	r, err := rubric.LoadFile(junior + "/payment-junior.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, r.Released, "the rubric is released as it stands")
	cases, err := golden.Load(submissions)
	require.NoError(t, err)
	results, err := golden.Check(t.Context(), r, cases, notes.Options{Papers: papers})
	require.NoError(t, err)
	var got []string
	for _, one := range results {
		g := one.Grade
		line := fmt.Sprintf("%s %d to %d %s", one.Name, g.Lowest, g.Highest, g.State)
		if len(g.Lacks) > 0 {
			line += ", lacks " + strings.Join(g.Lacks, " ")
		}
		got = append(got, line)
	}
	require.Equal(t, []string{
		"always-200 32 to 52 failed",
		"bypass 56 to 76 passed",
		"circuit-breaker 71 to 91 passed",
		"compose-flag 77 to 100 passed",
		"degraded-mode 80 to 100 passed",
		"double-charge 52 to 78 open",
		"good-notes-no-fix 65 to 85 passed",
		"health-only 22 to 42 failed, lacks mitigation.action",
		"hosts-stub 63 to 83 passed",
		"pristine 4 to 24 failed, lacks mitigation.action",
		"review-queue 80 to 100 passed",
		"right-fix-wrong-cause 61 to 81 passed",
		"routes-deleted 40 to 60 failed, lacks mitigation.action",
		"wrong-cause 9 to 29 failed, lacks mitigation.action",
	}, got)
}

// TestJuniorIsSound lints it with what the exam knows, and judges its golden notes.
func TestJuniorIsSound(t *testing.T) {
	exam, err := payment.Exam()
	require.NoError(t, err)
	known := rubric.ProbeCounts{}
	for _, p := range exam.Probes {
		known[p.ID] = slices.Sorted(maps.Keys(p.Counts))
	}
	words, err := payment.Wording(payment.Standard())
	require.NoError(t, err)
	problems, err := rubric.LintWith(os.DirFS(junior), "payment-junior.yaml", rubric.Knowledge{
		Probes: func(string) rubric.ProbeCounts { return known },
		Leaks: func(_, text string) []string {
			var out []string
			for _, l := range words.Text("", []byte(text), 0) {
				out = append(out, l.String())
			}
			return out
		},
		Examples: func(r *rubric.Rubric) []error { return notes.CheckExamples(r.Rules) },
	})
	require.NoError(t, err)
	require.Empty(t, problems)
	r, err := rubric.LoadFile(junior + "/payment-junior.yaml")
	require.NoError(t, err)
	cases, err := golden.Load(junior + "/golden")
	require.NoError(t, err)
	results, err := golden.Check(t.Context(), r, cases, notes.Options{})
	require.NoError(t, err)
	for _, one := range results {
		require.Empty(t, one.Differences, one.Name)
		require.NotZero(t, one.Compared)
	}
}
