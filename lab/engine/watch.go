package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/moby/moby/client"
)

// Times of Watch: how often the engine is asked, and for how long it may be silent.
const (
	watchPause   = 2 * time.Second
	watchSilence = 20 * time.Second
)

// Watch gives a context that ends when the engine does not answer for a while, whatever the
// caller is waiting for then. Its cause wraps ErrUnavailable and tells how long. So nobody
// takes a silent engine for a slow candidate.
func (e *Engine) Watch(ctx context.Context) (context.Context, context.CancelFunc) {
	return e.watch(ctx, watchPause, watchSilence)
}

func (e *Engine) watch(ctx context.Context, pause, silence time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		again := time.NewTicker(pause)
		defer again.Stop()
		heard := time.Now()
		for {
			select {
			case <-ctx.Done():
				return
			case <-again.C:
			}
			once, done := context.WithTimeout(ctx, silence)
			_, err := e.cli.Ping(once, client.PingOptions{})
			done()
			switch quiet := time.Since(heard); {
			case err == nil:
				heard = time.Now()
			case quiet >= silence && ctx.Err() == nil:
				cancel(fmt.Errorf("%w: no answer for %s: %w", ErrUnavailable, quiet.Round(time.Second), err))
				return
			}
		}
	}()
	return ctx, func() { cancel(context.Canceled) }
}
