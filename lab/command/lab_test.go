package command_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
	"github.com/stretchr/testify/require"

	"firedrill/lab"
	"firedrill/lab/command"
	"firedrill/lab/engine"
)

func statusOf(t *testing.T, c command.Command) command.Status {
	t.Helper()
	var all []command.Status
	require.NoError(t, json.Unmarshal([]byte(must(t, c, "status", "--json")), &all))
	require.Len(t, all, 1)
	return all[0]
}

// TestLab takes the payment exam's lab through its life, each command in a "process" that
// knows nothing of the others.
func TestLab(t *testing.T) {
	e := connect(t)
	var opened []string
	exam := named(t, paymentExam(t))
	for i := range exam.Doors {
		exam.Doors[i].Browse = exam.Doors[i].Name == "service"
	}
	c := command.Command{Exam: exam, Open: func(_ context.Context, url string) error {
		opened = append(opened, url)
		return nil
	}}
	out := must(t, c, "up", "--ports", "auto", "--open", "--for", "90m")
	st := statusOf(t, c)
	require.Contains(t, out, "lab "+st.Lab+" is ready")
	require.WithinDuration(t, time.Now().Add(90*time.Minute), st.Ends, time.Minute)
	require.Len(t, opened, 1)
	require.Contains(t, out, opened[0], "the browser shows a URL that was printed")

	t.Run("is as announced", func(t *testing.T) {
		require.Equal(t, lab.Faulty, st.World)
		for _, box := range st.Containers {
			require.Equal(t, "ok", box.Health, box.Name)
		}
		res, err := http.Get(opened[0] + "/health")
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, http.StatusOK, res.StatusCode)
		require.Contains(t, must(t, c, "logs", "traffic-generator"), "msg=request", "traffic flows")
		require.Contains(t, must(t, c, "status"), "payment-processor  ok      faulty")
	})
	t.Run("nothing in it tells the answer", func(t *testing.T) { requireNoLeak(t, e, exam.Name) })
	t.Run("logs", func(t *testing.T) { requireLogs(t, c) })
	t.Run("worlds", func(t *testing.T) {
		require.Contains(t, must(t, c, "break"), "is faulty already")
		require.Contains(t, must(t, c, "heal", st.Lab[:4]), "is healed after")
		require.Equal(t, lab.Healed, statusOf(t, c).World)
		require.Error(t, exam.Fault(t.Context(), addresses(st)), "payments work")
		require.Contains(t, must(t, c, "heal"), "is healed already")
		require.Contains(t, must(t, c, "break"), "is relapsed after")
		require.Equal(t, lab.Relapsed, statusOf(t, c).World)
		require.NoError(t, exam.Fault(t.Context(), addresses(st)), "payments fail again")
		require.Contains(t, must(t, c, "heal"), "is healed after")
	})
	t.Run("stays until its time ends", func(t *testing.T) {
		require.NotContains(t, must(t, c, "gc"), st.Lab)
		dead, err := e.Dead(t.Context(), st.Ends.Add(time.Minute))
		require.NoError(t, err)
		n := 0
		for _, o := range dead {
			if o.Run == st.Lab {
				n++
			}
		}
		require.Len(t, of(t, e, exam.Name), n)
	})
	t.Run("its ports are its own", func(t *testing.T) {
		_, port, err := net.SplitHostPort(addresses(st)["service"])
		require.NoError(t, err)
		message, hint := requireCode(t, command.ExitPort,
			run(t.Context(), c, "up", "--ports", "auto", "--port", port).error)
		require.Contains(t, message, "port "+port+" of 127.0.0.1 is taken")
		require.Contains(t, hint, "lab "+st.Lab+" holds it")
	})
	require.Contains(t, must(t, c, "down"), "lab "+st.Lab+" is removed")
	require.Empty(t, of(t, e, exam.Name))
	requireCode(t, command.ExitLab, run(t.Context(), c, "down").error)
	require.Contains(t, must(t, c, "status"), "no lab runs")
}

func addresses(st command.Status) map[string]string {
	for _, box := range st.Containers {
		if box.Name == "payment-processor" {
			return map[string]string{"service": box.Address}
		}
	}
	return nil
}

// requireNoLeak looks at a lab that was not healed as somebody with the engine's word would.
func requireNoLeak(t *testing.T, e *engine.Engine, exam string) {
	t.Helper()
	for _, o := range of(t, e, exam) {
		require.NotContains(t, o.Name, "fraud")
		if o.Kind != "container" {
			continue
		}
		in, err := e.Client().ContainerInspect(t.Context(), o.ID, client.ContainerInspectOptions{})
		require.NoError(t, err)
		for key, value := range in.Container.Config.Labels {
			for _, word := range []string{"fraud", "dns", "heal", "fault", "world", "grad", "answer"} {
				require.NotContains(t, strings.ToLower(key+"="+value), word)
			}
		}
		if o.Name != "resolver" {
			continue
		}
		for file, there := range map[string]bool{"/bin/resolver": true, "/bin/payment-processor": true,
			"/bin/agent": false, "/bin/fraudapi": false} {
			_, err := e.Client().ContainerStatPath(t.Context(), o.ID,
				client.ContainerStatPathOptions{Path: file})
			if there {
				require.NoError(t, err, file)
			} else {
				require.True(t, errdefs.IsNotFound(err), "%s: %v", file, err)
			}
		}
	}
}

