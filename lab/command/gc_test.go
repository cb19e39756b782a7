package command_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
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

	killAll(t, e, exam.Name)
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
		left := of(t, e, exam.Name)
		for _, o := range left {
			released[o.Run] = released[o.Run] || o.Released()
		}
		for _, o := range left {
			require.True(ct, released[o.Run], "%s %s of %s", o.Kind, o.Name, o.Run)
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

// moment is when a victim is killed: so long after it holds so many objects.
type moment struct {
	objects int
	after   time.Duration
}

func (m moment) String() string { return fmt.Sprintf("%d+%s", m.objects, m.after) }

// killAll starts the victims, five at a time, and kills each at its moment. Each removes
// what dead ones before it left, as lab up does. The last five therefore start together and
// die as soon as they hold something: what they leave is for gc.
func killAll(t *testing.T, e *engine.Engine, exam string) {
	t.Helper()
	const together = 5
	rng := rand.New(rand.NewPCG(killSeed, 0))
	var first, last []moment
	for i := range victims {
		if i < victims-together {
			first = append(first, moment{0, time.Duration(rng.Int64N(int64(2 * time.Second)))})
		} else {
			soon := time.Duration(rng.Int64N(int64(time.Millisecond)))
			last = append(last, moment{1 + rng.IntN(3), soon})
		}
	}
	for _, batch := range [][]moment{first, last} {
		var g errgroup.Group
		g.SetLimit(together)
		for _, m := range batch {
			g.Go(func() error { return kill(t.Context(), e, exam, m) })
		}
		require.NoError(t, g.Wait())
	}
	t.Logf("killed at %v", slices.Concat(first, last))
}

// kill starts one victim and kills it at its moment.
func kill(ctx context.Context, e *engine.Engine, exam string, m moment) error {
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
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	failed := make(chan error, 1)
	go func() {
		failed <- awaitObjects(ctx, e, cmd.Process.Pid, m.objects)
		time.AfterFunc(m.after, func() { _ = cmd.Process.Kill() })
	}()
	_, _ = io.Copy(io.Discard, out)
	_ = cmd.Wait() // killed, or ready before
	cancel()
	return <-failed
}

// awaitObjects returns when a process holds so many objects, or ctx ends.
func awaitObjects(ctx context.Context, e *engine.Engine, pid, want int) error {
	for again := time.NewTicker(5 * time.Millisecond); ; {
		all, err := e.List(context.WithoutCancel(ctx))
		if err != nil {
			return err
		}
		have := 0
		for _, o := range all {
			if owner, err := engine.ParseOwner(o.Owner); err == nil && owner.PID == pid {
				have++
			}
		}
		if have >= want {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-again.C:
		}
	}
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
