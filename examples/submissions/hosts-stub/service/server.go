package main

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
)

// Store is what the handlers need of the database; *Postgres has it.
// A missing row is errNotFound.
type Store interface {
	Customer(ctx context.Context, id int64) (Customer, error)
	CreateCustomer(ctx context.Context, c NewCustomer) (Customer, error)
	Account(ctx context.Context, customerID int64) (Account, error)
	PaymentMethod(ctx context.Context, id int64) (PaymentMethod, error)
	PaymentMethods(ctx context.Context, customerID int64) ([]PaymentMethod, error)

	Transaction(ctx context.Context, id int64) (Transaction, error)
	TransactionByKey(ctx context.Context, idempotencyKey string) (Transaction, error)
	Transactions(ctx context.Context, f TransactionFilter) ([]Transaction, error)
	Book(ctx context.Context, b Booking) (t Transaction, replayed bool, err error)
	Settle(ctx context.Context, id int64) error

	Stats(ctx context.Context) (Stats, error)
	Ping(ctx context.Context) (PoolStatus, error)
}

// FraudChecker decides whether money may move; *FraudClient has it.
type FraudChecker interface {
	Check(ctx context.Context, c FraudCheck) (FraudDecision, error)
}

// Server answers the API's requests.
type Server struct {
	store   Store
	fraud   FraudChecker
	log     *slog.Logger
	now     func() time.Time
	started time.Time
}

// NewServer returns the API over its dependencies.
func NewServer(store Store, fraud FraudChecker, log *slog.Logger, now func() time.Time) *Server {
	return &Server{store: store, fraud: fraud, log: log, now: now, started: now()}
}

// Handler returns the routes with their middleware.
func (s *Server) Handler() http.Handler {
	r := chi.NewRouter()
	r.Use(s.withRequestID, s.logRequests, s.recoverPanics, limitRequests)

	r.Get("/health", s.handle(s.health))
	r.Route("/api", func(r chi.Router) {
		r.Post("/payment", s.handle(s.createPayment))
		r.Post("/refund", s.handle(s.createRefund))

		r.Post("/customers", s.handle(s.createCustomer))
		r.Get("/customers/{id}", s.handle(s.customer))
		r.Get("/accounts/{id}/balance", s.handle(s.balance))
		r.Get("/payment-methods/{id}", s.handle(s.paymentMethods))

		r.Get("/transactions", s.handle(s.transactions))
		r.Get("/transactions/{id}", s.handle(s.transaction))
		r.Get("/stats", s.handle(s.stats))

		r.Post("/webhooks/payment-gateway", s.handle(s.gatewayWebhook))
	})
	r.NotFound(s.handle(func(http.ResponseWriter, *http.Request) error {
		return &apiError{http.StatusNotFound, "not_found", "there is no such endpoint"}
	}))
	r.MethodNotAllowed(s.handle(func(_ http.ResponseWriter, r *http.Request) error {
		return &apiError{http.StatusMethodNotAllowed, "method_not_allowed",
			r.Method + " is not supported here"}
	}))
	return r
}
