package main

import (
	"context"
	"errors"
	"testing"
	"time"
)

// scripted answers as told and counts how often it was asked.
type scripted struct {
	err   error
	asked int
}

func (s *scripted) Check(context.Context, FraudCheck) (FraudDecision, error) {
	s.asked++
	return FraudDecision{Decision: decisionApprove}, s.err
}

func TestBreaker(t *testing.T) {
	clock := time.Unix(0, 0)
	api := &scripted{err: errors.New("no such host")}
	b := NewBreaker(api, 3, 5*time.Second, func() time.Time { return clock })
	ask := func(want error) {
		t.Helper()
		if _, err := b.Check(t.Context(), FraudCheck{}); !errors.Is(err, want) {
			t.Fatalf("got %v, want %v", err, want)
		}
	}
	for range 3 {
		ask(api.err)
	}
	if !b.Open() {
		t.Fatal("not open after three failures")
	}
	ask(errBreakerOpen)
	if api.asked != 3 {
		t.Fatalf("asked %d times while open", api.asked)
	}

	clock = clock.Add(5 * time.Second)
	ask(api.err) // the try fails, so it stays open
	ask(errBreakerOpen)

	clock = clock.Add(5 * time.Second)
	api.err = nil
	ask(nil)
	if b.Open() {
		t.Fatal("not closed by an answer")
	}
	ask(nil)
}

func TestBreakerIgnoresCallersWhoLeave(t *testing.T) {
	api := &scripted{err: context.Canceled}
	b := NewBreaker(api, 1, time.Hour, time.Now)
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := b.Check(gone, FraudCheck{}); !errors.Is(err, context.Canceled) || b.Open() {
		t.Fatalf("open: %t, err: %v", b.Open(), err)
	}
}

func TestDegradedLimits(t *testing.T) {
	d := Degraded{Enabled: true, PaymentLimit: 500_00, RefundLimit: 2000_00}
	for _, c := range []struct {
		kind   string
		amount Money
		want   bool
	}{
		{typePayment, 500_00, true}, {typePayment, 500_01, false},
		{typeRefund, 2000_00, true}, {typeRefund, 2000_01, false},
	} {
		if got := d.accepts(FraudCheck{Type: c.kind, Amount: c.amount}); got != c.want {
			t.Errorf("%s of %s: %t", c.kind, c.amount, got)
		}
	}
	if (Degraded{PaymentLimit: 500_00}).accepts(FraudCheck{Type: typePayment, Amount: 1}) {
		t.Error("accepts while switched off")
	}
}
