package probe_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"firedrill/grader/probe"
	"firedrill/rubric"
)

// TestPace: when each probe ran, and how the service answered it; answers of other programs
// and of other probes are not its own.
func TestPace(t *testing.T) {
	one := `{"exchanges":[{"status":202,"micros":1500},{"status":0,"micros":9}]}`
	s, _ := answering(t, one, `{"exchanges":[{"status":200}]}`, `{"exchanges":[{"status":503,"micros":4}]}`)
	now := time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)
	s.Now = func() time.Time { now = now.Add(100 * time.Millisecond); return now }
	get := probe.Request{Method: "GET", Path: "/"}
	p := good()
	run := p.Run
	ask := func(requests int) *rubric.Pace {
		p.Run = func(ctx context.Context, s *probe.Session) (rubric.Observation, error) {
			if requests > 0 {
				_, err := s.Send(ctx, make([]probe.Request, requests), 4)
				require.NoError(t, err)
			}
			return run(ctx, nil)
		}
		return probe.Observe(t.Context(), p, s, nil).Pace
	}
	require.Equal(t, &rubric.Pace{Began: 0, Took: 100, Asked: 2,
		Answers: []rubric.Answer{{Status: 202, Micros: 1500}, {Status: 0, Micros: 9}}}, ask(2))
	_, err := s.Ask(t.Context(), "http://ours", get)
	require.NoError(t, err)
	require.Equal(t, &rubric.Pace{Began: 200, Took: 100, Asked: 1,
		Answers: []rubric.Answer{{Status: 503, Micros: 4}}}, ask(1))
	require.Nil(t, ask(0))
}
