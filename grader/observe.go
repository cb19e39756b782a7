package grader

import (
	"context"
	"time"

	"firedrill/grader/submission"
	"firedrill/lab"
	"firedrill/lab/engine"
	"firedrill/rubric"
)

// Observe examines a submission's service as Grade does, and gives what every probe saw,
// without notes, rubric and points. The error is the machine's, or the submission's.
func Observe(ctx context.Context, c Config) ([]rubric.Observation, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Progress == nil {
		c.Progress = func(string, string) {}
	}
	if err := c.Exam.Validate(); err != nil {
		return nil, err
	}
	sub, err := submission.Open(c.Dir, submission.DefaultLimits())
	if err != nil {
		return nil, &SubmissionError{Err: err}
	}
	set, _, err := c.settings(sub)
	if err != nil {
		return nil, err
	}
	seen, err := c.service(ctx, engine.NewRun(c.Now().Add(lab.Life)), sub, set)
	return seen.observations, err
}
