package command_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"firedrill/lab"
	"firedrill/lab/command"
	"firedrill/lab/engine"
	"firedrill/lab/image"
)

// BenchmarkUp measures a warm lab up, until everything is healthy, the fault shows and
// traffic flows, beside the own start of each of its containers in the same run: alone on
// a network, until ready or, where it needs others to be ready, until started. The aim is
// x-slowest ≤ 1.5. Starting a container is work for the processor, a quarter of a second
// of one core with engine 20.10, so few cores have a floor of their own: floor-s is what
// as many containers that do nothing take when they are started at once.
func BenchmarkUp(b *testing.B) {
	exam := named(b, paymentExam(b))
	c := command.Command{Exam: exam}
	alone := map[string]time.Duration{}
	var slowest, up, floor time.Duration
	for b.Loop() {
		var most time.Duration
		for name, took := range startAlone(b, exam) {
			alone[name] += took
			most = max(most, took)
		}
		slowest += most
		floor += startIdle(b, exam)
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
	b.ReportMetric(floor.Seconds()/n, "floor-s")
	b.ReportMetric(up.Seconds()/floor.Seconds(), "x-floor")
	b.ReportMetric(0, "ns/op")
}

// found gives the references of the exam's images.
func found(b *testing.B, e *engine.Engine, exam command.Exam) map[string]string {
	b.Helper()
	store, ref := image.NewStore(e.Client(), nil), map[string]string{}
	for role, img := range exam.Images {
		var err error
		ref[role], err = store.Find(b.Context(), img)
		require.NoError(b, err, "run `make setup` first")
	}
	return ref
}

// startIdle measures a platform of as many containers as the exam's, none of which does,
// publishes or waits for anything.
func startIdle(b *testing.B, exam command.Exam) time.Duration {
	b.Helper()
	e := connect(b)
	ref := found(b, e, exam)
	p := lab.Platform{Name: "idle", Exposed: true}
	for _, box := range exam.Platform(ref).Containers {
		if !box.Late {
			p.Containers = append(p.Containers, lab.Container{Name: box.Name,
				Image: box.Image, Entrypoint: []string{"/sbin/docker-init", "--version"}})
		}
	}
	start := time.Now()
	l, err := lab.Start(b.Context(), e, p, lab.Options{})
	took := time.Since(start)
	require.NoError(b, err)
	require.NoError(b, l.Close(b.Context()))
	return took
}

// startAlone measures the start of each container by itself.
func startAlone(b *testing.B, exam command.Exam) map[string]time.Duration {
	b.Helper()
	e := connect(b)
	ref := found(b, e, exam)
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
