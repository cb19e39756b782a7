package lab

import (
	"context"
	"fmt"
)

// Restart ends a running container at once, as a crash would, and starts it again. It
// returns when the container is ready, or started where nothing says when it is.
func (l *Lab) Restart(ctx context.Context, name string) error {
	u, err := l.find(name)
	if err != nil {
		return err
	}
	if !u.up {
		return fmt.Errorf("container %s of lab %s does not run: nothing to restart", name, l.plat.Name)
	}
	if err := l.lower(ctx, u); err != nil {
		return fmt.Errorf("restart %s: %w", name, err)
	}
	return l.raise(ctx, u)
}
