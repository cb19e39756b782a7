package engine

import (
	"context"
	"time"
)

// WatchFor is Watch with times of a test's own.
func WatchFor(ctx context.Context, e *Engine, pause, silence time.Duration) (context.Context, context.CancelFunc) {
	return e.watch(ctx, pause, silence)
}
