package cohort

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/grader/report"
	"firedrill/rubric"
)

func graded(name string, points, lowest, highest int, criteria ...rubric.Result) Row {
	r := &report.Report{Submission: report.Submission{Hash: "sha256:" + name}, Grade: rubric.Grade{
		Points: points, Lowest: lowest, Highest: highest, Of: 100, Pass: 60, State: rubric.Open,
		Rubric: rubric.Version{Name: "payment", Version: "1.2.3", Hash: "sha256:r"}, Criteria: criteria}}
	return Row{Name: name, Report: "grades/" + name + "-report", Grade: Sum(r)}
}

func rows() []Row {
	out := []Row{
		graded("meta", 50, 50, 50, rubric.Result{ID: "a", Outcome: rubric.Met, Points: 5}),
		{Name: "joe", Error: "there is no incident-notes.md"},
		graded("ann", 71, 65, 90,
			rubric.Result{ID: "a", Outcome: rubric.NotMet, Points: -3},
			rubric.Result{ID: "b", Outcome: rubric.NeedsReview, Highest: 2},
			rubric.Result{ID: "c", Outcome: rubric.NeedsReview, Highest: 9},
			rubric.Result{ID: "d", Outcome: rubric.NotGradable, Highest: 14}),
		graded("abe", 50, 50, 50),
		graded("last", 3, 3, 3),
	}
	out[2].Error = "part of the grade could not be checked: the engine hung"
	Rank(out)
	return out
}

func TestRank(t *testing.T) {
	var got []string
	for _, r := range rows() {
		got = append(got, r.Name+" "+string(rune('0'+r.Rank)))
	}
	require.Equal(t, []string{"ann 1", "abe 2", "meta 2", "last 4", "joe 0"}, got)
}

func TestText(t *testing.T) {
	require.Equal(t, ""+
		"rank  name  points         state\n"+
		"   1  ann   71 (65 to 90)  open        part of the grade could not be checked: the\n"+
		"                                       engine hung; decide c, b; not checked: d\n"+
		"   2  abe   50             open\n"+
		"   2  meta  50             open\n"+
		"   4  last  3              open\n"+
		"   -  joe   -              not graded  there is no incident-notes.md\n",
		strings.ReplaceAll(Text(rows(), 84), " \n", "\n"))
	hostile := graded("\x1b[2J"+strings.Repeat("界", 40)+"\u202e", 1, 1, 1,
		rubric.Result{ID: "a", Outcome: rubric.NeedsReview}, rubric.Result{ID: "b", Outcome: rubric.NeedsReview},
		rubric.Result{ID: "c", Outcome: rubric.NeedsReview}, rubric.Result{ID: "d", Outcome: rubric.NeedsReview})
	text := Text([]Row{hostile}, 100)
	require.NotContains(t, text, "\x1b")
	require.NotContains(t, text, "\u202e")
	require.Contains(t, text, "a, b, c and 1 more")
	for line := range strings.Lines(text) {
		require.LessOrEqual(t, report.Columns(strings.TrimRight(line, "\n")), 100)
	}
}

func parse(t *testing.T, data []byte) [][]string {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	require.NoError(t, err)
	return all
}

func TestCSV(t *testing.T) {
	data, err := CSV(rows())
	require.NoError(t, err)
	require.NotRegexp(t, regexp.MustCompile(`[^\r]\n`), string(data), "lines end as RFC 4180 says")
	all := parse(t, data)
	require.Len(t, all, 6)
	require.Equal(t, append(append([]string{}, fixed...), "a", "b", "c", "d"), all[0])
	require.Equal(t, []string{"1", "ann", "71", "65", "90", "100", "60", "open", "c b", "d",
		"part of the grade could not be checked: the engine hung", "grades/ann-report", "sha256:ann",
		"payment", "1.2.3", "sha256:r", "-3", "needs_review", "needs_review", "not_gradable"}, all[1])
	require.Equal(t, "5", all[3][16])
	require.Equal(t, "", all[2][16], "it has no such criterion")
	require.Equal(t, []string{"", "joe", "", "", "", "", "", "not graded", "", "",
		"there is no incident-notes.md"}, all[5][:11])
}

// TestFormulas: no cell begins such that a spreadsheet computes it, whatever a directory is
// called or a compiler says, and what is in a cell does not leave it.
func TestFormulas(t *testing.T) {
	for _, bad := range []string{
		`=1+1`, `+1`, `-1`, `@SUM(A1)`, "\t=1", "\r=1", "\n=1", ` =1`, `＝1`, `＋1`, `－1`, `＠a`, "\u00a0=1",
		`=HYPERLINK("http://x","y")`, `=cmd|' /C calc'!A0`, `"=1`, `'=1`, `|x`, `%x`,
		"a,b", `a"b`, "a\r\n=1,2", "x\n-2+3", "\u202e=1", "\x00=1", "\x1b]0;=1\x07", "日本, \"語\"",
	} {
		rows := []Row{{Name: bad, Error: bad}, graded(bad, 1, 1, 1, rubric.Result{ID: bad, Outcome: "=1"})}
		rows[1].Report, rows[1].Error = bad, bad
		data, err := CSV(rows)
		require.NoError(t, err, "%q", bad)
		all := parse(t, data)
		require.Len(t, all, 3, "%q stays in its line", bad)
		for i, line := range all {
			require.Len(t, line, len(fixed)+1, "%q stays in its cell", bad)
			for _, text := range line {
				require.NotRegexp(t, `^\s*["]*\s*[=+@\t\r\n-]|^[＝＋－＠|%]`, text, "%q in line %d", bad, i)
				require.NotRegexp(t, `[\x00-\x1f\x{202e}]`, text)
			}
		}
	}
}

// TestNumbersStayNumbers: what we count is no text, also below zero.
func TestNumbersStayNumbers(t *testing.T) {
	data, err := CSV([]Row{graded("x", -7, -9, -5)})
	require.NoError(t, err)
	require.Equal(t, []string{"-7", "-9", "-5"}, parse(t, data)[1][2:5])
}
