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

func TestPrintWritesOneObjectALine(t *testing.T) {
	var out bytes.Buffer
	err := Print{Files: []string{"-"}, Format: "json"}.Run(t.Context(), rules(t), Options{},
		strings.NewReader(good), &out)
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

func TestExplanationNamesRulesAndReasons(t *testing.T) {
	file := filepath.Join(t.TempDir(), "notes.md")
	require.NoError(t, os.WriteFile(file, []byte("Maybe the name does not resolve.\n"), 0o600))
	var out bytes.Buffer
	err := Explanation{file, "cause.dns"}.Run(t.Context(), rules(t), Options{}, nil, &out)
	require.NoError(t, err)
	require.Contains(t, out.String(), "cause.dns: not_met")
	require.Contains(t, out.String(), `rule "the name does not resolve" (notes.yaml:`)
	require.Contains(t, out.String(), "its clause holds @cue.hedge.clause")
}

func TestExplanationWantsAKnownCriterion(t *testing.T) {
	err := Explanation{"x.md", "nope"}.Run(t.Context(), rules(t), Options{}, nil, &bytes.Buffer{})
	require.ErrorContains(t, err, `no criterion "nope"`)
	require.ErrorAs(t, err, &Usage{})
}

func TestTrialPrintsFigures(t *testing.T) {
	var out bytes.Buffer
	err := Trial{Dir: corpusDir, Authors: []string{"a"}, Format: "json"}.Run(t.Context(), rules(t),
		Options{}, &out)
	require.NoError(t, err)
	var ev Evaluation
	require.NoError(t, json.Unmarshal(out.Bytes(), &ev))
	require.Equal(t, 14, ev.Notes)
	require.Len(t, ev.Criteria, 26)
	require.Less(t, ev.MacroF1.Low, ev.MacroF1.Value)
	require.Greater(t, ev.MacroF1.High, ev.Kappa.Low)
}
