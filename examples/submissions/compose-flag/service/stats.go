package main

import (
	"net/http"
	"time"
)

// Stats counts what is in the ledger.
type Stats struct {
	Customers     int64        `json:"customers"`
	Transactions  int64        `json:"transactions"`
	Payments      TypeStats    `json:"payments"`
	Refunds       TypeStats    `json:"refunds"`
	TotalBalances []SumInMoney `json:"total_balances"`
}

// TypeStats counts the transactions of one type.
type TypeStats struct {
	Completed     int64        `json:"completed"`
	PendingReview int64        `json:"pending_review"`
	Volume        []SumInMoney `json:"volume"` // of the completed ones
}

// SumInMoney is a sum in one currency.
type SumInMoney struct {
	Currency string `json:"currency"`
	Amount   Money  `json:"amount"`
}

// stats answers GET /api/stats.
func (s *Server) stats(w http.ResponseWriter, r *http.Request) error {
	stats, err := s.store.Stats(r.Context())
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, struct {
		Stats
		UptimeSeconds int64 `json:"uptime_seconds"`
	}{stats, int64(s.now().Sub(s.started) / time.Second)})
	return nil
}
