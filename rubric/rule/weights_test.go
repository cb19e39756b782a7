package rule

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

const someWeights = "firedrill weights 1\n" +
	"# written by `grader train`; all numbers are hundredths\n" +
	"# criterion, bias, offset, top, sum, rule\n" +
	"criterion\tcause.dns\t-250\t10\t40\t30\t55\n" +
	"criterion\tfix.dns\t-310\t0\t40\t30\t55\n" +
	"# feature, then criterion (from 0):weight\n" +
	"b:not resolv\t0:120\n" +
	"w:record\t0:-7\t1:44\n"

// TestWeightsComeBackAsWritten, so that a file under version control changes only where
// what was learned does.
func TestWeightsComeBackAsWritten(t *testing.T) {
	w, err := ParseWeights([]byte(someWeights))
	require.NoError(t, err)
	require.Equal(t, Weighing{Criterion: "cause.dns", Bias: -2.5, Offset: .1, Top: .4, Sum: .3, Rule: .55},
		w.Criteria[0])
	require.Equal(t, []Weight{{0, -.07}, {1, .44}}, w.Features["w:record"])
	require.Equal(t, someWeights, string(w.Format()))
	w.Features["w:tiny"] = []Weight{{1, 0.001}}
	require.Equal(t, someWeights, string(w.Format()), "what rounds to nothing is left out")
}

// TestBrokenWeights are told by line.
func TestBrokenWeights(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"head":             {"firedrill weights 1", "weights", `1: begins with "weights"`},
		"empty":            {someWeights, "firedrill weights 1\n", "no weights"},
		"short criterion":  {"\t40\t30\t55\ncriterion\tfix", "\ncriterion\tfix", "4: a criterion needs a name and 5 numbers"},
		"no number":        {"-250", "x", `4: "x" is not a number of hundredths`},
		"unknown":          {"1:44", "2:44", `8: weight "2:44" of "w:record"`},
		"feature repeated": {"w:record", "b:not resolv", `8: feature "b:not resolv" is there twice`},
	} {
		text := strings.Replace(someWeights, c.from, c.to, 1)
		require.NotEqual(t, someWeights, text, name)
		_, err := Load(fstest.MapFS{"r.yaml": {Data: []byte(valid)}, "w.tsv": {Data: []byte(text)}},
			"r.yaml", "w.tsv")
		require.ErrorContains(t, err, "w.tsv:", name)
		require.ErrorContains(t, err, c.want, name)
	}
}
