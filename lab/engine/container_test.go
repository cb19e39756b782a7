package engine_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	"github.com/stretchr/testify/require"

	"firedrill/lab/engine"
	"firedrill/lab/image"
)

// connect reaches the engine that `make setup` provides; a missing one is a failure.
func connect(t *testing.T) *engine.Engine {
	t.Helper()
	e, err := engine.Connect(t.Context())
	require.NoError(t, err, "run `make setup` first")
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	return e
}

func runtimeImage(t *testing.T, e *engine.Engine) string {
	t.Helper()
	ref, err := image.NewStore(e.Client(), nil).Find(t.Context(), image.Runtime())
	require.NoError(t, err)
	return ref
}

// newRun gives a run whose objects are gone after the test, which checks it.
func newRun(t *testing.T, e *engine.Engine) engine.Run {
	t.Helper()
	run := engine.NewRun(time.Now().Add(10 * time.Minute))
	t.Cleanup(func() {
		ctx, cancel := engine.Detach(t.Context())
		defer cancel()
		_, err := e.RemoveRun(ctx, run.ID)
		require.NoError(t, err)
		left, err := e.List(ctx)
		require.NoError(t, err)
		for _, o := range left {
			require.NotEqual(t, run.ID, o.Run, "%s %s is left", o.Kind, o.Name)
		}
	})
	return run
}

// program compiles a directory of testdata for a container.
func program(t *testing.T, name string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), name)
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", out, "./testdata/"+name)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	said, err := cmd.CombinedOutput()
	require.NoError(t, err, string(said))
	data, err := os.ReadFile(out)
	require.NoError(t, err)
	return data
}

// TestHardeningInForce asserts from inside and through inspect what is in force, not what
// was asked for.
func TestHardeningInForce(t *testing.T) {
	e := connect(t)
	run := newRun(t, e)
	vol, err := e.CreateVolume(t.Context(), run, "app")
	require.NoError(t, err)
	c, err := e.Create(t.Context(), run, engine.Spec{
		Name: "look", Image: runtimeImage(t, e), Entrypoint: []string{"/app/look"},
		Volumes: []engine.Mount{{Volume: vol, Path: "/app"}},
		Files:   []engine.File{{Path: "/app/look", Mode: 0o755, Data: program(t, "look")}},
	})
	require.NoError(t, err)
	require.NoError(t, c.Start(t.Context()))
	exit, err := c.Wait(t.Context())
	require.NoError(t, err)
	require.Zero(t, exit.Code)
	out, err := c.Logs(t.Context(), 100, 1<<20)
	require.NoError(t, err)
	said := string(out)
	for _, want := range []string{
		"Uid: 65532 65532 65532 65532", "Gid: 65532 65532 65532 65532",
		"CapEff: 0000000000000000", "CapBnd: 0000000000000000", "NoNewPrivs: 1", "Seccomp: 2",
		"limit core 0 0 <nil>", "limit nofile 1024 1024 <nil>",
		fmt.Sprintf("limit fsize %d %d <nil>", 64<<20, 64<<20),
		"write /root-file false read-only file system", "write /app/file false permission denied",
		"write /tmp/file true", "exec /tmp permission denied", "oom_score_adj 500",
	} {
		require.Contains(t, said, want)
	}
	require.Regexp(t, `mount / ro,`, said)
	require.Regexp(t, `mount /tmp rw,nosuid,nodev,noexec,\S*size=65536k,nr_inodes=4096`, said)
	require.NotContains(t, said, "mount /dev/shm", "ipc is none")

	in, err := e.Client().ContainerInspect(t.Context(), c.ID, client.ContainerInspectOptions{})
	require.NoError(t, err)
	h := in.Container.HostConfig
	require.EqualValues(t, 256<<20, h.Memory)
	require.EqualValues(t, h.Memory, h.MemorySwap, "no swap beside the memory")
	require.EqualValues(t, 128, *h.PidsLimit)
	require.EqualValues(t, 1e9, h.NanoCPUs)
	require.EqualValues(t, "none", h.NetworkMode)
	require.Empty(t, h.Binds)
	require.False(t, h.Privileged)
	require.Equal(t, "json-file", h.LogConfig.Type)
	require.Equal(t, "5m", h.LogConfig.Config["max-size"])

	f, err := c.InForce(t.Context())
	require.NoError(t, err)
	f.AppArmor = "" // as the machine has it
	require.Equal(t, engine.InForce{Runtime: e.Info().Runtime, User: engine.Nobody, Seccomp: "default",
		NoNewPrivileges: true, Capabilities: []string{}, ReadOnlyRoot: true, PIDs: 128,
		Memory: 256 << 20, CPUs: 1, Internal: true}, f)
	require.Empty(t, f.Lacks())
}

