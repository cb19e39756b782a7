package main

import (
	"context"
	"net/http"
	"time"
)

// PoolStatus describes the connections to the database.
type PoolStatus struct {
	Max   int32 `json:"max"`
	Open  int32 `json:"open"`
	InUse int32 `json:"in_use"`
	Idle  int32 `json:"idle"`
}

type databaseHealth struct {
	Status    string     `json:"status"` // up or down
	LatencyMS int64      `json:"latency_ms"`
	Pool      PoolStatus `json:"pool"`
}

type healthReport struct {
	Status        string         `json:"status"` // ok or unavailable
	Service       string         `json:"service"`
	UptimeSeconds int64          `json:"uptime_seconds"`
	Database      databaseHealth `json:"database"`
	// FraudCheck is up, or degraded while bookings are queued without a check.
	FraudCheck string `json:"fraud_check"`
}

// health answers GET /health: 200 while the database answers, 503 otherwise.
func (s *Server) health(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	start := s.now()
	pool, err := s.store.Ping(ctx)

	report, status := healthReport{
		Status:        "ok",
		Service:       "payment-processor",
		UptimeSeconds: int64(start.Sub(s.started) / time.Second),
		Database:      databaseHealth{"up", s.now().Sub(start).Milliseconds(), pool},
		FraudCheck:    s.review.String(),
	}, http.StatusOK
	if err != nil {
		s.logger(r).Error("health: database does not answer", "err", err)
		report.Status, report.Database.Status = "unavailable", "down"
		status = http.StatusServiceUnavailable
	}
	writeJSON(w, status, report)
	return nil
}