func requireLogs(t *testing.T, c command.Command) {
	t.Helper()
	all := must(t, c, "logs", "-t")
	require.Contains(t, all, "payment-db         ")
	last := ""
	for line := range strings.Lines(all) {
		at := strings.Fields(line)[1]
		require.GreaterOrEqual(t, at, last, "lines come by time")
		last = at
	}
	require.Equal(t, 2, strings.Count(must(t, c, "logs", "-n", "2", "payment-db"), "\n"))
	_, hint := requireCode(t, command.ExitUsage, run(t.Context(), c, "logs", "payment-bd").error)
	require.Contains(t, hint, "payment-db, payment-processor")

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, w := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := c.Run(ctx, []string{"logs", "-f", "-n", "1"}, nil, w, io.Discard)
		ended <- errors.Join(err, w.Close())
	}()
	lines := bufio.NewScanner(r)
	for n := 0; n < 8; n++ { // more than the last ones of four containers
		require.True(t, lines.Scan(), lines.Err())
	}
	cancel()
	go func() { _, _ = io.Copy(io.Discard, r) }()
	require.NoError(t, <-ended, "Ctrl-C is how following ends")
}

// TestUpLeavesNothing breaks the start in every way that a start can break.
func TestUpLeavesNothing(t *testing.T) {
	e := connect(t)
	door, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer door.Close()
	_, taken, err := net.SplitHostPort(door.Addr().String())
	require.NoError(t, err)
	port, err := strconv.Atoi(taken)
	require.NoError(t, err)

	t.Run("a port is taken", func(t *testing.T) {
		exam := named(t, paymentExam(t))
		message, hint := requireCode(t, command.ExitPort, run(t.Context(),
			command.Command{Exam: exam}, "up", "--ports", "auto", "--port", taken).error)
		require.Contains(t, message, taken)
		require.Contains(t, hint, "--ports auto")
		require.Empty(t, of(t, e, exam.Name))
	})
	t.Run("a port is taken in the meantime", func(t *testing.T) {
		exam := named(t, tinyExam(t))
		tiny := exam.Platform
		exam.Platform = func(ref map[string]string) lab.Platform {
			p := tiny(ref)
			p.Exposed, p.Containers[0].Ports = true, map[string]int{"5353/tcp": port}
			return p
		}
		message, _ := requireCode(t, command.ExitPort,
			run(t.Context(), command.Command{Exam: exam}, "up").error)
		require.Equal(t, "port "+taken+" of 127.0.0.1 is taken", message)
		require.Empty(t, of(t, e, exam.Name))
	})
	t.Run("the fault does not show", func(t *testing.T) {
		exam := named(t, tinyExam(t))
		exam.Fault = func(context.Context, map[string]string) error { return errors.New("all is well") }
		message, _ := requireCode(t, command.ExitFailed,
			run(t.Context(), command.Command{Exam: exam}, "up").error)
		require.Equal(t, "the fault does not show: all is well", message)
		require.Empty(t, of(t, e, exam.Name))
	})
	t.Run("a container ends", func(t *testing.T) {
		exam := named(t, tinyExam(t))
		tiny := exam.Platform
		exam.Platform = func(ref map[string]string) lab.Platform {
			p := tiny(ref)
			p.Containers[0].Entrypoint = append(p.Containers[0].Entrypoint, "-plan", "nonsense")
			return p
		}
		message, _ := requireCode(t, command.ExitFailed,
			run(t.Context(), command.Command{Exam: exam}, "up").error)
		require.Contains(t, message, "one is not ready")
		require.Contains(t, message, "nonsense", "what it wrote is in the error")
		require.Empty(t, of(t, e, exam.Name))
	})
	t.Run("interrupted", func(t *testing.T) {
		exam := named(t, tinyExam(t))
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		exam.Fault = func(ctx context.Context, _ map[string]string) error {
			cancel() // everything runs by now
			return ctx.Err()
		}
		requireCode(t, command.ExitInterrupted, run(ctx, command.Command{Exam: exam}, "up").error)
		require.Empty(t, of(t, e, exam.Name))
	})
	t.Run("an image is missing", func(t *testing.T) {
		exam := named(t, tinyExam(t))
		exam.Images["programs"] = exam.Images["programs"].Named("never-made")
		message, hint := requireCode(t, command.ExitImage,
			run(t.Context(), command.Command{Exam: exam}, "up").error)
		require.Contains(t, message, "firedrill/never-made")
		require.Contains(t, hint, "make setup")
		require.Empty(t, of(t, e, exam.Name))
	})
}
