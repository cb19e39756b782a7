package main

import (
	"errors"
	"net/http"
	"strings"
	"unicode/utf8"
)

const (
	// maxBooking is the largest single payment or refund.
	maxBooking = Money(25_000_00)
	// maxDescription is the length of transactions.description.
	maxDescription = 200
	// maxIdempotencyKey is the length of transactions.idempotency_key.
	maxIdempotencyKey = 128
)

// Booking is money to be moved: what becomes a transaction.
type Booking struct {
	Type            string // typePayment or typeRefund
	CustomerID      int64
	PaymentMethodID *int64 // payments only
	RefundOf        *int64 // refunds of one payment only
	Amount          Money  // above 0; the type gives the direction
	Currency        string
	Description     string
	IdempotencyKey  string // empty when the caller sent none
	Screening       Screening
}

// effect is what the booking does to the balance once it is completed.
func (b Booking) effect() Money {
	if b.Type == typeRefund {
		return b.Amount
	}
	return -b.Amount
}

// fraudCheck is the question to ask about the booking.
func (b Booking) fraudCheck(r *http.Request) FraudCheck {
	return FraudCheck{Type: b.Type, CustomerID: b.CustomerID, Amount: b.Amount,
		Currency: b.Currency, Reference: requestID(r)}
}

// knownCurrency says whether we keep accounts in the currency.
func knownCurrency(code string) bool {
	switch code {
	case "USD", "EUR", "GBP":
		return true
	}
	return false
}

// validateAmount checks an amount and its currency, and fills in USD.
func validateAmount(amount Money, currency *string) error {
	if amount <= 0 {
		return badRequest("invalid_amount", "amount is required and must be above 0")
	}
	if amount > maxBooking {
		return badRequest("invalid_amount", "amount must not be above %s", maxBooking)
	}
	if *currency == "" {
		*currency = "USD"
	}
	if !knownCurrency(*currency) {
		return badRequest("invalid_currency", "currency %.8q is not one of USD, EUR, GBP", *currency)
	}
	return nil
}

func validateDescription(field, text string) error {
	if utf8.RuneCountInString(text) > maxDescription || strings.ContainsRune(text, 0) {
		return badRequest("invalid_"+field, "%s must be text of at most %d characters",
			field, maxDescription)
	}
	return nil
}

// replay takes the Idempotency-Key into the booking and, where a transaction
// with that key exists, answers with it: nothing is booked or checked twice.
func (s *Server) replay(w http.ResponseWriter, r *http.Request, b *Booking) (bool, error) {
	key := r.Header.Get("Idempotency-Key")
	if key == "" {
		return false, nil
	}
	if len(key) > maxIdempotencyKey || strings.ContainsFunc(key, notPrintableASCII) {
		return false, badRequest("invalid_idempotency_key",
			"Idempotency-Key must be at most %d printable ASCII characters", maxIdempotencyKey)
	}
	b.IdempotencyKey = key
	first, err := s.store.TransactionByKey(r.Context(), key)
	if errors.Is(err, errNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, writeBooked(w, *b, first, true)
}

func notPrintableASCII(c rune) bool { return c < ' ' || c > '~' }

// book moves the money and answers with the transaction.
func (s *Server) book(w http.ResponseWriter, r *http.Request, b Booking) error {
	t, replayed, err := s.store.Book(r.Context(), b)
	if err != nil {
		return err
	}
	if !replayed {
		s.logger(r).Info(b.Type+" booked", "transaction", t.ID, "customer", t.CustomerID,
			"amount", t.Amount.String(), "status", t.Status, "fraud_decision", t.FraudDecision)
	}
	return writeBooked(w, b, t, replayed)
}

// errKeyTaken tells the caller that an Idempotency-Key cannot be used twice.
var errKeyTaken = &apiError{http.StatusConflict, "idempotency_conflict",
	"this Idempotency-Key was used for another request"}

// writeBooked answers with a transaction: 201, or 202 while it waits for a review.
func writeBooked(w http.ResponseWriter, b Booking, t Transaction, replayed bool) error {
	if replayed {
		if !t.sameAs(b) {
			return errKeyTaken
		}
		w.Header().Set("Idempotency-Replayed", "true")
	}
	status := http.StatusCreated
	if t.Status == statusPendingReview {
		status = http.StatusAccepted
	}
	writeJSON(w, status, t)
	return nil
}

// affordable refuses a payment that the account cannot bear, before the fraud
// API is asked. Book decides again under the account's lock.
func (s *Server) affordable(r *http.Request, b Booking) error {
	account, err := s.store.Account(r.Context(), b.CustomerID)
	if err != nil {
		return found(err, "account", b.CustomerID)
	}
	if err := account.holds(b.Currency); err != nil {
		return err
	}
	return account.covers(b.effect())
}
