package grader_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/grader"
	"firedrill/grader/probe"
	"firedrill/lab/engine/enginetest"
	"firedrill/rubric"
)

// light is the exam with one probe, which sees what it is told to.
func light(t *testing.T, see func() (rubric.Observation, error)) grader.Exam {
	exam, runs := paymentExam(t), 0
	exam.Probes = []probe.Probe{odd("faulty.payments", &runs,
		func(int) (rubric.Observation, error) { return see() })}
	return exam
}

// TestEngineGoesAway: the connection breaks in the middle of a probe, which sees a service
// that answers nobody. That attempt counts for nothing; the next one is a grade as usual.
func TestEngineGoesAway(t *testing.T) {
	p := enginetest.Start(t)
	e := connect(t)
	var once sync.Once
	accepted := 200
	exam := light(t, func() (rubric.Observation, error) {
		out := seen(accepted)
		once.Do(func() { p.Cut(); out = seen(0) })
		return out, nil
	})
	var said []string
	r, err := grader.Grade(t.Context(), grader.Config{Exam: &exam, Engine: e, Seed: 1,
		Dir: filepath.Join(submissions, "pristine"),
		Progress: func(phase, text string) {
			switch phase {
			case "clean":
				p.Mend()
			case "retry":
				said = append(said, text)
			}
		}})
	require.NoError(t, err)
	require.Len(t, r.Run.Attempts, 2)
	require.NotEmpty(t, r.Run.Attempts[0].Error)
	require.Empty(t, r.Run.Attempts[1].Error)
	require.Len(t, said, 1)
	require.Contains(t, said[0], "attempt 1 of 3 failed")
	for _, a := range r.Run.Attempts {
		require.Empty(t, left(t, e, a.Run))
	}
	for _, c := range r.Criteria {
		if c.ID == "service.payments" {
			require.Equal(t, rubric.Met, c.Outcome, "what the broken attempt saw is forgotten")
		}
	}
}

// TestEngineStaysBroken: after three attempts the service is not gradable, never not met, and
// the notes keep their points.
func TestEngineStaysBroken(t *testing.T) {
	p := enginetest.Start(t)
	e := connect(t)
	exam := light(t, func() (rubric.Observation, error) { return seen(200), nil })
	alone, err := grader.Grade(t.Context(), grader.Config{Exam: &exam, NotesOnly: true,
		Dir: filepath.Join(submissions, "degraded-mode")})
	require.NoError(t, err)
	for message, attempts := range map[string]int{
		"runc went away": 3,
		"write /var/lib/docker/tmp/x: no space left on device": 1, // trying again makes no room
	} {
		p.Answer(func(r *http.Request) (int, string) {
			if strings.HasSuffix(r.URL.Path, "/start") {
				return http.StatusInternalServerError, message
			}
			return 0, ""
		})
		r, err := grader.Grade(t.Context(), grader.Config{Exam: &exam, Engine: e, Seed: 1,
			Dir: filepath.Join(submissions, "degraded-mode")})
		var unchecked *grader.UncheckedError
		require.ErrorAs(t, err, &unchecked)
		require.ErrorContains(t, err, message)
		require.Equal(t, attempts == 1, strings.Contains(unchecked.Hint(), "make room"), unchecked.Hint())
		require.Len(t, r.Run.Attempts, attempts)
		for _, a := range r.Run.Attempts {
			require.Contains(t, a.Error, message)
			require.Empty(t, left(t, e, a.Run))
		}
		require.Equal(t, alone.Points, r.Points)
		for _, c := range r.Criteria {
			if c.Source == rubric.FromProbe {
				require.Equal(t, rubric.NotGradable, c.Outcome, c.ID)
			}
		}
	}
}
