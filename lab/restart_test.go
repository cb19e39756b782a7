package lab_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"firedrill/lab"
)

// TestRestart: a container that was ended without warning comes back under its name, with an
// empty memory and on the same network; what it holds is known while it runs.
func TestRestart(t *testing.T) {
	e := connect(t)
	p := platform(t, e)
	only := lab.Platform{Name: "restart", Containers: []lab.Container{*p.Find("payment-db"), *p.Find(agentName)}}
	l, err := lab.Start(t.Context(), e, only, lab.Options{})
	t.Cleanup(func() { require.NoError(t, l.Close(t.Context())) })
	require.NoError(t, err)
	s := inside(t, l)
	listens := func() bool {
		up, err := s.Await(t.Context(), "payment-db:5432", 5*time.Second)
		require.NoError(t, err)
		return up
	}
	require.True(t, listens())
	c, err := l.Container("payment-db")
	require.NoError(t, err)
	u, err := c.Usage(t.Context())
	require.NoError(t, err)
	require.Positive(t, u.Memory)
	require.Less(t, u.Memory, int64(384<<20), "its limit")
	require.Greater(t, u.Threads, int64(3), "PostgreSQL has several processes")

	require.NoError(t, l.Restart(t.Context(), "payment-db"))
	require.True(t, listens())

	require.NoError(t, c.Stop(t.Context()))
	_, err = c.Wait(t.Context())
	require.NoError(t, err)
	_, err = c.Usage(t.Context())
	require.Error(t, err, "what does not run holds nothing that could be counted")
	require.ErrorContains(t, l.Restart(t.Context(), "nothing"), "no container nothing")
}
