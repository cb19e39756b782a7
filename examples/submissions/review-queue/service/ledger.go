package main

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const transactionColumns = `id, customer_id, type, status, amount, currency,
	payment_method_id, refund_of, description, fraud_decision, created_at, settled_at`

func scanTransaction(row pgx.CollectableRow) (t Transaction, err error) {
	err = row.Scan(&t.ID, &t.CustomerID, &t.Type, &t.Status, &t.Amount, &t.Currency,
		&t.PaymentMethodID, &t.RefundOf, &t.Description, &t.FraudDecision, &t.CreatedAt,
		&t.SettledAt)
	return t, err
}

// querier is what the pool and a transaction have in common.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Transaction returns one transaction.
func (p *Postgres) Transaction(ctx context.Context, id int64) (Transaction, error) {
	return oneTransaction(ctx, p.pool, `WHERE id = $1`, id)
}

// TransactionByKey returns the transaction that was booked with an idempotency key.
func (p *Postgres) TransactionByKey(ctx context.Context, key string) (Transaction, error) {
	return oneTransaction(ctx, p.pool, `WHERE idempotency_key = $1`, key)
}

func oneTransaction(ctx context.Context, q querier, where string, arg any) (Transaction, error) {
	rows, _ := q.Query(ctx, `SELECT `+transactionColumns+` FROM transactions `+where, arg)
	t, err := pgx.CollectExactlyOneRow(rows, scanTransaction)
	return t, wrap("read transaction", err)
}

// Transactions lists what the filter selects, the newest first.
func (p *Postgres) Transactions(ctx context.Context, f TransactionFilter) ([]Transaction, error) {
	rows, _ := p.pool.Query(ctx, `SELECT `+transactionColumns+` FROM transactions
		WHERE ($1::bigint = 0 OR customer_id = $1)
		  AND ($2::text = '' OR type = $2)
		  AND ($3::text = '' OR status = $3)
		  AND ($4::bigint = 0 OR id < $4)
		ORDER BY id DESC LIMIT $5`,
		f.CustomerID, f.Type, f.Status, f.BeforeID, f.Limit)
	list, err := pgx.CollectRows(rows, scanTransaction)
	return list, wrap("list transactions", err)
}

// Book writes the transaction and, when it is completed at once, changes the
// balance: both or neither. The account's row is locked first, so bookings of
// one customer follow one another. A booking whose idempotency key is taken
// changes nothing and returns the transaction that has it, as replayed.
func (p *Postgres) Book(ctx context.Context, b Booking) (Transaction, bool, error) {
	var t Transaction
	replayed := false
	err := pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		account, err := lockAccount(ctx, tx, b.CustomerID)
		if err != nil {
			return err
		}
		if b.IdempotencyKey != "" {
			t, err = oneTransaction(ctx, tx, `WHERE idempotency_key = $1`, b.IdempotencyKey)
			if replayed = err == nil; replayed || !errors.Is(err, errNotFound) {
				return err
			}
		}
		if err := errors.Join(account.holds(b.Currency), account.covers(b.effect())); err != nil {
			return err
		}
		if err := lockRefunded(ctx, tx, b); err != nil {
			return err
		}
		if t, err = insertTransaction(ctx, tx, b); err != nil || t.Status != statusCompleted {
			return err
		}
		return changeBalance(ctx, tx, b)
	})
	return t, replayed, err
}

// lockAccount returns the customer's account, which is ours until the end of tx.
func lockAccount(ctx context.Context, tx pgx.Tx, customerID int64) (Account, error) {
	rows, _ := tx.Query(ctx, `SELECT `+accountColumns+` FROM account_balances
		WHERE customer_id = $1 FOR UPDATE`, customerID)
	a, err := pgx.CollectExactlyOneRow(rows, scanAccount)
	return a, wrap("lock account", err)
}

