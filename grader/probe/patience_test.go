package probe_test

import (
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"firedrill/grader/probe"
)

// TestSilentAgent: an agent that never replies, as one behind an engine that hangs, holds
// nobody for ever, and says nothing about the service.
func TestSilentAgent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, out := io.Pipe()
		silent, never := io.Pipe()
		go func() { _, _ = io.Copy(io.Discard, in) }()
		s := probe.NewSession(struct {
			io.Reader
			io.Writer
		}{silent, out}, probe.Target{Service: "http://x"}, 1)
		began := time.Now()
		reqs := make([]probe.Request, 200)
		_, err := s.Send(t.Context(), reqs, 100)
		require.ErrorIs(t, err, probe.ErrAgent)
		require.ErrorIs(t, s.Err(), probe.ErrAgent)
		require.Equal(t, 2*probe.RequestTime+30*time.Second, time.Since(began), "two rounds, and what the agent needs")
		_, err = s.Await(t.Context(), "x:1", time.Second)
		require.ErrorIs(t, err, probe.ErrAgent, "afterwards nothing is asked any more")
		require.NoError(t, never.Close())
		require.NoError(t, out.Close())
	})
}
