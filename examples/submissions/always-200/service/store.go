package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// errNotFound says that there is no such row.
var errNotFound = errors.New("not found")

// Postgres is the database of the service.
type Postgres struct {
	pool *pgxpool.Pool
}

// openStore connects and waits until the database answers, at most
// cfg.DBStartTimeout: at the start of a platform it may still be coming up.
func openStore(ctx context.Context, cfg Config, log *slog.Logger) (*Postgres, error) {
	poolConfig, err := pgxpool.ParseConfig(cfg.DatabaseURL)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	poolConfig.MaxConns = cfg.DBMaxConns
	poolConfig.MaxConnIdleTime = 5 * time.Minute
	poolConfig.ConnConfig.ConnectTimeout = 3 * time.Second
	poolConfig.ConnConfig.RuntimeParams["application_name"] = "payment-processor"
	poolConfig.ConnConfig.RuntimeParams["statement_timeout"] = "5000" // ms
	pool, err := pgxpool.NewWithConfig(ctx, poolConfig)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	if err := awaitDatabase(ctx, pool, cfg.DBStartTimeout, log); err != nil {
		pool.Close()
		return nil, err
	}
	log.Info("database connected", "host", poolConfig.ConnConfig.Host,
		"database", poolConfig.ConnConfig.Database, "max_conns", cfg.DBMaxConns)
	return &Postgres{pool: pool}, nil
}

// awaitDatabase pings with growing pauses until it succeeds or the time is over.
func awaitDatabase(
	ctx context.Context, pool *pgxpool.Pool, limit time.Duration, log *slog.Logger,
) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for attempt, pause := 1, 50*time.Millisecond; ; attempt++ {
		err := pool.Ping(ctx)
		if err == nil {
			return nil
		}
		log.Warn("database not ready", "attempt", attempt, "retry_in", pause.String(), "err", err)
		select {
		case <-ctx.Done():
			return fmt.Errorf("database not ready after %d attempts in %s: %w", attempt, limit, err)
		case <-time.After(pause):
		}
		pause = min(2*pause, time.Second)
	}
}

// Close waits for the connections in use and closes them all.
func (p *Postgres) Close() { p.pool.Close() }

// Ping asks the database for a sign of life.
func (p *Postgres) Ping(ctx context.Context) (PoolStatus, error) {
	err := p.pool.Ping(ctx)
	s := p.pool.Stat()
	return PoolStatus{
		Max: s.MaxConns(), Open: s.TotalConns(), InUse: s.AcquiredConns(), Idle: s.IdleConns(),
	}, wrap("ping", err)
}

// wrap names the work that failed; pgx's missing row becomes errNotFound.
func wrap(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pgx.ErrNoRows):
		return errNotFound
	}
	return fmt.Errorf("%s: %w", what, err)
}

const customerColumns = `id, name, email, status, trusted, created_at`

func scanCustomer(row pgx.CollectableRow) (c Customer, err error) {
	err = row.Scan(&c.ID, &c.Name, &c.Email, &c.Status, &c.Trusted, &c.CreatedAt)
	return c, err
}

// Customer returns one customer.
func (p *Postgres) Customer(ctx context.Context, id int64) (Customer, error) {
	rows, _ := p.pool.Query(ctx,
		`SELECT `+customerColumns+` FROM customers WHERE id = $1`, id)
	c, err := pgx.CollectExactlyOneRow(rows, scanCustomer)
	return c, wrap("read customer", err)
}

// CreateCustomer adds a customer and their account, or returns errEmailTaken.
func (p *Postgres) CreateCustomer(ctx context.Context, n NewCustomer) (Customer, error) {
	var c Customer
	err := pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `INSERT INTO customers (name, email) VALUES ($1, $2)
			RETURNING `+customerColumns, n.Name, n.Email)
		var err error
		if c, err = pgx.CollectExactlyOneRow(rows, scanCustomer); err != nil {
			return err
		}
		_, err = tx.Exec(ctx,
			`INSERT INTO account_balances (customer_id, currency) VALUES ($1, $2)`,
			c.ID, n.Currency)
		return err
	})
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) && pgErr.ConstraintName == "customers_email_key" {
		return Customer{}, errEmailTaken
	}
	return c, wrap("create customer", err)
}

const accountColumns = `customer_id, balance, currency, updated_at`

func scanAccount(row pgx.CollectableRow) (a Account, err error) {
	err = row.Scan(&a.CustomerID, &a.Balance, &a.Currency, &a.UpdatedAt)
	return a, err
}

// Account returns a customer's account.
func (p *Postgres) Account(ctx context.Context, customerID int64) (Account, error) {
	rows, _ := p.pool.Query(ctx,
		`SELECT `+accountColumns+` FROM account_balances WHERE customer_id = $1`, customerID)
	a, err := pgx.CollectExactlyOneRow(rows, scanAccount)
	return a, wrap("read account", err)
}

const methodColumns = `id, customer_id, type, brand, last_four,
	coalesce(to_char(expires, 'YYYY-MM'), ''), active, created_at`

func scanMethod(row pgx.CollectableRow) (m PaymentMethod, err error) {
	err = row.Scan(&m.ID, &m.CustomerID, &m.Kind, &m.Brand, &m.LastFour, &m.Expires,
		&m.Active, &m.CreatedAt)
	return m, err
}

// PaymentMethod returns one payment method.
func (p *Postgres) PaymentMethod(ctx context.Context, id int64) (PaymentMethod, error) {
	rows, _ := p.pool.Query(ctx,
		`SELECT `+methodColumns+` FROM payment_methods WHERE id = $1`, id)
	m, err := pgx.CollectExactlyOneRow(rows, scanMethod)
	return m, wrap("read payment method", err)
}

// PaymentMethods returns a customer's payment methods, the oldest first.
func (p *Postgres) PaymentMethods(ctx context.Context, customerID int64) ([]PaymentMethod, error) {
	rows, _ := p.pool.Query(ctx,
		`SELECT `+methodColumns+` FROM payment_methods WHERE customer_id = $1 ORDER BY id`,
		customerID)
	list, err := pgx.CollectRows(rows, scanMethod)
	return list, wrap("list payment methods", err)
}
