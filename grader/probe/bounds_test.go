package probe_test

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/grader/probe"
	"firedrill/rubric"
)

// TestBatchesAreBounded: the more requests, the less is kept of each answer; a usual batch's are
// kept as single ones are.
func TestBatchesAreBounded(t *testing.T) {
	for n, each := range map[int]int{1: 16 << 10, 100: 16 << 10, 250: 8388, 750: 2796, 5000: 419} {
		var asked bytes.Buffer
		s := probe.NewSession(script{strings.NewReader(""), &asked}, probe.Target{}, 1)
		_, err := s.Send(t.Context(), make([]probe.Request, n), 1)
		require.ErrorIs(t, err, probe.ErrAgent)
		var order struct{ Keep int }
		require.NoError(t, json.Unmarshal(asked.Bytes(), &order))
		require.Equal(t, each, order.Keep, n)
		require.LessOrEqual(t, n*each, 2<<20)
	}
}

// endless never ends a line.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestEndlessReply(t *testing.T) {
	s := probe.NewSession(script{endless{}, io.Discard}, probe.Target{}, 1)
	_, err := s.Query(t.Context(), "SELECT 1")
	require.ErrorIs(t, err, probe.ErrAgent)
	require.ErrorContains(t, err, "reply is too long")
}

// TestTooManyRows: what the agent does not hold of our few rows is the service's doing.
func TestTooManyRows(t *testing.T) {
	s, _ := answering(t, `{"error":"the answer is larger than 4 MB (SQLSTATE 54000)"}`)
	_, err := s.Query(t.Context(), "SELECT 1")
	require.ErrorIs(t, err, probe.ErrSchema)
	require.ErrorContains(t, err, "larger than 4 MB")
}

// TestTellingErrors: what a service said that is no answer is shown as briefly as one.
func TestTellingErrors(t *testing.T) {
	got := probe.Telling(rubric.Exchange{Error: "malformed HTTP response from 10.0.0.1:80 " + strings.Repeat("A", 9000)})
	require.True(t, strings.HasPrefix(got[0].Error, "malformed HTTP response from <address> AA"))
	require.LessOrEqual(t, len(got[0].Error), 403)
}