// TestInForceTellsWhatIsMissing reads back a container that somebody made without care.
func TestInForceTellsWhatIsMissing(t *testing.T) {
	e := connect(t)
	made, err := e.Client().ContainerCreate(t.Context(), client.ContainerCreateOptions{
		Config:     &container.Config{Image: runtimeImage(t, e), Cmd: []string{"/none"}},
		HostConfig: &container.HostConfig{SecurityOpt: []string{"seccomp=unconfined"}, CapAdd: []string{"NET_RAW"}},
	})
	require.NoError(t, err)
	c := e.OpenContainer(engine.Object{ID: made.ID, Name: "careless"})
	t.Cleanup(func() {
		ctx, cancel := engine.Detach(t.Context())
		defer cancel()
		require.NoError(t, c.Remove(ctx))
	})
	f, err := c.InForce(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"no seccomp profile", "programs may gain rights",
		"capabilities: CAP_NET_RAW, the engine's default", "a writable root", "no bound on processes",
		"no bound on memory", "swap beyond the memory", "a network that leads out"}, f.Lacks())
}

func TestUseRuntime(t *testing.T) {
	e := connect(t)
	err := e.UseRuntime("no-such-runtime")
	var missing *engine.RuntimeError
	require.ErrorAs(t, err, &missing)
	require.Contains(t, err.Error(), "no runtime no-such-runtime, it has ")
	require.Contains(t, err.Error(), "runc")
	require.Contains(t, missing.Hint(), "/etc/docker/daemon.json")
	require.NoError(t, e.UseRuntime("runc"))
	run := newRun(t, e)
	c, err := e.Create(t.Context(), run, engine.Spec{Name: "x", Image: runtimeImage(t, e), Cmd: []string{"/none"}})
	require.NoError(t, err)
	f, err := c.InForce(t.Context())
	require.NoError(t, err)
	require.Equal(t, "runc", f.Runtime)
}

func TestMissingImage(t *testing.T) {
	e := connect(t)
	_, err := e.Create(t.Context(), newRun(t, e), engine.Spec{Name: "x", Image: "firedrill/nothing:0"})
	var missing *engine.MissingImageError
	require.ErrorAs(t, err, &missing)
	require.Contains(t, missing.Hint(), "make setup")
}

// TestNetworkIsIsolated opens a door on every address of the host and finds it closed
// from inside.
func TestNetworkIsIsolated(t *testing.T) {
	e := connect(t)
	run := newRun(t, e)
	n, err := e.CreateNetwork(t.Context(), run, false)
	require.NoError(t, err)
	in, err := e.Client().NetworkInspect(t.Context(), n.ID, client.NetworkInspectOptions{})
	require.NoError(t, err)
	require.True(t, in.Network.Internal)
	// The bridge has no address on the host: nobody listens at the gateway.
	addrs, err := net.InterfaceAddrs()
	require.NoError(t, err)
	for _, a := range addrs {
		ip, ok := a.(*net.IPNet)
		require.True(t, ok)
		require.False(t, n.Subnet.Contains(netipOf(t, ip.IP)), "the host has %s in the lab's net", ip)
	}
}

// TestSweep removes what a killed process left, and nothing of a running one.
func TestSweep(t *testing.T) {
	e := connect(t)
	mine := newRun(t, e)
	_, err := e.CreateVolume(t.Context(), mine, "keep")
	require.NoError(t, err)

	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestLeaveBehind$", "-test.v")
	child.Env = append(os.Environ(), "LEAVE_BEHIND=1")
	out, err := child.CombinedOutput()
	require.Error(t, err, "it kills itself")
	_, id, ok := strings.Cut(string(out), "run=")
	require.True(t, ok, string(out))
	id = strings.Fields(id)[0]
	require.Len(t, ofRun(t, e, id), 3, "a container, a network and a volume are left")

	_, err = e.Sweep(t.Context(), time.Now())
	require.NoError(t, err)
	require.Empty(t, ofRun(t, e, id))
	require.Len(t, ofRun(t, e, mine.ID), 1)
	_, err = e.Sweep(t.Context(), mine.Expires.Add(time.Minute))
	require.NoError(t, err)
	require.Empty(t, ofRun(t, e, mine.ID), "expired")
}

func ofRun(t *testing.T, e *engine.Engine, run string) []engine.Object {
	t.Helper()
	all, err := e.List(context.WithoutCancel(t.Context()))
	require.NoError(t, err)
	var out []engine.Object
	for _, o := range all {
		if o.Run == run {
			out = append(out, o)
		}
	}
	return out
}

// TestConnectSideBySide is for the race detector: grades run in parallel in one process.
func TestConnectSideBySide(t *testing.T) {
	for range 8 {
		t.Run("one", func(t *testing.T) {
			t.Parallel()
			connect(t)
		})
	}
}
