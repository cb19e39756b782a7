package grader

import (
	"context"
	"errors"
	"fmt"
	"time"

	"firedrill/grader/probe"
	"firedrill/grader/report"
	"firedrill/lab"
	"firedrill/lab/engine"
)

const (
	// retries bounds how often an examination that the machine broke is repeated.
	retries = 2
	// awayTime bounds the wait for an engine that went away before that.
	awayTime = time.Minute
)

// infrastructure reports whether an error says something about the machine alone, and may be
// gone the next time. What a probe saw, and what is the candidate's, is never an error.
func infrastructure(err error) bool {
	return engine.Transient(err) || errors.Is(err, probe.ErrAgent)
}

// onlyLeft reports whether an examination is whole and only something of it was not removed: a
// LeftoverError that is joined with nothing.
func onlyLeft(err error) bool {
	_, only := err.(*LeftoverError)
	return only
}

// again repeats an examination that the machine broke, each time with a lab of its own, and
// lists all attempts. The error is the last one's, and what was seen as well. What is left of a
// whole one is no error: its attempt says so, and later starts remove it.
func (c Config) again(ctx context.Context, run engine.Run,
	once func(context.Context, engine.Run) (service, error)) (service, []report.Attempt, error) {
	var all []report.Attempt
	for {
		a := report.Attempt{Run: run.ID, Started: c.Now().UTC()}
		seen, err := once(ctx, run)
		a.Finished = c.Now().UTC()
		if err != nil {
			a.Error = err.Error()
		}
		all = append(all, a)
		if onlyLeft(err) && ctx.Err() == nil {
			c.Progress("clean", err.Error())
			return seen, all, nil
		}
		if err == nil || ctx.Err() != nil || !infrastructure(err) {
			return seen, all, err
		}
		if len(all) > retries {
			return seen, all, fmt.Errorf("%d attempts failed, the last one: %w", len(all), err)
		}
		c.Progress("retry", fmt.Sprintf("attempt %d of %d failed: %v", len(all), retries+1, err))
		if c.ready(ctx, run) != nil {
			return seen, all, err
		}
		run = engine.NewRun(c.Now().Add(lab.Life))
	}
}

// ready waits for an engine that went away, and removes what an attempt left.
func (c Config) ready(ctx context.Context, run engine.Run) error {
	if c.Engine == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, awayTime)
	defer cancel()
	if err := c.Engine.Await(ctx); err != nil {
		return err
	}
	_, err := c.Engine.RemoveRun(ctx, run.ID)
	return err
}

// remove removes everything of the examination's run. An engine that is away is waited for,
// as long as cleaning up may take.
func (x *examination) remove(ctx context.Context) error {
	ctx, cancel := engine.Detach(ctx)
	defer cancel()
	_, err := x.eng.RemoveRun(ctx, x.run.ID)
	for engine.Transient(err) && x.eng.Await(ctx) == nil && ctx.Err() == nil {
		_, err = x.eng.RemoveRun(ctx, x.run.ID)
	}
	if err != nil {
		return &LeftoverError{Err: err}
	}
	return nil
}
