package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"time"
)

// Config is everything the environment can set.
type Config struct {
	// Port is the TCP port of the API (PORT, 8080).
	Port string
	// DatabaseURL is PostgreSQL's connection URL (DATABASE_URL, required).
	DatabaseURL string
	// DBMaxConns bounds the connection pool (DB_MAX_CONNS, 10).
	DBMaxConns int32
	// DBStartTimeout is how long to wait for the database at the start
	// (DB_START_TIMEOUT, 60s).
	DBStartTimeout time.Duration
	// FraudURL is the base URL of the fraud API (FRAUD_API_URL).
	FraudURL *url.URL
	// FraudTimeout bounds connecting to the fraud API, its name's lookup
	// included, and then again waiting for its answer (FRAUD_TIMEOUT, 5s).
	FraudTimeout time.Duration
	// Degraded is what happens while the fraud API does not answer; see degraded.go.
	Degraded Degraded
	// ShutdownTimeout is the grace for requests under way (SHUTDOWN_TIMEOUT, 10s).
	ShutdownTimeout time.Duration
	// LogLevel is debug, info, warn or error (LOG_LEVEL, info).
	LogLevel slog.Level
	// LogFormat is text or json (LOG_FORMAT, text).
	LogFormat string
}

const defaultFraudURL = "http://fraud-api.internal.corp:8443"

// loadConfig reads the environment and reports every wrong value at once.
func loadConfig(env func(string) string) (Config, error) {
	e := envReader{get: env}
	cfg := Config{
		Port:            e.text("PORT", "8080"),
		DatabaseURL:     e.text("DATABASE_URL", ""),
		DBMaxConns:      e.count("DB_MAX_CONNS", 10),
		DBStartTimeout:  e.duration("DB_START_TIMEOUT", 60*time.Second),
		FraudURL:        e.baseURL("FRAUD_API_URL", defaultFraudURL),
		FraudTimeout:    e.duration("FRAUD_TIMEOUT", 5*time.Second),
		ShutdownTimeout: e.duration("SHUTDOWN_TIMEOUT", 10*time.Second),
		LogLevel:        e.level("LOG_LEVEL", slog.LevelInfo),
		LogFormat:       e.text("LOG_FORMAT", "text"),
	}
	cfg.Degraded = Degraded{
		Enabled:      e.toggle("DEGRADED_MODE", true),
		PaymentLimit: e.money("DEGRADED_PAYMENT_LIMIT", 500_00),
		RefundLimit:  e.money("DEGRADED_REFUND_LIMIT", 2000_00),
		Failures:     e.count("BREAKER_FAILURES", 4),
		Pause:        e.duration("BREAKER_PAUSE", 500*time.Millisecond),
	}
	if cfg.DatabaseURL == "" {
		e.fail("DATABASE_URL", "is not set; want postgres://user:password@host:5432/database")
	}
	if port, err := strconv.Atoi(cfg.Port); err != nil || port < 1 || port > 65535 {
		e.fail("PORT", fmt.Sprintf("is %q; want a number from 1 to 65535", cfg.Port))
	}
	if cfg.LogFormat != "text" && cfg.LogFormat != "json" {
		e.fail("LOG_FORMAT", fmt.Sprintf("is %q; want text or json", cfg.LogFormat))
	}
	return cfg, errors.Join(e.errs...)
}

// envReader reads typed values and collects what is wrong with them.
type envReader struct {
	get  func(string) string
	errs []error
}

func (e *envReader) fail(name, problem string) {
	e.errs = append(e.errs, fmt.Errorf("environment: %s %s", name, problem))
}

func (e *envReader) text(name, fallback string) string {
	if v := e.get(name); v != "" {
		return v
	}
	return fallback
}

func (e *envReader) count(name string, fallback int32) int32 {
	v := e.get(name)
	if v == "" {
		return fallback
	}
	n, err := strconv.ParseInt(v, 10, 32)
	if err != nil || n < 1 {
		e.fail(name, fmt.Sprintf("is %q; want a number above 0", v))
		return fallback
	}
	return int32(n)
}

func (e *envReader) duration(name string, fallback time.Duration) time.Duration {
	v := e.get(name)
	if v == "" {
		return fallback
	}
	d, err := time.ParseDuration(v)
	if err != nil || d <= 0 {
		e.fail(name, fmt.Sprintf("is %q; want a duration above 0 such as 500ms or 5s", v))
		return fallback
	}
	return d
}

func (e *envReader) toggle(name string, fallback bool) bool {
	switch v := e.get(name); v {
	case "":
		return fallback
	case "on", "off":
		return v == "on"
	default:
		e.fail(name, fmt.Sprintf("is %q; want on or off", v))
		return fallback
	}
}

func (e *envReader) money(name string, fallback Money) Money {
	v := e.get(name)
	if v == "" {
		return fallback
	}
	m, err := ParseMoney(v)
	if err != nil || m < 0 {
		e.fail(name, fmt.Sprintf("is %q; want an amount such as 500 or 49.99", v))
		return fallback
	}
	return m
}

func (e *envReader) baseURL(name, fallback string) *url.URL {
	v := e.text(name, fallback)
	u, err := url.Parse(v)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		e.fail(name, fmt.Sprintf("is %q; want http(s)://host:port", v))
	}
	return u
}

func (e *envReader) level(name string, fallback slog.Level) slog.Level {
	v := e.get(name)
	if v == "" {
		return fallback
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(v)); err != nil {
		e.fail(name, fmt.Sprintf("is %q; want debug, info, warn or error", v))
	}
	return level
}
