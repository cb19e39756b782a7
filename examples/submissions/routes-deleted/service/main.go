// Command payment-processor is the payments API: it takes payments, gives
// refunds, and answers questions about customers, accounts and transactions.
//
// Every request that moves money is booked in one database transaction: a row
// in transactions and the change of the account's balance, or neither. Before
// that the fraud API is asked (see fraud.go) where the rules ask for it. A
// refused payment leaves no trace in the ledger, a held one leaves a row with
// status pending_review and does not touch the balance.
//
// Where to find things: config.go lists the environment, server.go the routes,
// payment.go and refund.go the money path, store.go and ledger.go the SQL.
//
// `payment-processor healthcheck` asks a running instance for GET /health and
// exits 0 or 1; the image has no shell, so its container check needs it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := dispatch(ctx, os.Args[1:], os.Getenv, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// dispatch runs the service, or the health check of a running one.
func dispatch(ctx context.Context, args []string, env func(string) string, out io.Writer) error {
	cfg, err := loadConfig(env)
	if err != nil {
		return err
	}
	switch {
	case len(args) == 0:
		return run(ctx, cfg, newLogger(cfg, out))
	case len(args) == 1 && args[0] == "healthcheck":
		return healthcheck(ctx, cfg)
	}
	return fmt.Errorf("unknown arguments %q; usage: payment-processor [healthcheck]", args)
}

// run serves until ctx ends, then lets the requests under way finish.
func run(ctx context.Context, cfg Config, log *slog.Logger) error {
	store, err := openStore(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer store.Close()

	listener, err := net.Listen("tcp", ":"+cfg.Port)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	api := NewServer(store, NewFraudClient(cfg.FraudURL, cfg.FraudTimeout), log, time.Now)
	return serve(ctx, listener, api.Handler(), cfg, log)
}

func serve(
	ctx context.Context, listener net.Listener, handler http.Handler, cfg Config, log *slog.Logger,
) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	log.Info("listening", "address", listener.Addr().String(), "fraud_api", cfg.FraudURL.String(),
		"fraud_timeout", cfg.FraudTimeout.String())

	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	log.Info("shutting down", "grace", cfg.ShutdownTimeout.String())
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), cfg.ShutdownTimeout)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		return errors.Join(fmt.Errorf("shut down: %w", err), server.Close())
	}
	log.Info("stopped")
	return nil
}

// healthcheck succeeds when the instance on this host answers GET /health with 200.
func healthcheck(ctx context.Context, cfg Config) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	url := "http://" + net.JoinHostPort("127.0.0.1", cfg.Port) + "/health"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", url, res.Status)
	}
	return nil
}

func newLogger(cfg Config, out io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: cfg.LogLevel}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(out, options))
	}
	return slog.New(slog.NewTextHandler(out, options))
}
