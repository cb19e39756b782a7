package grader

import (
	"context"
	"errors"
	"time"
)

// hurryTime bounds cleaning up after an interrupt: who pressed Ctrl-C is waiting.
const hurryTime = 12 * time.Second

// hurried does something that cleans up when ctx ends, and waits for that no longer than
// hurryTime. What is left then belongs to a process that is gone: the next start removes it.
func (c Command) hurried(ctx context.Context, do func(context.Context) error) error {
	return hurry(ctx, hurryTime, do)
}

// alone does something that cannot be stopped and leaves nothing behind. After ctx has ended
// nobody waits for it: what it gives must not be looked at then.
func alone(ctx context.Context, do func() error) error {
	done := make(chan error, 1)
	go func() { done <- do() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func hurry(ctx context.Context, most time.Duration, do func(context.Context) error) error {
	done := make(chan error, 1)
	go func() { done <- do(ctx) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	late := time.NewTimer(most)
	defer late.Stop()
	select {
	case err := <-done:
		return err
	case <-late.C:
		return errors.Join(ctx.Err(), &LeftoverError{errors.New("cleaning up took too long")})
	}
}
