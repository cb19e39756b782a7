package main

import (
	"errors"
	"net/http"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"
)

// Customer is somebody who pays through us.
type Customer struct {
	ID     int64  `json:"customer_id"`
	Name   string `json:"name"`
	Email  string `json:"email"`
	Status string `json:"status"` // active or suspended
	// Trusted customers are exempt from the fraud check; the risk team decides who is.
	Trusted   bool      `json:"trusted"`
	CreatedAt time.Time `json:"created_at"`
}

// NewCustomer is the body of POST /api/customers.
type NewCustomer struct {
	Name     string `json:"name"`
	Email    string `json:"email"`
	Currency string `json:"currency"` // of the account; USD when missing
}

// errEmailTaken is the store's answer to a second customer with one address.
var errEmailTaken = errors.New("email is taken")

func (c *NewCustomer) validate() error {
	c.Name, c.Email = strings.TrimSpace(c.Name), strings.ToLower(strings.TrimSpace(c.Email))
	if n := utf8.RuneCountInString(c.Name); n == 0 || n > 100 || strings.ContainsRune(c.Name, 0) {
		return badRequest("invalid_name", "name is required, with at most 100 characters")
	}
	address, err := mail.ParseAddress(c.Email)
	if err != nil || address.Address != c.Email || len(c.Email) > 254 {
		return badRequest("invalid_email", "email is required, as name@example.com")
	}
	if c.Currency == "" {
		c.Currency = "USD"
	}
	if !knownCurrency(c.Currency) {
		return badRequest("invalid_currency", "currency %.8q is not one of USD, EUR, GBP", c.Currency)
	}
	return nil
}

// createCustomer opens an account with a balance of zero for a new customer.
func (s *Server) createCustomer(w http.ResponseWriter, r *http.Request) error {
	var req NewCustomer
	if err := decodeJSON(r, &req); err != nil {
		return err
	}
	if err := req.validate(); err != nil {
		return err
	}
	customer, err := s.store.CreateCustomer(r.Context(), req)
	if errors.Is(err, errEmailTaken) {
		return &apiError{http.StatusConflict, "email_taken", "there is a customer with this email"}
	}
	if err != nil {
		return err
	}
	s.logger(r).Info("customer created", "customer", customer.ID)
	writeJSON(w, http.StatusCreated, customer)
	return nil
}

// customer answers GET /api/customers/{id}.
func (s *Server) customer(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	customer, err := s.store.Customer(r.Context(), id)
	if err != nil {
		return found(err, "customer", id)
	}
	writeJSON(w, http.StatusOK, customer)
	return nil
}

// activeCustomer returns the customer if money may move in their name.
func (s *Server) activeCustomer(r *http.Request, id int64) (Customer, error) {
	customer, err := s.store.Customer(r.Context(), id)
	if err != nil {
		return Customer{}, found(err, "customer", id)
	}
	if customer.Status != "active" {
		return Customer{}, &apiError{http.StatusForbidden, "customer_suspended",
			"the customer's account is suspended"}
	}
	return customer, nil
}
