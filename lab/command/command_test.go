package command_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/fixtures/payment"
	"firedrill/lab"
	"firedrill/lab/command"
	"firedrill/lab/engine"
	"firedrill/lab/image"
)

// connect reaches the engine that `make setup` provides; a missing one is a failure.
func connect(tb testing.TB) *engine.Engine {
	tb.Helper()
	e, err := engine.ConnectLasting(tb.Context())
	require.NoError(tb, err, "run `make setup` first")
	tb.Cleanup(func() { require.NoError(tb, e.Close()) })
	return e
}

// named makes the exam this test's own, so that labs of others on this engine are none of
// its business, and sees to it that nothing of it is left.
func named(tb testing.TB, exam command.Exam) command.Exam {
	tb.Helper()
	exam.Name = fmt.Sprintf("test-%012x", rand.Uint64N(1<<48))
	e := connect(tb)
	tb.Cleanup(func() {
		ctx, cancel := engine.Detach(tb.Context())
		defer cancel()
		for _, o := range of(tb, e, exam.Name) {
			_, err := e.RemoveRun(ctx, o.Run)
			require.NoError(tb, err)
		}
	})
	return exam
}

// of lists what the engine holds of an exam.
func of(tb testing.TB, e *engine.Engine, exam string) []engine.Object {
	tb.Helper()
	all, err := e.List(context.WithoutCancel(tb.Context()))
	require.NoError(tb, err)
	var out []engine.Object
	for _, o := range all {
		if o.Of == exam {
			out = append(out, o)
		}
	}
	return out
}

func paymentExam(tb testing.TB) command.Exam {
	tb.Helper()
	exam, err := payment.Lab()
	require.NoError(tb, err)
	return exam
}

// tinyExam is an exam of two small containers, one of which belongs to a healed lab only.
func tinyExam(tb testing.TB) command.Exam {
	tb.Helper()
	exam := paymentExam(tb)
	box := func(ref map[string]string, name string) lab.Container {
		return lab.Container{Name: name, Image: ref["programs"], FilesDir: "/data",
			Entrypoint: []string{"/bin/resolver", "-listen", ":5353"}, Ready: "msg=listening",
			Files: []engine.File{{Path: "/data/x", Mode: 0o644, Data: []byte("x")}}}
	}
	return command.Exam{
		Name:   "tiny",
		Images: map[string]image.Image{"programs": exam.Images["programs"]},
		Platform: func(ref map[string]string) lab.Platform {
			late := box(ref, "late")
			late.Late, late.In = true, []lab.World{lab.Healed}
			return lab.Platform{Name: "tiny", Containers: []lab.Container{box(ref, "one"), late}}
		},
	}
}

// result is what one command line gave.
type result struct {
	out, err string
	error    error
}

// run carries out one command line.
func run(ctx context.Context, c command.Command, args ...string) result {
	var out, errs bytes.Buffer
	err := c.Run(ctx, args, nil, &out, &errs)
	return result{out.String(), errs.String(), err}
}

// must is run for command lines that succeed.
func must(tb testing.TB, c command.Command, args ...string) string {
	tb.Helper()
	r := run(tb.Context(), c, args...)
	require.NoError(tb, r.error, "lab %v", args)
	return r.out
}

// requireCode checks an error's exit code and that there is a hint, and gives both texts.
func requireCode(tb testing.TB, code int, err error) (message, hint string) {
	tb.Helper()
	require.Error(tb, err)
	var coded interface{ ExitCode() int }
	require.True(tb, errors.As(err, &coded), "%v has no exit code", err)
	require.Equal(tb, code, coded.ExitCode(), err)
	var hinted interface{ Hint() string }
	require.True(tb, errors.As(err, &hinted))
	return err.Error(), hinted.Hint()
}

func TestHelp(t *testing.T) {
	c := command.Command{Exam: tinyExam(t)}
	for _, sub := range []string{"up", "down", "status", "heal", "break", "logs", "kit", "gc",
		"doctor", "setup"} {
		out := must(t, c, sub, "--help")
		require.Contains(t, out, "usage: lab "+sub)
		require.Contains(t, must(t, c, "--help"), sub)
		message, hint := requireCode(t, command.ExitUsage,
			run(t.Context(), c, sub, "--nonsense").error)
		require.Contains(t, message, "nonsense")
		require.Contains(t, hint, "--help")
	}
	for _, bad := range [][]string{{}, {"dwon"}, {"kit"}, {"down", "a", "b"}, {"up", "x"},
		{"up", "--ports", "many"}, {"up", "--for", "1s"}, {"gc", "--yes"}, {"logs", "-n", "-1"},
		{"setup", "now"}, {"setup", "--fast"}, {"completion", "tcsh"}} {
		requireCode(t, command.ExitUsage, run(t.Context(), c, bad...).error)
	}
}

func TestExamIsChecked(t *testing.T) {
	exam := tinyExam(t)
	exam.Doors = []command.Door{{Name: "a"}, {Name: "b", Flag: "port"}, {Name: "c", Flag: "port"}}
	err := run(t.Context(), command.Command{Exam: exam}, "status").error
	require.ErrorContains(t, err, "part of door a")
	require.ErrorContains(t, err, "two doors have the flag --port")
}

func TestNoEngine(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix:///nonexistent/docker.sock")
	c := command.Command{Exam: tinyExam(t)}
	for _, sub := range []string{"up", "down", "status", "heal", "break", "logs", "gc", "doctor"} {
		r := run(t.Context(), c, sub)
		_, hint := requireCode(t, command.ExitEngine, r.error)
		require.NotEmpty(t, hint)
		if sub == "doctor" {
			require.Contains(t, r.out, "bad   engine")
		}
	}
}
