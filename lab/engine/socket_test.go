package engine_test

import (
	"strings"
	"testing"

	"github.com/moby/moby/client"
	"github.com/stretchr/testify/require"

	"firedrill/lab/engine"
)

// TestEngineSocket holds the one container that gets the socket to its conditions.
func TestEngineSocket(t *testing.T) {
	e := connect(t)
	run := newRun(t, e)
	spec := engine.Spec{Name: "proxy", Image: runtimeImage(t, e), Cmd: []string{"/none"},
		EngineSocket: true, Env: map[string]string{"A": "b"}}
	inspect := func(s engine.Spec) client.ContainerInspectResult {
		c, err := e.Create(t.Context(), run, s)
		require.NoError(t, err)
		in, err := e.Client().ContainerInspect(t.Context(), c.ID, client.ContainerInspectOptions{})
		require.NoError(t, err)
		return in
	}
	in := inspect(spec)
	require.Len(t, in.Container.Mounts, 1)
	require.Equal(t, engine.SocketPath, in.Container.Mounts[0].Destination)
	require.False(t, in.Container.Mounts[0].RW)
	require.EqualValues(t, "none", in.Container.HostConfig.NetworkMode)
	require.True(t, in.Container.HostConfig.ReadonlyRootfs)
	require.Equal(t, engine.Nobody, in.Container.Config.User)
	require.Len(t, in.Container.HostConfig.GroupAdd, 1)
	require.Subset(t, in.Container.Config.Env, []string{
		"A=b", engine.EnvRunLabel + "=" + engine.LabelRun + "=" + run.ID,
		engine.EnvNameLabel + "=" + engine.LabelName})
	require.Equal(t, map[string]string{"A": "b"}, spec.Env, "the caller's map is untouched")

	spec.Name, spec.EngineSocket = "other", false
	in = inspect(spec)
	require.Empty(t, in.Container.Mounts)
	require.Empty(t, in.Container.HostConfig.GroupAdd)
	require.NotContains(t, strings.Join(in.Container.Config.Env, " "), run.ID)
}

func TestEngineSocketRefused(t *testing.T) {
	e := connect(t)
	run := newRun(t, e)
	net, err := e.CreateNetwork(t.Context(), run, false)
	require.NoError(t, err)
	for name, change := range map[string]func(*engine.Spec){
		"network": func(s *engine.Spec) { s.Network = net },
		"input":   func(s *engine.Spec) { s.Stdin = true },
		"files":   func(s *engine.Spec) { s.Files = []engine.File{{Path: "/x/y"}} },
	} {
		s := engine.Spec{Name: "proxy", Image: runtimeImage(t, e), EngineSocket: true}
		change(&s)
		_, err := e.Create(t.Context(), run, s)
		require.ErrorContains(t, err, "goes to no container with", name)
	}
}

func TestSocketVolumeIsOnePerName(t *testing.T) {
	e := connect(t)
	run := newRun(t, e)
	a, err := e.CreateSocketVolume(t.Context(), run, "sockets")
	require.NoError(t, err)
	b, err := e.CreateSocketVolume(t.Context(), run, "sockets")
	require.NoError(t, err)
	require.Equal(t, a.Name, b.Name)
}
