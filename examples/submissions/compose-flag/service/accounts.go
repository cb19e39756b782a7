package main

import (
	"net/http"
	"time"
)

// Account is a customer's balance; every customer has one.
type Account struct {
	CustomerID int64     `json:"customer_id"`
	Balance    Money     `json:"balance"`
	Currency   string    `json:"currency"`
	UpdatedAt  time.Time `json:"updated_at"`
}

// holds refuses amounts in another currency than the account's.
func (a Account) holds(currency string) error {
	if a.Currency != currency {
		return badRequest("currency_mismatch", "the account is kept in %s, not in %s",
			a.Currency, currency)
	}
	return nil
}

// covers refuses a change that the balance cannot bear.
func (a Account) covers(change Money) error {
	switch balance := a.Balance + change; {
	case change < 0 && balance < 0:
		return &apiError{http.StatusPaymentRequired, "insufficient_funds",
			"the account's balance does not cover the amount"}
	case balance > maxMoney:
		return badRequest("balance_limit", "the account cannot hold more than %s", maxMoney)
	}
	return nil
}

// PaymentMethod is a way in which a customer pays.
type PaymentMethod struct {
	ID         int64     `json:"payment_method_id"`
	CustomerID int64     `json:"-"`
	Kind       string    `json:"type"` // card or bank_account
	Brand      string    `json:"brand"`
	LastFour   string    `json:"last_four"`
	Expires    string    `json:"expires,omitempty"` // YYYY-MM, cards only
	Active     bool      `json:"active"`
	CreatedAt  time.Time `json:"created_at"`
}

// balance answers GET /api/accounts/{id}/balance; the id is the customer's.
func (s *Server) balance(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	account, err := s.store.Account(r.Context(), id)
	if err != nil {
		return found(err, "account", id)
	}
	writeJSON(w, http.StatusOK, account)
	return nil
}

// paymentMethods answers GET /api/payment-methods/{id}; the id is the customer's.
func (s *Server) paymentMethods(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if _, err := s.store.Customer(r.Context(), id); err != nil {
		return found(err, "customer", id)
	}
	methods, err := s.store.PaymentMethods(r.Context(), id)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, struct {
		CustomerID     int64           `json:"customer_id"`
		PaymentMethods []PaymentMethod `json:"payment_methods"`
	}{id, methods})
	return nil
}
