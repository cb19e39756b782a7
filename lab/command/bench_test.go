package command_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"firedrill/lab"
	"firedrill/lab/command"
	"firedrill/lab/image"
)

// BenchmarkUp measures a warm lab up, until everything is healthy, the fault shows and
// traffic flows, beside the own start of each of its containers in the same run: alone on
// a network, until ready or, where it needs others to be ready, until started. The aim is
// x-slowest ≤ 1.5.
func BenchmarkUp(b *testing.B) {
	exam := named(b, paymentExam(b))
	c := command.Command{Exam: exam}
	alone := map[string]time.Duration{}
	var slowest, up time.Duration
	for b.Loop() {
		var most time.Duration
		for name, took := range startAlone(b, exam) {
			alone[name] += took
			most = max(most, took)
		}
		slowest += most
		start := time.Now()
		must(b, c, "up", "--ports", "auto")
		up += time.Since(start)
		must(b, c, "down")
	}
	n := float64(b.N)
	for name, took := range alone {
		b.ReportMetric(took.Seconds()/n, name+"-s")
	}
	b.ReportMetric(up.Seconds()/n, "up-s")
	b.ReportMetric(up.Seconds()/slowest.Seconds(), "x-slowest")
	b.ReportMetric(0, "ns/op")
}

// startAlone measures the start of each container by itself.
func startAlone(b *testing.B, exam command.Exam) map[string]time.Duration {
	b.Helper()
	e := connect(b)
	store, ref := image.NewStore(e.Client(), nil), map[string]string{}
	for role, img := range exam.Images {
		var err error
		ref[role], err = store.Find(b.Context(), img)
		require.NoError(b, err, "run `make setup` first")
	}
	out := map[string]time.Duration{}
	for _, box := range exam.Platform(ref).Containers {
		if box.Late {
			continue
		}
		if len(box.Needs)+len(box.After) > 0 {
			box.Ready = ""
		}
		box.Needs, box.After = nil, nil
		for _, d := range exam.Doors {
			if d.Container == box.Name {
				box.Ports = map[string]int{"8080/tcp": 0}
			}
		}
		start := time.Now()
		l, err := lab.Start(b.Context(), e, lab.Platform{Name: "alone", Exposed: true,
			Containers: []lab.Container{box}}, lab.Options{})
		out[box.Name] = time.Since(start)
		require.NoError(b, err)
		require.NoError(b, l.Close(b.Context()))
	}
	return out
}
