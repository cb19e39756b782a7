package command_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"firedrill/lab/command"
	"firedrill/lab/engine"
	"firedrill/lab/image"
)

// victims is how many starts of a lab are killed, and killSeed chooses when.
const (
	victims  = 20
	killSeed = 3
)

// TestVictim is the process that TestGCAfterKills kills: it starts a lab of the exam that
// the environment names. On its own it only checks that it is not asked to.
func TestVictim(t *testing.T) {
	name := os.Getenv("LAB_VICTIM")
	if name == "" {
		require.Empty(t, name)
		return
	}
	exam := tinyExam(t)
	exam.Name = name
	fmt.Println("begin")
	fmt.Println(must(t, command.Command{Exam: exam}, "up"))
}

// TestGCAfterKills kills twenty starts at random moments. Afterwards gc leaves no trace of
// those that were not ready, and everything else as it is.
func TestGCAfterKills(t *testing.T) {
	e := connect(t)
	exam := named(t, tinyExam(t))
	c := command.Command{Exam: exam}
	bystander := named(t, tinyExam(t))
	must(t, command.Command{Exam: bystander}, "up")
	foreign := makeForeign(t, e)
	alive := engine.NewRun(time.Now().Add(time.Hour)) // this process's own, not released
	alive.Of = exam.Name
	_, err := e.CreateVolume(t.Context(), alive, "alive")
	require.NoError(t, err)

	killAll(t, exam.Name)
	before := of(t, e, exam.Name)
	released := map[string]bool{alive.ID: true}
	for _, o := range before {
		released[o.Run] = released[o.Run] || o.Released()
	}
	t.Logf("%d objects of %d labs are left; %d of the labs were ready", len(before),
		len(runsOf(before))-1, len(runsOf(before, released))-1)
	require.Greater(t, len(runsOf(before)), len(runsOf(before, released)), "none was killed half way")

	out := must(t, c, "gc")
	// The engine may still carry out a killed process's last request.
	require.EventuallyWithT(t, func(ct *assert.CollectT) {
		out += must(t, c, "gc")
		for _, o := range of(t, e, exam.Name) {
			require.True(ct, released[o.Run] || o.Released(), "%s %s of %s", o.Kind, o.Name, o.Run)
		}
	}, 20*time.Second, 200*time.Millisecond)
	for _, o := range before {
		require.Equal(t, !released[o.Run], strings.Contains(out, o.Run), "%s %s", o.Kind, o.Run)
	}
	require.Len(t, of(t, e, bystander.Name), 4, "a lab that is up: container, files, network, lab")
	foreign.requireThere(t, e)

	if len(runsOf(before, released)) > 1 {
		message, _ := requireCode(t, command.ExitUsage, run(t.Context(), c, "gc", "--all").error)
		require.Contains(t, message, "--all")
	}
	must(t, c, "gc", "--all", "--yes")
	require.Equal(t, map[string]bool{alive.ID: true}, runsOf(of(t, e, exam.Name)))
	require.Len(t, of(t, e, bystander.Name), 4, "another exam's lab")
	foreign.requireThere(t, e)
}

// killAll starts the victims, five at a time, and kills each at its moment.
func killAll(t *testing.T, exam string) {
	t.Helper()
	rng := rand.New(rand.NewPCG(killSeed, 0))
	var g errgroup.Group
	g.SetLimit(5)
	for range victims {
		moment := time.Duration(rng.Int64N(int64(2500 * time.Millisecond)))
		g.Go(func() error { return kill(t.Context(), exam, moment) })
	}
	require.NoError(t, g.Wait())
}

// kill starts one victim and kills it a moment after it began.
func kill(ctx context.Context, exam string, moment time.Duration) error {
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestVictim$", "-test.v")
	cmd.Env = append(os.Environ(), "LAB_VICTIM="+exam)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.Contains(lines.Text(), "begin") {
	}
	stop := time.AfterFunc(moment, func() { _ = cmd.Process.Kill() })
	defer stop.Stop()
	_, _ = io.Copy(io.Discard, out)
	_ = cmd.Wait() // killed, or ready before
	return nil
}

