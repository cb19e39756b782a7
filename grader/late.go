package grader

import (
	"context"
	"errors"
	"fmt"
	"time"

	"firedrill/grader/probe"
	"firedrill/lab"
	"firedrill/rubric"
)

// Bounds of one examination. Many times what it takes on a busy machine, they end well before
// anybody may sweep its lab.
const (
	// probesTime is how long after the first probe another one may begin. The longest takes
	// a quarter of an hour with a service that lets every request wait.
	probesTime = 20 * time.Minute
	// examineTime bounds all of it, from the first container.
	examineTime = lab.Life - 5*time.Minute
)

// Witnesses that it was the service who took the time: an answer of its own that is slow on any
// machine, and one of the lab's database that shows a machine in order.
const (
	slowAnswer  = 3 * time.Second
	quickAnswer = time.Second
)

// errLate says that an examination took too long, and nothing shows by whose doing. It would
// again: it is not repeated.
var errLate = errors.New("the examination took too long")

// late tells why no further probe is made: a reason where the service itself is slow, as most
// answers in half of the time show, and the lab is not.
func (x *examination) late(ctx context.Context, s *probe.Session, obs []rubric.Observation) (
	reason string, err error) {
	asked := x.now()
	_, err = s.Query(ctx, "SELECT 1")
	quick := (err == nil || errors.Is(err, probe.ErrSchema)) && x.now().Sub(asked) <= quickAnswer
	if slow := slowly(obs); !quick || slow < probesTime/2 {
		return "", fmt.Errorf("%w: the probes were not over within %s, in %s of it the service was slow, "+
			"the lab's database answered within %s: %t", errLate, probesTime, slow.Round(time.Second), quickAnswer, quick)
	}
	return fmt.Sprintf("the service answered so slowly that the probes were not over within %s", probesTime), nil
}

// slowly is how long the probes took in which most of the service's answers were slow.
func slowly(obs []rubric.Observation) time.Duration {
	var sum time.Duration
	for _, o := range obs {
		if o.Pace == nil {
			continue
		}
		slow := 0
		for _, a := range o.Pace.Answers {
			if a.Micros >= slowAnswer.Microseconds() {
				slow++
			}
		}
		if 2*slow > len(o.Pace.Answers) {
			sum += time.Duration(o.Pace.Took) * time.Millisecond
		}
	}
	return sum
}
