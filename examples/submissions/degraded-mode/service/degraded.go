package main

import (
	"net/http"
	"time"
)

// decisionDegraded marks what was accepted without a verdict of the fraud API.
const decisionDegraded = "degraded"

// Degraded says what is accepted while the fraud API does not answer (INC: fraud-api
// does not resolve). Everything accepted this way is pending_review: it has its row
// and the customer an answer, but no money moves until the risk desk released it.
type Degraded struct {
	// Enabled is the switch (DEGRADED_MODE, on). off is the behaviour before.
	Enabled bool
	// PaymentLimit and RefundLimit are the largest amounts that are accepted
	// (DEGRADED_PAYMENT_LIMIT, 500; DEGRADED_REFUND_LIMIT, 2000).
	PaymentLimit, RefundLimit Money
	// Failures open the breaker (BREAKER_FAILURES, 4), which tries again after
	// Pause (BREAKER_PAUSE, 500ms).
	Failures int32
	Pause    time.Duration
}

// accepts says whether a question may go without an answer.
func (d Degraded) accepts(c FraudCheck) bool {
	limit := d.PaymentLimit
	if c.Type == typeRefund {
		limit = d.RefundLimit
	}
	return d.Enabled && c.Amount <= limit
}

// degrade accepts for review what could not be checked and is small enough.
func (s *Server) degrade(r *http.Request, c FraudCheck, cause error) (Screening, bool) {
	if !s.degraded.accepts(c) || r.Context().Err() != nil {
		return Screening{}, false
	}
	s.logger(r).Warn("accepted without fraud check, pending review", "endpoint", r.URL.Path,
		"customer", c.CustomerID, "amount", c.Amount.String(), "err", cause)
	return Screening{Decision: decisionDegraded}, true
}

// fraudHealth is what GET /health says about the fraud check.
type fraudHealth struct {
	Status string `json:"status"` // up or down; down does not make the service unhealthy
	Mode   string `json:"mode"`   // normal, degraded or refusing
}

func (s *Server) fraudHealth() fraudHealth {
	breaker, ok := s.fraud.(*Breaker)
	switch {
	case !ok || !breaker.Open():
		return fraudHealth{"up", "normal"}
	case s.degraded.Enabled:
		return fraudHealth{"down", "degraded"}
	}
	return fraudHealth{"down", "refusing"}
}
