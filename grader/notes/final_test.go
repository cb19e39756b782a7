package notes

import (
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/rubric"
)

// What is struck out counts no more, even where it stands in the summary; what
// is concluded after it does.
func TestStruckOut(t *testing.T) {
	j := New(readers(t), Options{})
	wrong := "# Summary\n\nPayments are blocked by row locks, that is the cause.\n"
	for name, c := range map[string]struct {
		src  string
		want rubric.Outcome
	}{
		"stands":        {wrong, rubric.Met},
		"struck out":    {wrong + "\n# Notes\n\nStrike that.\n", rubric.NotMet},
		"another after": {wrong + "\n# Notes\n\nStrike that.\n\n# Cause\n\nA firewall drops our packets.\n", rubric.Met},
	} {
		require.Equal(t, c.want, j.JudgeOne([]byte(c.src), "cause.wrong").Outcome, name)
	}
}

// An outage lasts longer than a request takes.
func TestLongDurations(t *testing.T) {
	j := New(readers(t), Options{})
	require.Equal(t, rubric.Met, j.JudgeOne([]byte("The outage lasted 40 min."), "impact.window").Outcome)
	require.Equal(t, rubric.NotMet, j.JudgeOne([]byte("The call was broken for 5 s."), "impact.window").Outcome)
}

// A finding that the conclusion passes over for another cause is not concluded.
func TestAnotherCauseConcluded(t *testing.T) {
	j := New(readers(t), Options{})
	found := "# Investigation\n\nThe name fraud-api.internal.corp does not resolve.\n\n# Root cause\n\n"
	for name, c := range map[string]struct {
		cause string
		want  rubric.Outcome
	}{
		"right":    {"The DNS record is missing.\n", rubric.Met},
		"another":  {"A firewall drops our packets.\n", rubric.NotMet},
		"both":     {"The DNS record is missing. Overload made it worse.\n", rubric.Met},
		"excluded": {"See above. Not the firewall.\n", rubric.Met},
	} {
		require.Equal(t, c.want, j.JudgeOne([]byte(found+c.cause), "cause.dns").Outcome, name)
	}
}
