package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// decisionQueued marks a booking that waits for its fraud check. Its row is the queue's
// entry: pending_review, no money moved. Nothing is kept in memory, so a restart loses
// nothing.
const decisionQueued = "queued"

// Pace of the queue: how often it looks, and how many bookings it takes at a time.
const (
	queuePause = time.Second
	queueBatch = 100
)

// reviewState says whether the fraud API is away and bookings are queued.
type reviewState struct{ gone atomic.Bool }

func (s *reviewState) away() bool    { return s.gone.Load() }
func (s *reviewState) set(gone bool) { s.gone.Store(gone) }

func (s *reviewState) String() string {
	if s.away() {
		return "degraded"
	}
	return "up"
}

// reviewQueue checks queued bookings as soon as the fraud API answers.
type reviewQueue struct {
	store *Postgres
	fraud FraudChecker
	log   *slog.Logger
	state *reviewState
}

// run works until ctx ends.
func (q *reviewQueue) run(ctx context.Context) {
	tick := time.NewTicker(queuePause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := q.work(ctx); err != nil && ctx.Err() == nil {
			q.log.Warn("review queue waits", "err", err)
		}
	}
}

// work checks a batch of queued bookings, the oldest first, and stops at the first that
// gets no answer. An answer, or an empty queue, ends the queueing of new ones.
func (q *reviewQueue) work(ctx context.Context) error {
	waiting, err := q.store.queued(ctx, queueBatch)
	if err != nil {
		return err
	}
	for _, t := range waiting {
		d, err := q.fraud.Check(ctx, FraudCheck{Type: t.Type, CustomerID: t.CustomerID,
			Amount: t.Amount, Currency: t.Currency, Reference: fmt.Sprintf("review-%d", t.ID)})
		if err != nil {
			return err
		}
		q.state.set(false)
		if err := q.store.release(ctx, t.ID, d); err != nil {
			return err
		}
		q.log.Info("queued booking checked", "transaction", t.ID, "decision", d.Decision)
	}
	if len(waiting) == 0 {
		q.state.set(false)
	}
	return nil
}

// queued gives the oldest bookings that wait for a check.
func (p *Postgres) queued(ctx context.Context, limit int) ([]Transaction, error) {
	rows, _ := p.pool.Query(ctx, `SELECT `+transactionColumns+` FROM transactions
		WHERE status = $1 AND fraud_decision = $2 ORDER BY id LIMIT $3`,
		statusPendingReview, decisionQueued, limit)
	list, err := pgx.CollectRows(rows, scanTransaction)
	return list, wrap("list queued bookings", err)
}

// release carries out the decision about a queued booking: approved ones are booked,
// declined ones cancelled, held ones stay with the risk desk, and so do those that the
// account cannot bear any more.
func (p *Postgres) release(ctx context.Context, id int64, d FraudDecision) error {
	return pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		t, err := oneTransaction(ctx, tx, `WHERE id = $1 FOR UPDATE`, id)
		if err != nil || t.Status != statusPendingReview {
			return err // the risk desk was faster
		}
		b := Booking{Type: t.Type, CustomerID: t.CustomerID, Amount: t.Amount}
		status := statusPendingReview
		switch d.Decision {
		case decisionApprove:
			account, err := lockAccount(ctx, tx, t.CustomerID)
			if err != nil {
				return err
			}
			if account.covers(b.effect()) != nil {
				d.Decision = decisionHold
				break
			}
			if err := changeBalance(ctx, tx, b); err != nil {
				return err
			}
			status = statusCompleted
		case decisionDecline:
			status = statusCancelled
		}
		_, err = tx.Exec(ctx, `UPDATE transactions SET status = $2, fraud_decision = $3,
			fraud_check_id = nullif($4, '') WHERE id = $1`, id, status, d.Decision, d.CheckID)
		return wrap("release booking", err)
	})
}
