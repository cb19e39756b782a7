package report

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/rubric"
)

func summary(t *testing.T, r *Report, s Screen) string {
	t.Helper()
	var out strings.Builder
	require.NoError(t, r.Summary(&out, s))
	return out.String()
}

func TestSummary(t *testing.T) {
	golden(t, "summary-200.txt", summary(t, sample(), Screen{Width: 200}))
	golden(t, "summary-80.txt", summary(t, sample(), Screen{Width: 80}))
	golden(t, "summary-48.txt", summary(t, sample(), Screen{Width: 48}))
}

// TestSummaryNamesEveryCriterion: whatever its standing, a criterion has its row, and what was
// lost its reason.
func TestSummaryNamesEveryCriterion(t *testing.T) {
	r := sample()
	out := summary(t, r, Screen{Width: 100})
	for _, c := range r.Criteria {
		require.Regexp(t, `(?m)^  `+regexp.QuoteMeta(c.ID)+` +`+outcome(c), out)
	}
	_, lost, found := strings.Cut(out, "\nlost:\n")
	require.True(t, found)
	require.Contains(t, lost, "service.endpoints, 0 of 3 points")
	require.Contains(t, lost, "claims.contradicted, costs 3 points")
	require.NotContains(t, lost, "service.decisions", "what could not be checked is not lost")
	require.Contains(t, out, "could not be checked, which costs nothing:\n  service.decisions")
}

// TestSummarySaysOnce: a long reason that many criteria share stands with the first of them.
func TestSummarySaysOnce(t *testing.T) {
	r := sample()
	const why = "the engine ended while the lab was started, and two further attempts ended likewise, see the log"
	for i := range r.Criteria {
		if r.Criteria[i].Source == rubric.FromProbe {
			c := &r.Criteria[i]
			c.Outcome, c.Points, c.Lowest, c.Highest, c.Reason = rubric.NotGradable, 0, 0, c.Of, why
			c.Evidence = []rubric.Evidence{{Kind: rubric.KindNone, Reason: why}}
		}
	}
	out := strings.Join(strings.Fields(summary(t, r, Screen{Width: 80})), " ")
	require.Equal(t, 1, strings.Count(out, why))
	require.Equal(t, 2, strings.Count(out, "- the same"))
}

var sgr = regexp.MustCompile("\x1b\\[[0-9]*m")

// TestSummaryColor: colours change nothing but colours.
func TestSummaryColor(t *testing.T) {
	plain := summary(t, sample(), Screen{Width: 90})
	painted := summary(t, sample(), Screen{Width: 90, Color: true})
	require.NotContains(t, plain, "\x1b")
	require.Equal(t, plain, sgr.ReplaceAllString(painted, ""))
	require.Contains(t, painted, "\x1b[32mmet\x1b[0m")
	require.Contains(t, painted, "\x1b[36mopen\x1b[0m\n")
	for state, want := range map[rubric.State]string{rubric.Passed: "\x1b[32mpassed", rubric.Failed: "\x1b[31mfailed"} {
		r := sample()
		r.State = state
		require.Contains(t, summary(t, r, Screen{Width: 90, Color: true}), want)
	}
}

// TestSummaryFits: no line is wider than the screen, whatever a candidate wrote, and nothing
// of it drives the terminal.
func TestSummaryFits(t *testing.T) {
	for _, s := range hostile {
		for _, width := range []int{20, 80, 200} {
			out := summary(t, poison(s), Screen{Width: width, Color: true})
			for line := range strings.Lines(out) {
				line = sgr.ReplaceAllString(strings.TrimSuffix(line, "\n"), "")
				require.LessOrEqual(t, columns(line), max(width, minWidth), "%q", line)
				require.Equal(t, Clean(line), strings.TrimSpace(line))
			}
		}
	}
}
