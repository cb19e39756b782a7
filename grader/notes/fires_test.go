package notes

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"firedrill/rubric"
	"firedrill/rubric/rule"
)

// TestFires: each rule is counted by itself, examples included, and a criterion by its lines.
func TestFires(t *testing.T) {
	set, err := rule.Load(fstest.MapFS{"r.yaml": {Data: []byte(`version: 1
criteria:
  - id: weather
    says: it is about the weather
    met:
      - {rule: rain, all: [rain]}
      - {rule: snow, all: [snow]}
      - {rule: hail, all: [hail]}
    against:
      - {rule: dry, all: [dry], cancels: all}
    examples:
      for: [snow fell]
      against: [sun]
`)}}, "r.yaml")
	require.NoError(t, err)
	got := Fires(set, [][]byte{[]byte("Sun.\n\nMuch rain fell."), []byte("The rain is gone, it is dry."),
		[]byte("Nothing.")}, 2)
	require.Equal(t, rubric.Corpus{Texts: 3, Whole: 2, Fired: []rubric.Fired{
		{Criterion: "weather", Rules: []int{2, 1, 0}, Met: map[int][]int{0: {3}}}}}, got)
}

func TestTexts(t *testing.T) {
	dir := t.TempDir()
	_, _, err := Texts(dir)
	require.ErrorContains(t, err, "holds no notes")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "README.md"), []byte("about"), 0o644))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "one"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "one", "notes.md"), []byte("rain"), 0o644))
	texts, whole, err := Texts(dir)
	require.NoError(t, err)
	require.Equal(t, [][]byte{[]byte("rain")}, texts)
	require.Equal(t, 1, whole)

	texts, whole, err = Texts("../../examples/calibration")
	require.NoError(t, err)
	require.Equal(t, 70, whole)
	require.Greater(t, len(texts), 1000)
}
