package hostile

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/fixtures/payment"
	"firedrill/rubric"
)

func ground(t *testing.T) Ground {
	t.Helper()
	exam, err := payment.Exam()
	require.NoError(t, err)
	own, err := rubric.Load(exam.Rubrics, exam.Rubric)
	require.NoError(t, err)
	return Ground{Exam: exam, Examples: os.DirFS("../../examples/submissions"), Rubric: own}
}

// TestWithoutDocker plays every case that needs no engine. Reading notes takes the most time,
// and is left out where the case is not about them.
func TestWithoutDocker(t *testing.T) {
	t.Setenv(canaryVariable, canaryToken)
	reading := ground(t)
	unread := reading
	silent := *reading.Rubric
	silent.Rules = nil
	unread.Rubric = &silent
	controls := map[string]rubric.Grade{}
	for _, c := range Cases() {
		if c.Docker() {
			continue
		}
		g, how := unread, " unread"
		if c.Group() == "B" {
			g, how = reading, " read"
		}
		against, ok := controls[c.against()+how]
		if !ok {
			seen, err := g.play(t.Context(), control(c.against(), NotesOnly), stage{dir: t.TempDir()})
			require.NoError(t, err)
			against = seen.Report.Grade
			controls[c.against()+how] = against
		}
		t.Run(c.name(), func(t *testing.T) {
			seen, err := g.play(t.Context(), c, stage{dir: t.TempDir()})
			require.NoError(t, err)
			require.Empty(t, judge(c, seen, against))
		})
	}
}

// TestCases holds the cases to be documented values: enough of them, each told apart, in
// words, with a defence that the source still has.
func TestCases(t *testing.T) {
	g := ground(t)
	seen := map[string]bool{}
	groups := map[string]int{}
	for _, c := range Cases() {
		require.Regexp(t, regexp.MustCompile(`^[A-F] [a-z0-9-]+$`), c.ID)
		require.False(t, seen[c.ID], c.ID)
		seen[c.ID] = true
		groups[c.Group()]++
		require.NotEmpty(t, c.Threat, c.ID)
		require.NotNil(t, c.Defence, c.ID)
		require.NotEmpty(t, c.Want.Class, c.ID)
		_, err := os.Stat(filepath.Join("../../examples/submissions", c.Base))
		require.NoError(t, err, c.ID)
	}
	require.GreaterOrEqual(t, len(seen), 60)
	require.Len(t, groups, 6)
	require.NotEmpty(t, g.Exam.Probes)
}

// TestDefencesStand: what the suite takes out to see a case fail is still in the source, in
// one place each.
func TestDefencesStand(t *testing.T) {
	for _, d := range Defences() {
		require.True(t, len(d.Off) > 0 != (d.Absent != ""), d.Name)
		for _, e := range d.Off {
			data, err := os.ReadFile(filepath.Join("../..", e.File))
			require.NoError(t, err, d.Name)
			require.Equal(t, 1, strings.Count(string(data), e.Old), "%s: %s holds %q", d.Name, e.File, e.Old)
		}
	}
}
