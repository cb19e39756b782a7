package main

import (
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Types of transactions.
const (
	typePayment = "payment"
	typeRefund  = "refund"
)

// States of transactions. Only completed ones have changed the balance.
const (
	statusCompleted     = "completed"
	statusPendingReview = "pending_review" // held by the fraud check until the risk desk decides
	statusCancelled     = "cancelled"      // turned down by the risk desk
)

// Transaction is one row of the ledger.
type Transaction struct {
	ID              int64  `json:"transaction_id"`
	CustomerID      int64  `json:"customer_id"`
	Type            string `json:"type"`
	Status          string `json:"status"`
	Amount          Money  `json:"amount"`
	Currency        string `json:"currency"`
	PaymentMethodID *int64 `json:"payment_method_id,omitempty"`
	RefundOf        *int64 `json:"refund_of,omitempty"`
	Description     string `json:"description"`
	// FraudDecision is a Screening's decision.
	FraudDecision string     `json:"fraud_decision"`
	CreatedAt     time.Time  `json:"created_at"`
	SettledAt     *time.Time `json:"settled_at,omitempty"` // set by the gateway's webhook
}

// sameAs says whether the transaction is what the booking asks for.
func (t Transaction) sameAs(b Booking) bool {
	return t.Type == b.Type && t.CustomerID == b.CustomerID && t.Amount == b.Amount &&
		t.Currency == b.Currency && equalIDs(t.PaymentMethodID, b.PaymentMethodID) &&
		equalIDs(t.RefundOf, b.RefundOf)
}

func equalIDs(a, b *int64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// refundableBy refuses a refund that does not fit the payment it is for.
func (t Transaction) refundableBy(b Booking) error {
	switch {
	case t.CustomerID != b.CustomerID || t.Type != typePayment || t.Status != statusCompleted:
		return badRequest("not_refundable",
			"transaction %d is not a completed payment of customer %d", t.ID, b.CustomerID)
	case t.Currency != b.Currency:
		return badRequest("currency_mismatch", "the payment was made in %s, not in %s",
			t.Currency, b.Currency)
	case b.Amount > t.Amount:
		return badRequest("refund_exceeds_payment", "only %s of the payment can be given back", t.Amount)
	}
	return nil
}

// TransactionFilter selects transactions, the newest first.
type TransactionFilter struct {
	CustomerID int64  // 0 for all
	Type       string // empty for all
	Status     string // empty for all
	BeforeID   int64  // only older ones than this; 0 from the newest
	Limit      int
}

const (
	defaultLimit = 50
	maxLimit     = 200
)

// transactions answers GET /api/transactions with ?customer_id=, type=, status=,
// limit= and before_id= (the last id of the page before).
func (s *Server) transactions(w http.ResponseWriter, r *http.Request) error {
	filter, err := transactionFilter(r.URL.Query())
	if err != nil {
		return err
	}
	list, err := s.store.Transactions(r.Context(), filter)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, struct {
		Transactions []Transaction `json:"transactions"`
		Count        int           `json:"count"`
	}{list, len(list)})
	return nil
}

func transactionFilter(q url.Values) (TransactionFilter, error) {
	f := TransactionFilter{Type: q.Get("type"), Status: q.Get("status"), Limit: defaultLimit}
	if f.Type != "" && f.Type != typePayment && f.Type != typeRefund {
		return f, badRequest("invalid_type", "type %.16q is not payment or refund", f.Type)
	}
	var err error
	if f.CustomerID, err = positiveParam(q, "customer_id", 0); err != nil {
		return f, err
	}
	if f.BeforeID, err = positiveParam(q, "before_id", 0); err != nil {
		return f, err
	}
	limit, err := positiveParam(q, "limit", defaultLimit)
	if err != nil {
		return f, err
	}
	f.Limit = int(min(limit, maxLimit))
	return f, nil
}

func positiveParam(q url.Values, name string, fallback int64) (int64, error) {
	text := q.Get(name)
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, badRequest("invalid_"+name, "%s %.32q is not a number above 0", name, text)
	}
	return n, nil
}

// transaction answers GET /api/transactions/{id}.
func (s *Server) transaction(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	t, err := s.store.Transaction(r.Context(), id)
	if err != nil {
		return found(err, "transaction", id)
	}
	writeJSON(w, http.StatusOK, t)
	return nil
}
