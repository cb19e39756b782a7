package notes

import (
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/rubric"
)

// A label gives its statement a section, however long the statement is, and a
// line that ends in a colon may be longer than other lines that act as headings.
func TestLabelsOpenSections(t *testing.T) {
	j := New(rules(t), Options{})
	for text, want := range map[string]rubric.Outcome{
		"later: a shorter timeout for whatever we ask outside our walls\n":          rubric.Met,
		"What next, so that it never hits us again in here:\n\n- shorter timeout\n": rubric.Met,
		"The client has a timeout of five seconds, says the code we looked at.\n":   rubric.NotMet,
	} {
		require.Equal(t, want, j.JudgeOne([]byte(text), "fix.resilience").Outcome, text)
	}
	text := "**Q: how to go back?**\nA: env CHECK_LATER=0, restart.\n"
	back := j.JudgeOne([]byte(text), "mitigation.rollback")
	require.Equal(t, rubric.Met, back.Outcome, "a question heads its answer")
}
