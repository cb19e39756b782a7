package engine_test

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"firedrill/lab/engine"
)

// TestLeaveBehind is the victim of TestSweep and TestRelease: it makes one of each kind and kills itself.
// On its own it only checks that it is not asked to.
func TestLeaveBehind(t *testing.T) {
	if os.Getenv("LEAVE_BEHIND") == "" {
		require.Empty(t, os.Getenv("LEAVE_BEHIND"))
		return
	}
	e, err := engine.Connect(t.Context())
	require.NoError(t, err)
	run := engine.NewRun(time.Now().Add(time.Hour))
	n, err := e.CreateNetwork(t.Context(), run, false)
	require.NoError(t, err)
	v, err := e.CreateVolume(t.Context(), run, "data")
	require.NoError(t, err)
	_, err = e.Create(t.Context(), run, engine.Spec{
		Name: "left", Image: runtimeImage(t, e), Cmd: []string{"/app/none"}, Network: n,
		Volumes: []engine.Mount{{Volume: v, Path: "/app"}},
	})
	require.NoError(t, err)
	if os.Getenv("LEAVE_BEHIND") == "released" {
		require.NoError(t, e.Release(t.Context(), run))
	}
	fmt.Println("run=" + run.ID)
	require.NoError(t, syscall.Kill(os.Getpid(), syscall.SIGKILL))
}

func netipOf(t *testing.T, ip net.IP) netip.Addr {
	t.Helper()
	a, ok := netip.AddrFromSlice(ip)
	require.True(t, ok)
	return a.Unmap()
}
