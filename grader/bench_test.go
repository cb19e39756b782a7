package grader_test

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"firedrill/fixtures/payment"
	"firedrill/grader"
	"firedrill/grader/build"
	"firedrill/lab"
	"firedrill/lab/engine"
	"firedrill/lab/image"
)

// strong is an example with a mitigation that every probe can look at.
const strong = submissions + "/degraded-mode"

// BenchmarkGrade measures warm grades beside the floors of the same run: what a no-op
// container, a warm rebuild of the service and the start of PostgreSQL take by themselves.
// With all probes the aim is x-floors ≤ 4 for the mitigated service, and ≤ 12 for the
// unmitigated one, whose every tenth check waits for a lookup that is never answered.
func BenchmarkGrade(b *testing.B) {
	for name, dir := range map[string]string{
		"mitigated": strong, "unmitigated": submissions + "/pristine",
	} {
		b.Run(name, func(b *testing.B) { benchmarkGrade(b, dir) })
	}
}

func benchmarkGrade(b *testing.B, dir string) {
	eng := connect(b)
	exam := paymentExam(b)
	var floors, grades []time.Duration
	phases := map[string]time.Duration{}
	for b.Loop() {
		noop, rebuild, database := measureFloors(b, eng, &exam)
		floors = append(floors, noop+rebuild+database)
		phases["floor-noop"] += noop
		phases["floor-rebuild"] += rebuild
		phases["floor-postgres"] += database

		last, began := "", time.Now()
		start := began
		r, err := grader.Grade(b.Context(), grader.Config{
			Exam: &exam, Dir: dir, Engine: eng, Seed: 1,
			Progress: func(phase, text string) {
				// Only the phases that follow one another; build and lab overlap.
				if phase == "service" || phase == "probe" || phase == "clean" {
					if last == "" {
						last = "prepare"
					}
					phases[last] += time.Since(began)
					last, began = phase, time.Now()
				}
			},
		})
		require.NoError(b, err)
		require.NotZero(b, r.Points)
		phases[last] += time.Since(began)
		grades = append(grades, time.Since(start))
	}
	for _, name := range []string{"floor-noop", "floor-rebuild", "floor-postgres",
		"prepare", "service", "probe", "clean"} {
		b.ReportMetric(phases[name].Seconds()/float64(b.N), name+"-s")
	}
	b.ReportMetric(median(grades).Seconds()/median(floors).Seconds(), "x-floors")
}

func median(d []time.Duration) time.Duration {
	d = slices.Clone(d)
	slices.Sort(d)
	return d[len(d)/2]
}

func measureFloors(b *testing.B, eng *engine.Engine, exam *grader.Exam) (noop, rebuild, database time.Duration) {
	b.Helper()
	ctx := b.Context()
	store := image.NewStore(eng.Client(), nil)
	find := func(i image.Image) string {
		ref, err := store.Find(ctx, i)
		require.NoError(b, err, "run `make setup` first")
		return ref
	}
	tools, err := grader.Tools(exam)
	require.NoError(b, err)
	run := engine.NewRun(time.Now().Add(time.Hour))
	defer func() {
		clean, cancel := engine.Detach(ctx)
		defer cancel()
		_, err := eng.RemoveRun(clean, run.ID)
		require.NoError(b, err)
	}()

	start := time.Now()
	c, err := eng.Create(ctx, run, engine.Spec{Name: "noop", Image: find(tools),
		Entrypoint: []string{"/bin/agent"}})
	require.NoError(b, err)
	require.NoError(b, c.Start(ctx))
	_, err = c.Wait(ctx)
	require.NoError(b, err)
	require.NoError(b, c.Remove(ctx))
	noop = time.Since(start)

	out, err := eng.CreateVolume(ctx, run, "app")
	require.NoError(b, err)
	start = time.Now()
	res, err := build.Build(ctx, eng, run, find(image.Builder()), os.DirFS(strong+"/service"), out)
	require.NoError(b, err)
	require.True(b, res.OK, res.Output)
	rebuild = time.Since(start)

	p := payment.Platform(grader.Parts{Hidden: find(tools), Postgres: find(image.Postgres()),
		Runtime: find(image.Runtime())})
	only := lab.Platform{Name: "floor", Containers: []lab.Container{*p.Find("payment-db")}}
	start = time.Now()
	l, err := lab.Start(ctx, eng, only, lab.Options{})
	require.NoError(b, err)
	database = time.Since(start)
	require.NoError(b, l.Close(ctx))
	return noop, rebuild, database
}

func connect(tb testing.TB) *engine.Engine {
	tb.Helper()
	e, err := engine.Connect(tb.Context())
	require.NoError(tb, err, "run `make setup` first")
	tb.Cleanup(func() { require.NoError(tb, e.Close()) })
	return e
}

func paymentExam(tb testing.TB) grader.Exam {
	tb.Helper()
	exam, err := payment.Exam()
	require.NoError(tb, err)
	return exam
}

// left gives what a run left in the engine.
func left(tb testing.TB, e *engine.Engine, run string) []engine.Object {
	tb.Helper()
	all, err := e.List(context.WithoutCancel(tb.Context()))
	require.NoError(tb, err)
	return slices.DeleteFunc(all, func(o engine.Object) bool { return o.Run != run })
}