// lockRefunded locks the payment that a refund is for and refuses the refund when
// too little of it is left. Refunds held for a review count as given.
func lockRefunded(ctx context.Context, tx pgx.Tx, b Booking) error {
	if b.RefundOf == nil {
		return nil
	}
	payment, err := oneTransaction(ctx, tx, `WHERE id = $1 FOR UPDATE`, *b.RefundOf)
	if err != nil {
		return err
	}
	var given Money
	err = tx.QueryRow(ctx, `SELECT coalesce(sum(amount), 0) FROM transactions
		WHERE refund_of = $1 AND status <> $2`, payment.ID, statusCancelled).Scan(&given)
	if err != nil {
		return wrap("sum refunds", err)
	}
	payment.Amount -= given
	return payment.refundableBy(b)
}

func changeBalance(ctx context.Context, tx pgx.Tx, b Booking) error {
	_, err := tx.Exec(ctx, `UPDATE account_balances
		SET balance = balance + $2, updated_at = now() WHERE customer_id = $1`,
		b.CustomerID, b.effect())
	return wrap("change balance", err)
}

func insertTransaction(ctx context.Context, tx pgx.Tx, b Booking) (Transaction, error) {
	rows, _ := tx.Query(ctx, `INSERT INTO transactions (customer_id, type, status, amount,
			currency, payment_method_id, refund_of, description, idempotency_key,
			fraud_decision, fraud_check_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, nullif($9, ''), $10, nullif($11, ''))
		RETURNING `+transactionColumns,
		b.CustomerID, b.Type, b.Screening.status(), b.Amount, b.Currency, b.PaymentMethodID,
		b.RefundOf, b.Description, b.IdempotencyKey, b.Screening.Decision, b.Screening.CheckID)
	t, err := pgx.CollectExactlyOneRow(rows, scanTransaction)
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) && pgErr.ConstraintName == "transactions_idempotency_key_key" {
		return Transaction{}, errKeyTaken // by another customer, in the same moment
	}
	return t, wrap("insert transaction", err)
}

// Settle notes that the gateway has settled a completed transaction; a second
// time changes nothing.
func (p *Postgres) Settle(ctx context.Context, id int64) error {
	tag, err := p.pool.Exec(ctx, `UPDATE transactions
		SET settled_at = coalesce(settled_at, now()) WHERE id = $1 AND status = $2`,
		id, statusCompleted)
	if err == nil && tag.RowsAffected() == 0 {
		return errNotFound
	}
	return wrap("settle transaction", err)
}

// Stats counts customers, transactions and money.
func (p *Postgres) Stats(ctx context.Context) (Stats, error) {
	var s Stats
	err := pgx.BeginTxFunc(ctx, p.pool, pgx.TxOptions{
		IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly,
	}, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `SELECT (SELECT count(*) FROM customers), count(*)
			FROM transactions`).Scan(&s.Customers, &s.Transactions)
		if err != nil {
			return err
		}
		if s.Payments, err = typeStats(ctx, tx, typePayment); err != nil {
			return err
		}
		if s.Refunds, err = typeStats(ctx, tx, typeRefund); err != nil {
			return err
		}
		s.TotalBalances, err = sums(ctx, tx, `SELECT currency, sum(balance)
			FROM account_balances GROUP BY currency ORDER BY currency`)
		return err
	})
	return s, wrap("read stats", err)
}

func typeStats(ctx context.Context, tx pgx.Tx, kind string) (TypeStats, error) {
	var s TypeStats
	err := tx.QueryRow(ctx, `SELECT count(*) FILTER (WHERE status = $2),
			count(*) FILTER (WHERE status = $3)
		FROM transactions WHERE type = $1`, kind, statusCompleted, statusPendingReview).
		Scan(&s.Completed, &s.PendingReview)
	if err != nil {
		return s, err
	}
	s.Volume, err = sums(ctx, tx, `SELECT currency, sum(amount) FROM transactions
		WHERE type = $1 AND status = $2 GROUP BY currency ORDER BY currency`,
		kind, statusCompleted)
	return s, err
}

func sums(ctx context.Context, tx pgx.Tx, sql string, args ...any) ([]SumInMoney, error) {
	rows, _ := tx.Query(ctx, sql, args...)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (m SumInMoney, err error) {
		err = row.Scan(&m.Currency, &m.Amount)
		return m, err
	})
}
