package main

import (
	"context"
	"errors"
	"sync"
	"time"
)

// errBreakerOpen says that the fraud API was not asked because it did not answer
// the last few times.
var errBreakerOpen = errors.New("fraud check skipped: circuit breaker is open")

// Breaker asks the fraud API, but not while it does not answer: after a number of
// failures in a row it opens and fails at once. When the pause is over, one request
// at a time tries again; the first answer closes it. Nobody has to touch it.
type Breaker struct {
	next     FraudChecker
	failures int           // in a row, after which it opens
	pause    time.Duration // until the next try
	now      func() time.Time

	mu     sync.Mutex
	failed int
	retry  time.Time // while open: when to try again
	trying bool      // a try is under way
}

// NewBreaker returns a closed breaker in front of next.
func NewBreaker(next FraudChecker, failures int, pause time.Duration, now func() time.Time) *Breaker {
	return &Breaker{next: next, failures: failures, pause: pause, now: now}
}

// Check asks the fraud API, or fails with errBreakerOpen.
func (b *Breaker) Check(ctx context.Context, c FraudCheck) (FraudDecision, error) {
	if !b.admit() {
		return FraudDecision{}, errBreakerOpen
	}
	d, err := b.next.Check(ctx, c)
	b.settle(err, ctx.Err() != nil)
	return d, err
}

// Open says whether requests currently go without an answer.
func (b *Breaker) Open() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.failed >= b.failures
}

func (b *Breaker) admit() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failed < b.failures {
		return true
	}
	if b.trying || b.now().Before(b.retry) {
		return false
	}
	b.trying = true
	return true
}

// settle takes in how a question ended. A caller who went away says nothing about
// the fraud API.
func (b *Breaker) settle(err error, gone bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trying = false
	switch {
	case err == nil:
		b.failed = 0
	case !gone:
		b.failed++
		b.retry = b.now().Add(b.pause)
	}
}
