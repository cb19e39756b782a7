package rubric

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPaceKeepsTheWorst(t *testing.T) {
	all := make([]Answer, 2000)
	for i := range all {
		all[i] = Answer{200, int64(i % 7)}
	}
	all[1234] = Answer{503, 1}
	all[1236] = Answer{0, 0}
	var p Pace
	p.Answered(all)
	require.Equal(t, 2000, p.Asked)
	require.Len(t, p.Answers, MostAnswers)
	require.Equal(t, Answer{503, 1}, p.Answers[1234/5])
	require.Equal(t, Answer{0, 0}, p.Answers[1236/5])
	require.Equal(t, Answer{200, 6}, p.Answers[1])

	p.Answered(all[:3])
	require.Equal(t, all[:3], p.Answers)
	p.Answered(nil)
	require.Empty(t, p.Answers)
}

func TestAnswerIsText(t *testing.T) {
	data, err := json.Marshal([]Answer{{202, 1843}, {0, 12_000_000}})
	require.NoError(t, err)
	require.Equal(t, `["202 1843","0 12000000"]`, string(data))
	var back []Answer
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, []Answer{{202, 1843}, {0, 12_000_000}}, back)
	require.ErrorContains(t, json.Unmarshal([]byte(`["soon"]`), &back), `answer "soon"`)
}
