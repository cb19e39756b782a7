package grader

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// TestAlone: nobody waits for the reader of long notes after an interrupt.
func TestAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		require.ErrorIs(t, alone(ctx, func() error { time.Sleep(time.Hour); return nil }), context.DeadlineExceeded)
		require.Equal(t, time.Second, time.Since(began))
		time.Sleep(2 * time.Hour)
	})
	failed := errors.New("no papers")
	require.ErrorIs(t, alone(t.Context(), func() error { return failed }), failed)
}

// TestHurry: after an interrupt somebody waits, and not for ever.
func TestHurry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for took, late := range map[time.Duration]bool{2 * time.Second: false, time.Hour: true} {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Minute, cancel)
			began := time.Now()
			err := coded(hurry(ctx, hurryTime, func(ctx context.Context) error {
				<-ctx.Done()
				time.Sleep(took) // cleaning
				return ctx.Err()
			}))
			require.ErrorContains(t, err, "interrupted")
			var code interface{ ExitCode() int }
			require.True(t, errors.As(err, &code))
			require.Equal(t, ExitInterrupted, code.ExitCode())
			require.LessOrEqual(t, time.Since(began), time.Minute+15*time.Second)
			require.Equal(t, late, errors.As(err, new(*LeftoverError)))
		}
		time.Sleep(2 * time.Hour) // the one that was left alone
	})
	require.NoError(t, hurry(t.Context(), time.Minute, func(context.Context) error { return nil }))
}
