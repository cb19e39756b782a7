package grader_test

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/grader"
	"firedrill/grader/probe"
	"firedrill/rubric"
)

// odd is a probe in the place of another whose answer depends on how often it ran.
func odd(id string, runs *int, see func(run int) (rubric.Observation, error)) probe.Probe {
	return probe.Probe{ID: id, World: "faulty", Doc: "differs from run to run",
		Counts: map[string]string{"asked": "a", "accepted": "b", "recorded": "c"},
		Run: func(context.Context, *probe.Session) (rubric.Observation, error) {
			*runs++
			return see(*runs)
		}}
}

func seen(accepted int) rubric.Observation {
	return rubric.Observation{Counts: map[string]int{"asked": 200, "accepted": accepted, "recorded": accepted}}
}

// TestRepeat grades three times with a probe that is not the same each time.
func TestRepeat(t *testing.T) {
	e := connect(t)
	repeat := func(see func(run int) (rubric.Observation, error)) (*grader.UnstableError, *grader.UncheckedError, []string) {
		exam, runs := paymentExam(t), 0
		exam.Probes = []probe.Probe{odd("faulty.payments", &runs, see)}
		r, err := grader.Repeat(t.Context(), grader.Config{Exam: &exam, Engine: e, Seed: 1,
			Dir: filepath.Join(submissions, "pristine")}, 3)
		require.NotNil(t, r)
		require.Equal(t, 3, runs)
		require.Equal(t, 3, r.Stability.Runs)
		require.Empty(t, left(t, e, r.Run.ID))
		var unstable *grader.UnstableError
		var unchecked *grader.UncheckedError
		errors.As(err, &unstable)
		errors.As(err, &unchecked)
		var said []string
		for _, d := range append(r.Stability.Criteria, r.Stability.Counts...) {
			said = append(said, d.String())
		}
		return unstable, unchecked, said
	}
	unstable, _, said := repeat(func(run int) (rubric.Observation, error) {
		if run == 2 {
			return seen(120), nil
		}
		return seen(200), nil
	})
	require.NotNil(t, unstable)
	require.Equal(t, []string{"service.payments"}, unstable.Criteria)
	require.Regexp(t, `^service\.payments: met, \d+ points in grades 1,3; not_met, \d+ points in grades 2$`, said[0])
	require.Equal(t, []string{
		"faulty.payments accepted: 200 in grades 1,3; 120 in grades 2",
		"faulty.payments recorded: 200 in grades 1,3; 120 in grades 2",
	}, said[1:])

	unstable, unchecked, said := repeat(func(run int) (rubric.Observation, error) { return seen(200 - run), nil })
	require.Nil(t, unstable, "counts may differ where the grade does not")
	require.Nil(t, unchecked)
	require.Len(t, said, 2)
	require.Contains(t, said[0], "199 in grades 1; 198 in grades 2; 197 in grades 3")

	unstable, _, said = repeat(func(run int) (rubric.Observation, error) {
		if run == 1 {
			return rubric.Observation{}, errors.New("the agent is gone")
		}
		return seen(200), nil
	})
	require.NotNil(t, unstable, "an open outcome is not the same as a decided one")
	require.Regexp(t, `^service\.payments: not_gradable, 0 points in grades 1; met, \d+ points in grades 2-3$`, said[0])
	require.Contains(t, said, "faulty.payments asked: not counted in grades 1; 200 in grades 2-3")
}

func TestRepeatCommand(t *testing.T) {
	pristine := filepath.Join(submissions, "pristine")
	code, stdout, said, _ := run(t, pristine, "--notes-only", "--repeat", "3", "--out", t.TempDir())
	require.Zero(t, code, said)
	require.Contains(t, stdout, "stability: 3 grades agree on every criterion")
	require.Contains(t, said, "grade 3 of 3")
	code, stdout, said, _ = run(t, pristine, "--notes-only", "--repeat", "2", "--format", "json", "--out", t.TempDir())
	require.Zero(t, code, said)
	var r struct {
		Stability struct {
			Runs             int
			Criteria, Counts []any
		}
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &r))
	require.Equal(t, 2, r.Stability.Runs)
	require.NotNil(t, r.Stability.Criteria)
	code, stdout, _, _ = run(t, pristine, "--notes-only", "--out", t.TempDir())
	require.Zero(t, code)
	require.NotContains(t, stdout, "stability")
	for _, n := range []string{"0", "-1", "1001", "many"} {
		code, _, said, hint := run(t, pristine, "--notes-only", "--repeat", n)
		require.Equal(t, grader.ExitUsage, code, said)
		require.NotEmpty(t, hint)
	}
}
