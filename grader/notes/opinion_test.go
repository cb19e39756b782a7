package notes

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"firedrill/rubric"
	"firedrill/rubric/rule"
)

// twoReaders judge one criterion: a rule that knows "alpha", and a second reader who has
// learned "alpha" and "wombat".
func twoReaders(t *testing.T) *rule.Set {
	t.Helper()
	set, err := rule.Load(fstest.MapFS{"r.yaml": {Data: []byte(`version: 1
concepts:
  cue.negation:
    - not
  x.back:
    - forget that
criteria:
  - id: x
    says: there is one
    met:
      - rule: it is named
        all: ["alpha"]
    against:
      - rule: forgotten
        all: ["@x.back"]
        cancels: before
    examples:
      for: ["alpha"]
      against: ["beta"]
`)}}, "r.yaml")
	require.NoError(t, err)
	set.Weights = &rule.Weights{
		Criteria: []rule.Weighing{{Criterion: "x", Bias: -2, Top: 1, Rule: 0.5}},
		Features: map[string][]rule.Weight{"w:alpha": {{Value: 10}}, "w:wombat": {{Value: 10}}},
	}
	return set
}

// TestSecondReader: what no rule knows may still be met, and the finding says who says so.
// What a rule refuses or takes back it does not hear, and flagged notes get no credit from it.
func TestSecondReader(t *testing.T) {
	set := twoReaders(t)
	for name, c := range map[string]struct {
		src         string
		both, alone rubric.Outcome
	}{
		"rule":       {"An alpha.", rubric.Met, rubric.Met},
		"no rule":    {"A wombat.", rubric.Met, rubric.NotMet},
		"neither":    {"A badger.", rubric.NotMet, rubric.NotMet},
		"negated":    {"It is not alpha.", rubric.NotMet, rubric.NotMet},
		"taken back": {"A wombat.\n\nForget that.", rubric.NotMet, rubric.NotMet},
		"flagged":    {"A wombat.\u200b", rubric.NotMet, rubric.NotMet},
		"commented":  {"<!-- A wombat. -->", rubric.NotMet, rubric.NotMet},
		"keywords":   {"wombat, dns, slo, rollback, canary", rubric.NotMet, rubric.NotMet},
	} {
		f := New(set, Options{}).JudgeOne([]byte(c.src), "x")
		require.Equal(t, c.both, f.Outcome, "%s: %s", name, f.Reason)
		require.Equal(t, c.both != c.alone, f.Rule == SecondReader, name)
		require.Equal(t, c.alone, New(alone(set), Options{}).JudgeOne([]byte(c.src), "x").Outcome, name)
	}
	paper := "A candidate may copy what stands here but it earns them nothing at all."
	for src, want := range map[string]rubric.Outcome{
		"A wombat.\n\n" + paper: rubric.NotMet,
		"A wombat.\n\n" + paper + strings.Repeat("\n\nOne more.", 5): rubric.Met,
	} {
		require.Equal(t, want, New(set, Options{Papers: []string{paper}}).JudgeOne([]byte(src), "x").Outcome, src)
	}
	f := New(set, Options{}).JudgeOne([]byte("Hello.\n\nA wombat."), "x")
	require.Equal(t, []int{3}, f.Lines)
	require.Equal(t, "A wombat.", f.Quote)
}

// TestReadersInBalance: where the two come out even, a person decides.
func TestReadersInBalance(t *testing.T) {
	set := twoReaders(t)
	set.Weights.Criteria[0] = rule.Weighing{Criterion: "x", Rule: 1, Offset: 1}
	f := New(set, Options{}).JudgeOne([]byte("A badger."), "x")
	require.Equal(t, rubric.NeedsReview, f.Outcome)
	require.Contains(t, f.Reason, "come out even")
}

// TestSecondReaderIsExplained: an author can see which words weighed.
func TestSecondReaderIsExplained(t *testing.T) {
	out := New(twoReaders(t), Options{}).Explain([]byte("A wombat."), "x")
	require.Contains(t, out, "second reader: 92 %")
	require.Contains(t, out, "    +5.00  the word wombat\n")
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
