package notes

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

const corpusDir = "../../examples/calibration"

// Floors below what is reached, so that a rule that gets worse is noticed. The
// corpus is the one the rules were written with: these are not figures to expect
// on notes of other people.
func TestCalibrationFigures(t *testing.T) {
	c, err := LoadCorpus(os.DirFS(corpusDir), nil)
	require.NoError(t, err)
	require.Len(t, c.Notes, 70)
	require.Len(t, c.Snippets, 1248)
	ev := Evaluate(readers(t), Options{}, c)
	require.GreaterOrEqual(t, ev.MacroF1.Value, 0.96)
	require.GreaterOrEqual(t, ev.Kappa.Value, 0.92)
	require.GreaterOrEqual(t, ev.Evidence.Value, 0.95)
	require.GreaterOrEqual(t, ev.Decided.Value, 0.92)
	require.GreaterOrEqual(t, ev.Snippets.Accuracy, 0.95)
}

func TestRobustness(t *testing.T) {
	c, err := LoadCorpus(os.DirFS(corpusDir), nil)
	require.NoError(t, err)
	for _, p := range Robustness(readers(t), Options{}, c) {
		require.GreaterOrEqual(t, p.Held, 0.90, p.Change)
	}
}

func TestCorpusNamesTheLineThatFails(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(dir+"/labels.jsonl", []byte("{\"id\":\"../x\"}\n"), 0o600))
	_, err := LoadCorpus(os.DirFS(dir), nil)
	require.ErrorContains(t, err, "labels.jsonl:1")
}

func TestFiguresOfKnownTables(t *testing.T) {
	tb := table{tp: 40, fp: 10, fn: 5, tn: 45}
	require.InDelta(t, 0.8, tb.precision(), 1e-9)
	require.InDelta(t, 40.0/45, tb.recall(), 1e-9)
	require.InDelta(t, 0.7, tb.kappa(), 1e-9)
	require.InDelta(t, 0.7005, tb.ac1(), 1e-3)
}
