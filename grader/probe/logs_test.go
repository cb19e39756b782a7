package probe_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/grader/probe"
	"firedrill/rubric"
)

// attach gives the lines of the output that belong to a probe which quotes the given ids.
func attach(t *testing.T, output string, ids ...string) []string {
	t.Helper()
	s, _ := answering(t)
	p := good()
	p.Run = func(_ context.Context, s *probe.Session) (rubric.Observation, error) {
		for _, id := range ids {
			s.Quote(rubric.Exchange{RequestID: id})
		}
		return rubric.Observation{Counts: map[string]int{"asked": 3}}, nil
	}
	obs := []rubric.Observation{probe.Observe(t.Context(), p, s, nil)}
	s.Attach(obs, []byte(output))
	return obs[0].Logs
}

func TestLogsOfQuotedRequests(t *testing.T) {
	require.Equal(t, []string{
		`time=<time> level=ERROR msg="check failed" request_id=<id> amount=<n> status=503 took=<duration>`,
		`{"level":"INFO","request_id":"<id>","status":503,"bytes":<n>}`,
	}, attach(t, strings.Join([]string{
		`time=2026-03-03T14:00:00.1Z level=ERROR msg="check failed" request_id=0123456789abcdef amount=12.50 status=503 took=3ms`,
		`{"level":"INFO","request_id":"0123456789abcdef","status":503,"bytes":120}`,
		`time=2026-03-03T14:00:00.2Z level=INFO request_id=fedcba9876543210 msg=somebody-elses`,
		`no id at all`,
	}, "\n"), "0123456789abcdef"))
}

// TestLogsShowWhatManyLeft: what one request of ten leaves is chance.
func TestLogsShowWhatManyLeft(t *testing.T) {
	var ids, lines []string
	for i := range 10 {
		id := fmt.Sprintf("request-%04d", i)
		ids = append(ids, id)
		lines = append(lines, "id="+id+" breaker open")
		if i == 3 {
			lines = append(lines, "id="+id+" tried and failed")
		}
	}
	require.Equal(t, []string{"id=request-<n> breaker open"}, attach(t, strings.Join(lines, "\n"), ids...))
}

// TestLogsAreBounded: a service may write an id as often and as long as it likes, and what is
// no id finds nothing.
func TestLogsAreBounded(t *testing.T) {
	var lines []string
	for i := range 1000 {
		lines = append(lines, "abcdefgh "+strings.Repeat(string(rune('a'+i%26)), i)+strings.Repeat(" x", 5000))
	}
	got := attach(t, strings.Join(lines, "\n"), "abcdefgh")
	require.LessOrEqual(t, len(got), 6)
	for _, line := range got {
		require.LessOrEqual(t, len(line), 403)
	}
	require.Empty(t, attach(t, "a b c", "a", "b"))
	require.Empty(t, attach(t, "abcdefgh"))
}
