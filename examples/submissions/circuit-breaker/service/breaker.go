package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/sony/gobreaker/v2"
)

// fallbackLimit is the largest payment that goes through without a check while the
// fraud API is away. Everything else is put aside for the risk desk.
const fallbackLimit = Money(100_00)

// decisionFallback marks payments that nobody checked.
const decisionFallback = "fallback"

// Breaker asks the fraud API through a circuit breaker and answers by itself when that
// fails. It opens after 5 failures in a row and lets one request try again after 2 s.
type Breaker struct {
	next    FraudChecker
	log     *slog.Logger
	circuit *gobreaker.CircuitBreaker[FraudDecision]
}

// NewBreaker returns a closed breaker in front of next.
func NewBreaker(next FraudChecker, log *slog.Logger) *Breaker {
	return &Breaker{next: next, log: log, circuit: gobreaker.NewCircuitBreaker[FraudDecision](
		gobreaker.Settings{
			Name:        "fraud-api",
			Timeout:     2 * time.Second,
			ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= 5 },
			OnStateChange: func(name string, from, to gobreaker.State) {
				log.Warn("circuit breaker", "name", name, "from", from.String(), "to", to.String())
			},
		})}
}

// Check asks the fraud API, or decides on the amount alone.
func (b *Breaker) Check(ctx context.Context, c FraudCheck) (FraudDecision, error) {
	d, err := b.circuit.Execute(func() (FraudDecision, error) { return b.next.Check(ctx, c) })
	if err == nil {
		return d, nil
	}
	d = FraudDecision{Decision: decisionHold, Reason: "fraud API unavailable"}
	if c.Type == typePayment && c.Amount <= fallbackLimit {
		d.Decision = decisionFallback
	}
	b.log.Warn("no fraud check, using fallback", "customer", c.CustomerID, "type", c.Type,
		"amount", c.Amount.String(), "decision", d.Decision, "err", err)
	return d, nil
}
