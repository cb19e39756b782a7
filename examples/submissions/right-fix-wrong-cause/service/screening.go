package main

import (
	"net/http"
	"time"
)

// Screening says on what grounds a booking was made; it is kept with the row.
type Screening struct {
	// Decision is approve or hold by the fraud API, or exempt or not_required
	// where the rules did not ask for a check.
	Decision string
	// CheckID is the fraud API's number of the check, empty where there was none.
	CheckID string
}

// Screenings without a check.
var (
	screenedExempt      = Screening{Decision: "exempt"}       // trusted customer
	screenedNotRequired = Screening{Decision: "not_required"} // amount below the threshold
)

// decisionUnchecked marks a booking that the fraud API gave no answer about.
const decisionUnchecked = "unchecked"

// uncheckedLimit is the largest amount that is accepted without an answer.
const uncheckedLimit = Money(2000_00)

// status is what a booking on these grounds starts as.
func (s Screening) status() string {
	if s.Decision == decisionHold || s.Decision == decisionUnchecked {
		return statusPendingReview
	}
	return statusCompleted
}

// screen asks the fraud API. A decline is an error. Without an answer small amounts are
// kept for the risk desk, and larger ones are an error: no money moves without a verdict.
func (s *Server) screen(r *http.Request, c FraudCheck) (Screening, error) {
	start := s.now()
	d, err := s.fraud.Check(r.Context(), c)
	if err != nil && c.Amount <= uncheckedLimit {
		s.logger(r).Warn("accepted for review without a check", "endpoint", r.URL.Path,
			"customer", c.CustomerID, "amount", c.Amount.String(), "err", err)
		return Screening{Decision: decisionUnchecked}, nil
	}
	if err != nil {
		return Screening{}, s.fraudCheckFailed(r, c, err, s.now().Sub(start))
	}
	log := s.logger(r).With("endpoint", r.URL.Path, "customer", c.CustomerID,
		"amount", c.Amount.String(), "check_id", d.CheckID)
	if d.Decision == decisionDecline {
		log.Warn("declined by fraud check", "reason", d.Reason)
		return Screening{}, &apiError{http.StatusPaymentRequired, "declined_by_risk",
			"the " + c.Type + " was declined"}
	}
	log.Debug("fraud check passed", "decision", d.Decision, "reason", d.Reason)
	return Screening{Decision: d.Decision, CheckID: d.CheckID}, nil
}

// fraudCheckFailed logs why there is no verdict and words it for the caller.
func (s *Server) fraudCheckFailed(
	r *http.Request, c FraudCheck, err error, took time.Duration,
) *apiError {
	told := &apiError{http.StatusServiceUnavailable, "fraud_check_unavailable",
		"the " + c.Type + " could not be checked, please try again later"}
	if isTimeout(err) {
		told = &apiError{http.StatusGatewayTimeout, "fraud_check_timeout",
			"the check of the " + c.Type + " took too long, please try again later"}
	}
	s.logger(r).Error("fraud check failed", "endpoint", r.URL.Path, "customer", c.CustomerID,
		"amount", c.Amount.String(), "err", err, "status", told.Status,
		"duration_ms", took.Milliseconds())
	return told
}
