package main

import "net/http"

// refundRequest is the body of POST /api/refund. With a transaction_id it gives
// back that payment or a part of it; without one it is a goodwill refund.
type refundRequest struct {
	CustomerID    int64  `json:"customer_id"`
	TransactionID int64  `json:"transaction_id"`
	Amount        Money  `json:"amount"`
	Currency      string `json:"currency"` // USD when missing
	Reason        string `json:"reason"`
}

func (q *refundRequest) validate() error {
	if q.CustomerID < 1 {
		return badRequest("invalid_customer_id", "customer_id is required")
	}
	if q.TransactionID < 0 {
		return badRequest("invalid_transaction_id", "transaction_id must be above 0")
	}
	if err := validateDescription("reason", q.Reason); err != nil {
		return err
	}
	return validateAmount(q.Amount, &q.Currency)
}

// refundCheckThreshold is the largest refund that support gives without a check.
const refundCheckThreshold = Money(1000_00)

// refundNeedsCheck says whether the fraud API is asked about a refund: above the
// threshold, except for customers whom the risk team has marked as trusted.
func refundNeedsCheck(c Customer, amount Money) bool {
	return amount > refundCheckThreshold && !c.Trusted
}

// createRefund gives money back: it asks the fraud API about large amounts and
// books the amount onto the account.
func (s *Server) createRefund(w http.ResponseWriter, r *http.Request) error {
	var req refundRequest
	if err := decodeJSON(r, &req); err != nil {
		return err
	}
	if err := req.validate(); err != nil {
		return err
	}
	booking := Booking{
		Type:        typeRefund,
		CustomerID:  req.CustomerID,
		Amount:      req.Amount,
		Currency:    req.Currency,
		Description: req.Reason,
	}
	if req.TransactionID > 0 {
		booking.RefundOf = &req.TransactionID
	}
	if done, err := s.replay(w, r, &booking); done || err != nil {
		return err
	}
	customer, err := s.activeCustomer(r, req.CustomerID)
	if err != nil {
		return err
	}
	if err := s.refundable(r, booking); err != nil {
		return err
	}

	booking.Screening = screenedNotRequired
	if customer.Trusted {
		booking.Screening = screenedExempt
	}
	if refundNeedsCheck(customer, req.Amount) {
		if booking.Screening, err = s.screen(r, booking.fraudCheck(r)); err != nil {
			return err
		}
	}
	return s.book(w, r, booking)
}

// refundable refuses a refund that its payment or the account cannot bear,
// before the fraud API is asked. How much of the payment is still there to give
// back is decided under its lock, in Book.
func (s *Server) refundable(r *http.Request, b Booking) error {
	account, err := s.store.Account(r.Context(), b.CustomerID)
	if err != nil {
		return found(err, "account", b.CustomerID)
	}
	if err := account.holds(b.Currency); err != nil {
		return err
	}
	if b.RefundOf == nil {
		return nil
	}
	payment, err := s.store.Transaction(r.Context(), *b.RefundOf)
	if err != nil {
		return found(err, "transaction", *b.RefundOf)
	}
	return payment.refundableBy(b)
}
