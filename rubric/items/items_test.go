package items_test

import (
	"fmt"
	"math"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"firedrill/rubric"
	"firedrill/rubric/items"
)

// four is a rubric of four criteria with a point each, all marked by people, and a penalty.
func four(t *testing.T) *rubric.Rubric {
	t.Helper()
	text := "rubric: 1\nname: four\nversion: 1.0.0\nexam: demo\ntitle: Four\npoints: 4\npass: 2\ngroups:\n" +
		"  - id: all\n    title: All\n    points: 4\n    criteria:\n"
	for i := range 4 {
		text += fmt.Sprintf("      - {id: q%d, title: Question %d, candidate: q%d, source: examiner, points: 1,\n"+
			"         scale: [{points: 0, anchor: wrong}, {points: 1, anchor: right}]}\n", i, i, i)
	}
	r, err := rubric.Load(fstest.MapFS{"r.yaml": {Data: []byte(text)}}, "r.yaml")
	require.NoError(t, err)
	return r
}

// graded gives a grade for each line of marks: 1, 0, or ? for an open one.
func graded(t *testing.T, r *rubric.Rubric, lines ...string) []rubric.Grade {
	t.Helper()
	var out []rubric.Grade
	for _, line := range lines {
		var in rubric.Inputs
		for i, c := range line {
			if c != '?' {
				in.Marks = append(in.Marks, rubric.Mark{Criterion: fmt.Sprintf("q%d", i), Points: int(c - '0')})
			}
		}
		out = append(out, rubric.Score(r, in))
	}
	return out
}

// ten are answers with known figures.
var ten = []string{"1111", "1111", "1110", "1101", "1100", "1000", "1100", "1000", "0000", "1110"}

func TestAnalyse(t *testing.T) {
	r := four(t)
	a := items.Analyse(r, graded(t, r, ten...))
	require.Equal(t, []int{10, 7, 3, 0}, []int{a.N, a.Passed, a.Failed, a.Open})
	require.InDelta(t, 2.3, a.Mean, 1e-9)
	require.InDelta(t, 1.3375, a.Deviation, 1e-4)
	require.InDelta(t, 0.9, *a.Items[0].Difficulty, 1e-9)
	require.InDelta(t, 0.4, *a.Items[2].Difficulty, 1e-9)
	// Worked out by hand: variances of the items 0.1, 0.2333, 0.2667, 0.2333, of the totals 1.7889.
	require.InDelta(t, 4.0/3*(1-(0.1+7.0/30+8.0/30+7.0/30)/(161.0/90)), a.Alpha.Value, 1e-9)
	require.Less(t, a.Alpha.Low, a.Alpha.Value)
	require.Greater(t, a.Alpha.High, a.Alpha.Value)
	require.Equal(t, 10, a.Alpha.N)
	require.InDelta(t, a.Alpha.Value, *a.AlphaLowest, 1e-9, "nothing is open")
	require.InDelta(t, a.Alpha.Value, *a.AlphaHighest, 1e-9)
	// q2 is 1 for the rests 3, 3, 2, 2 and 0 for 3, 2, 1, 2, 1, 0.
	require.InDelta(t, 2.4/math.Sqrt(2.4*8.9), a.Items[2].Discrimination.Value, 1e-9)
	require.Less(t, a.Items[2].Discrimination.Low, 0.0, "ten tell little")
	require.Empty(t, a.LeftOut)
}

func TestFewTellNothing(t *testing.T) {
	r := four(t)
	a := items.Analyse(r, graded(t, r, ten[:9]...))
	require.Nil(t, a.Alpha)
	require.Nil(t, a.AlphaLowest)
	require.Nil(t, a.Items[1].Discrimination)
	require.NotNil(t, a.Items[1].Difficulty, "a mean can be told of any number")
	require.Zero(t, items.Analyse(r, nil).N)
}

func TestEverybodyAndNobody(t *testing.T) {
	r := four(t)
	var lines []string
	for _, l := range ten {
		lines = append(lines, "1"+l[1:3]+"0")
	}
	a := items.Analyse(r, graded(t, r, lines...))
	require.True(t, a.Items[0].Everybody)
	require.False(t, a.Items[0].Nobody)
	require.True(t, a.Items[3].Nobody)
	require.Nil(t, a.Items[0].Discrimination, "who all get the same tells nobody apart")
}

// TestOpenIsMissing: what is open is neither earned nor missed.
func TestOpenIsMissing(t *testing.T) {
	r := four(t)
	lines := append([]string{"11?1", "01?0"}, ten...)
	for i := range lines {
		lines[i] = lines[i][:3] + "?"
	}
	a := items.Analyse(r, graded(t, r, lines...))
	require.Equal(t, []string{"q3"}, a.LeftOut)
	require.Nil(t, a.Items[3].Difficulty)
	require.Equal(t, 12, a.Items[3].Review)
	require.Equal(t, 10, a.Items[2].Decided)
	require.InDelta(t, 0.4, *a.Items[2].Difficulty, 1e-9, "of those for whom it is decided")
	require.InDelta(t, 14.0/48, a.Review, 1e-9)
	require.Equal(t, 10, a.Complete)
	require.Equal(t, 10, a.Alpha.N)
	require.NotEqual(t, *a.AlphaLowest, *a.AlphaHighest, "what open outcomes leave")
	require.NotNil(t, a.Items[2].Discrimination)
	require.Equal(t, 10, a.Items[2].Discrimination.N)
}
