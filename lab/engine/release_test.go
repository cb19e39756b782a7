package engine_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"firedrill/lab/engine"
)

// TestRelease kills a process after it released its run: only the expiry counts then.
func TestRelease(t *testing.T) {
	e := connect(t)
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestLeaveBehind$", "-test.v")
	child.Env = append(os.Environ(), "LEAVE_BEHIND=released")
	out, err := child.CombinedOutput()
	require.Error(t, err, "it kills itself")
	_, id, ok := strings.Cut(string(out), "run=")
	require.True(t, ok, string(out))
	id = strings.Fields(id)[0]
	t.Cleanup(func() {
		ctx, cancel := engine.Detach(t.Context())
		defer cancel()
		_, err := e.RemoveRun(ctx, id)
		require.NoError(t, err)
		require.Empty(t, ofRun(t, e, id))
	})
	deadOf := func(now time.Time) (n int) {
		dead, err := e.Dead(t.Context(), now)
		require.NoError(t, err)
		for _, o := range dead {
			if o.Run == id {
				n++
			}
		}
		return n
	}
	left := ofRun(t, e, id)
	require.Len(t, left, 4, "container, network, volume, and what says that it was released")
	require.Zero(t, deadOf(time.Now()), "its process is gone, and it stays")
	require.Equal(t, 4, deadOf(left[0].Expires.Add(time.Second)), "expired")

	// Another process takes it over from what the engine knows.
	for _, o := range left {
		switch o.Kind {
		case "container":
			require.Equal(t, "created", o.State)
			require.WithinDuration(t, time.Now(), o.Created, time.Minute)
			require.NoError(t, e.OpenContainer(o).Remove(t.Context()))
		case "network":
			n, err := e.OpenNetwork(t.Context(), o)
			require.NoError(t, err)
			require.True(t, n.Subnet.Contains(n.Fixed(0)))
		}
	}
	require.Len(t, ofRun(t, e, id), 3)
}
