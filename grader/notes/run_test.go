package notes

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRunNotesPrintsOneObjectALine(t *testing.T) {
	var out bytes.Buffer
	err := RunNotes(t.Context(), rules(t), Options{}, []string{"--format", "json", "-"},
		strings.NewReader(good), &out, nil)
	require.NoError(t, err)
	var rep struct {
		File     string
		Findings []map[string]any
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &rep))
	require.Equal(t, 1, strings.Count(out.String(), "\n"))
	require.Equal(t, "-", rep.File)
	require.Len(t, rep.Findings, 26)
	for _, key := range []string{"criterion", "outcome", "lines", "quote", "reason", "rule"} {
		require.Contains(t, rep.Findings[0], key)
	}
}

func TestRunNotesRefusesWrongCommandLines(t *testing.T) {
	for _, args := range [][]string{{}, {"--format", "xml", "-"}, {"--nope"}} {
		err := RunNotes(t.Context(), rules(t), Options{}, args, strings.NewReader(""), &bytes.Buffer{}, nil)
		require.ErrorAs(t, err, &Usage{})
	}
}

func TestRunExplainNamesRulesAndReasons(t *testing.T) {
	file := filepath.Join(t.TempDir(), "notes.md")
	require.NoError(t, os.WriteFile(file, []byte("Maybe the name does not resolve.\n"), 0o600))
	var out bytes.Buffer
	err := RunExplain(t.Context(), rules(t), Options{}, []string{file, "--criterion", "cause.dns"},
		nil, &out, nil)
	require.NoError(t, err)
	require.Contains(t, out.String(), "cause.dns: not_met")
	require.Contains(t, out.String(), `rule "the name does not resolve" (notes.yaml:`)
	require.Contains(t, out.String(), "its clause holds @cue.hedge.clause")
}

func TestRunExplainWantsAKnownCriterion(t *testing.T) {
	err := RunExplain(t.Context(), rules(t), Options{}, []string{"x.md", "--criterion", "nope"},
		nil, &bytes.Buffer{}, nil)
	require.ErrorContains(t, err, `no criterion "nope"`)
}

func TestRunEvalPrintsFigures(t *testing.T) {
	var out bytes.Buffer
	err := RunEval(t.Context(), rules(t), Options{}, []string{"--authors", "a", "--format", "json", corpusDir},
		nil, &out, nil)
	require.NoError(t, err)
	var ev Evaluation
	require.NoError(t, json.Unmarshal(out.Bytes(), &ev))
	require.Equal(t, 14, ev.Notes)
	require.Len(t, ev.Criteria, 26)
	require.Less(t, ev.MacroF1.Low, ev.MacroF1.Value)
	require.Greater(t, ev.MacroF1.High, ev.Kappa.Low)
}