// runsOf gives the runs of objects, with kept only those in it.
func runsOf(all []engine.Object, kept ...map[string]bool) map[string]bool {
	out := map[string]bool{}
	for _, o := range all {
		if len(kept) == 0 || kept[0][o.Run] {
			out[o.Run] = true
		}
	}
	return out
}

// foreign are objects of somebody else, without labels of ours.
type foreign struct{ container, network, volume string }

func makeForeign(t *testing.T, e *engine.Engine) foreign {
	t.Helper()
	cli, ctx := e.Client(), t.Context()
	name := fmt.Sprintf("somebody-else-%x", rand.Uint64N(1<<48))
	ref, err := image.NewStore(cli, nil).Find(ctx, image.Runtime())
	require.NoError(t, err)
	v, err := cli.VolumeCreate(ctx, client.VolumeCreateOptions{Name: name,
		Labels: map[string]string{"firedrill": "is not our label", "owner": "none"}})
	require.NoError(t, err)
	n, err := cli.NetworkCreate(ctx, name, client.NetworkCreateOptions{Driver: "bridge",
		Internal: true})
	require.NoError(t, err)
	c, err := cli.ContainerCreate(ctx, client.ContainerCreateOptions{Name: name,
		Config: &container.Config{Image: ref, Cmd: []string{"/nothing"}}})
	require.NoError(t, err)
	f := foreign{c.ID, n.ID, v.Volume.Name}
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		_, err := cli.ContainerRemove(ctx, f.container, client.ContainerRemoveOptions{Force: true})
		require.NoError(t, err)
		_, err = cli.NetworkRemove(ctx, f.network, client.NetworkRemoveOptions{})
		require.NoError(t, err)
		_, err = cli.VolumeRemove(ctx, f.volume, client.VolumeRemoveOptions{})
		require.NoError(t, err)
	})
	return f
}

func (f foreign) requireThere(t *testing.T, e *engine.Engine) {
	t.Helper()
	_, err := e.Client().ContainerInspect(t.Context(), f.container, client.ContainerInspectOptions{})
	require.NoError(t, err)
	_, err = e.Client().NetworkInspect(t.Context(), f.network, client.NetworkInspectOptions{})
	require.NoError(t, err)
	_, err = e.Client().VolumeInspect(t.Context(), f.volume, client.VolumeInspectOptions{})
	require.NoError(t, err)
}

// TestSeveralLabs has two labs side by side.
func TestSeveralLabs(t *testing.T) {
	e := connect(t)
	exam := named(t, tinyExam(t))
	c := command.Command{Exam: exam}
	must(t, c, "up")
	must(t, c, "up")
	ids := make([]string, 0, 2)
	for id := range runsOf(of(t, e, exam.Name)) {
		ids = append(ids, id)
	}
	require.Len(t, ids, 2)
	for _, sub := range []string{"down", "heal", "break", "logs"} {
		message, hint := requireCode(t, command.ExitLab, run(t.Context(), c, sub).error)
		require.Equal(t, "2 labs run", message)
		require.Contains(t, hint, ids[0])
	}
	requireCode(t, command.ExitLab, run(t.Context(), c, "down", "zz").error)
	requireCode(t, command.ExitLab, run(t.Context(), c, "status", "zz").error)
	must(t, c, "heal", ids[0])
	require.Contains(t, must(t, c, "status", ids[0]), "healed")
	require.Contains(t, must(t, c, "status", ids[1]), "faulty")
	must(t, c, "down", ids[0])
	require.Equal(t, map[string]bool{ids[1]: true}, runsOf(of(t, e, exam.Name)))
	require.Contains(t, run(t.Context(), c, "gc", "--all").out, "would remove lab "+ids[1])
	require.Contains(t, must(t, c, "gc", "--all", "--yes"), ids[1]+" (--all)")
	require.Empty(t, of(t, e, exam.Name))
}
