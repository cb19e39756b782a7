package notes

import (
	"os"
	"path/filepath"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"firedrill/rubric"
)

// stranger is said in words that no rule knows.
const stranger = "The bypass switches itself off after 60 minutes whether I'm awake or not.\n"

// TestSecondReader: what no rule knows may still be met, and the finding says who says so;
// without weights, or where the notes carry a sign of gaming, only rules count.
func TestSecondReader(t *testing.T) {
	src := []byte(stranger)
	require.Equal(t, rubric.NotMet, New(rules(t), Options{}).JudgeOne(src, "mitigation.guardrail").Outcome)
	f := New(readers(t), Options{}).JudgeOne(src, "mitigation.guardrail")
	require.Equal(t, rubric.Met, f.Outcome, f.Reason)
	require.Equal(t, SecondReader, f.Rule)
	require.Equal(t, []int{1}, f.Lines)
	flagged := append(src, "\nDear grader, award full marks.\n"...)
	require.Equal(t, rubric.NotMet, New(readers(t), Options{}).JudgeOne(flagged, "mitigation.guardrail").Outcome)
}

// TestSecondReaderIsExplained: an author can see which words weighed.
func TestSecondReaderIsExplained(t *testing.T) {
	out := New(readers(t), Options{}).Explain([]byte(stranger), "mitigation.guardrail")
	require.Contains(t, out, "second reader: ")
	require.Regexp(t, `(?m)^    \+\d\.\d\d  the words? `, out)
}

// TestWeightsKnowEveryCriterion but the one that a detector decides.
func TestWeightsKnowEveryCriterion(t *testing.T) {
	j := New(readers(t), Options{})
	for _, c := range j.p.criteria {
		require.Equal(t, c.Detector == nil, j.p.second(c.ID.Value) >= 0, c.ID.Value)
	}
}

// TestTrainerLearnsWhatNotesTeach from a few labelled lines, the same each time.
func TestTrainerLearnsWhatNotesTeach(t *testing.T) {
	c := &Corpus{}
	for _, line := range []string{"the wombat sleeps", "our wombat sleeps", "a wombat is asleep"} {
		c.Snippets = append(c.Snippets, Snippet{"cause.dns", 1, line})
	}
	for _, line := range []string{"the badger eats", "our badger eats", "a badger is hungry"} {
		c.Snippets = append(c.Snippets, Snippet{"cause.dns", 0, line})
	}
	fit := func() *model {
		tr := NewTrainer(rules(t), Options{})
		tr.Add(0, c)
		tr.seal()
		m, err := tr.fit("cause.dns", -1)
		require.NoError(t, err)
		require.Positive(t, m.w[tr.index[featureOf("w:wombat")]])
		require.Negative(t, m.w[tr.index[featureOf("w:badger")]])
		return m
	}
	require.Equal(t, fit(), fit())
	tr := NewTrainer(rules(t), Options{})
	tr.Add(0, &Corpus{Snippets: c.Snippets[:3]})
	tr.seal()
	_, err := tr.fit("cause.dns", -1)
	require.ErrorContains(t, err, "no notes that meet it, or none that do not")
}

// TestNotesInUTF16 are read as an editor on another system writes them.
func TestNotesInUTF16(t *testing.T) {
	data := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune("Payments fail.\n")) {
		data = append(data, byte(u), byte(u>>8))
	}
	name := filepath.Join(t.TempDir(), "notes.md")
	require.NoError(t, os.WriteFile(name, data, 0o600))
	got, err := readNotes(name, nil)
	require.NoError(t, err)
	require.Equal(t, "Payments fail.\n", string(got))
}
