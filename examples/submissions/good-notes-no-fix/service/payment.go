package main

import (
	"errors"
	"net/http"
)

// paymentRequest is the body of POST /api/payment.
type paymentRequest struct {
	CustomerID      int64  `json:"customer_id"`
	PaymentMethodID int64  `json:"payment_method_id"`
	Amount          Money  `json:"amount"`
	Currency        string `json:"currency"` // USD when missing
	Description     string `json:"description"`
}

func (p *paymentRequest) validate() error {
	if p.CustomerID < 1 {
		return badRequest("invalid_customer_id", "customer_id is required")
	}
	if p.PaymentMethodID < 1 {
		return badRequest("invalid_payment_method", "payment_method_id is required")
	}
	if err := validateDescription("description", p.Description); err != nil {
		return err
	}
	return validateAmount(p.Amount, &p.Currency)
}

// paymentNeedsCheck says whether the fraud API is asked about a payment: always,
// except for customers whom the risk team has marked as trusted.
func paymentNeedsCheck(c Customer) bool { return !c.Trusted }

// createPayment takes a payment: it checks who pays with what, asks the fraud
// API, and books the amount off the account.
func (s *Server) createPayment(w http.ResponseWriter, r *http.Request) error {
	var req paymentRequest
	if err := decodeJSON(r, &req); err != nil {
		return err
	}
	if err := req.validate(); err != nil {
		return err
	}
	booking := Booking{
		Type:            typePayment,
		CustomerID:      req.CustomerID,
		PaymentMethodID: &req.PaymentMethodID,
		Amount:          req.Amount,
		Currency:        req.Currency,
		Description:     req.Description,
	}
	if done, err := s.replay(w, r, &booking); done || err != nil {
		return err
	}
	customer, err := s.activeCustomer(r, req.CustomerID)
	if err != nil {
		return err
	}
	if err := s.usableMethod(r, req); err != nil {
		return err
	}
	if err := s.affordable(r, booking); err != nil {
		return err
	}

	booking.Screening = screenedExempt
	if paymentNeedsCheck(customer) {
		if booking.Screening, err = s.screen(r, booking.fraudCheck(r)); err != nil {
			return err
		}
	}
	return s.book(w, r, booking)
}

// usableMethod refuses a payment method that is not an active one of the customer's.
// One message for all cases: nobody learns here whose methods exist.
func (s *Server) usableMethod(r *http.Request, req paymentRequest) error {
	method, err := s.store.PaymentMethod(r.Context(), req.PaymentMethodID)
	if err != nil && !errors.Is(err, errNotFound) {
		return err
	}
	if err != nil || method.CustomerID != req.CustomerID || !method.Active {
		return badRequest("invalid_payment_method",
			"payment method %d is not an active one of customer %d",
			req.PaymentMethodID, req.CustomerID)
	}
	return nil
}
