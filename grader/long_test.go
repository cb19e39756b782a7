package grader_test

import (
	"context"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"firedrill/grader"
	"firedrill/grader/probe"
	"firedrill/rubric"
)

// TestNoProbeBeginsLate: after a probe that took very long, and not by the service's doing, the
// others are not made, and all is not tried again.
func TestNoProbeBeginsLate(t *testing.T) {
	var passed atomic.Int64
	exam := light(t, func() (rubric.Observation, error) {
		passed.Store(int64(21 * time.Minute))
		return seen(200), nil
	})
	second := exam.Probes[0]
	second.ID = "faulty.second"
	second.Run = func(context.Context, *probe.Session) (rubric.Observation, error) {
		t.Error("it is made")
		return seen(200), nil
	}
	exam.Probes = append(exam.Probes, second)
	r, err := grader.Grade(t.Context(), grader.Config{Exam: &exam, Engine: connect(t), Seed: 1,
		Dir: filepath.Join(submissions, "pristine"),
		Now: func() time.Time { return time.Now().Add(time.Duration(passed.Load())) }})
	var unchecked *grader.UncheckedError
	require.ErrorAs(t, err, &unchecked)
	require.ErrorContains(t, err, "took too long: the probes were not over within 20m0s")
	require.Len(t, r.Run.Attempts, 1)
	require.Len(t, r.Record.Observations, 2)
	require.Empty(t, r.Record.Observations[0].Unchecked)
	require.Contains(t, r.Record.Observations[1].Unchecked, "took too long")
}
