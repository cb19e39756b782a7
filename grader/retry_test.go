package grader

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"firedrill/grader/probe"
	"firedrill/lab/engine"
	"firedrill/rubric"
)

// TestAgain: only what the machine broke is tried again, at most twice, each time with a run
// of its own; what was seen in between counts for nothing.
func TestAgain(t *testing.T) {
	away := fmt.Errorf("start db: %w", engine.ErrUnavailable)
	agent := fmt.Errorf("%w: EOF", probe.ErrAgent)
	full := errors.New("mkdir /var/lib/docker/x: no space left on device")
	for name, c := range map[string]struct {
		ends     []error // of the attempts, in order
		attempts int
		whole    bool
	}{
		"nothing happens":       {[]error{nil}, 1, true},
		"the engine was away":   {[]error{away, nil}, 2, true},
		"twice":                 {[]error{away, agent, nil}, 3, true},
		"three times":           {[]error{away, agent, away, nil}, 3, false},
		"a full disk stays so":  {[]error{full, nil}, 1, false},
		"a missing image too":   {[]error{&engine.MissingImageError{Image: "x"}, nil}, 1, false},
		"only the clean-up":     {[]error{&LeftoverError{Err: away}, nil}, 1, true},
		"both":                  {[]error{errors.Join(agent, &LeftoverError{Err: away}), nil}, 2, true},
		"something of our own":  {[]error{errors.New("a mistake"), nil}, 1, false},
		"the user had enough":   {[]error{fmt.Errorf("create: %w", context.Canceled), nil}, 1, false},
		"the engine's own time": {[]error{fmt.Errorf("start: %w", context.DeadlineExceeded), nil}, 2, true},
	} {
		t.Run(name, func(t *testing.T) {
			var said []string
			cfg := Config{Now: time.Now, Progress: func(phase, _ string) {
				if phase == "retry" {
					said = append(said, phase)
				}
			}}
			n, runs := 0, map[string]bool{}
			seen, all, err := cfg.again(t.Context(), engine.NewRun(time.Now().Add(time.Hour)),
				func(_ context.Context, run engine.Run) (service, error) {
					n++
					runs[run.ID] = true
					return service{observations: []rubric.Observation{{Probe: fmt.Sprint(n)}}}, c.ends[n-1]
				})
			require.Len(t, all, c.attempts)
			require.Equal(t, c.whole, err == nil, "%v", err)
			require.Len(t, runs, c.attempts, "every attempt has a lab of its own")
			require.Len(t, said, c.attempts-1, "each is told")
			require.Equal(t, fmt.Sprint(c.attempts), seen.observations[0].Probe, "what counts is the last one")
			for i, a := range all {
				require.True(t, runs[a.Run])
				if c.ends[i] == nil {
					require.Empty(t, a.Error)
				} else {
					require.Equal(t, c.ends[i].Error(), a.Error)
				}
			}
			if name == "three times" {
				require.ErrorContains(t, err, "3 attempts failed, the last one: start db")
				require.ErrorIs(t, err, engine.ErrUnavailable)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cfg := Config{Now: time.Now, Progress: func(string, string) {}}
	_, all, err := cfg.again(ctx, engine.Run{}, func(context.Context, engine.Run) (service, error) {
		cancel()
		return service{}, away
	})
	require.ErrorIs(t, err, engine.ErrUnavailable)
	require.Len(t, all, 1, "nobody waits any more")
}
