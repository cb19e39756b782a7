package main

import "net/http"

// gatewayEvent is what the payment gateway tells us. The gateway sits in our own
// network, so its events are not signed.
type gatewayEvent struct {
	Event         string `json:"event"`
	TransactionID int64  `json:"transaction_id"`
	Reference     string `json:"reference"` // the gateway's own number
}

// gatewayWebhook answers POST /api/webhooks/payment-gateway. Settlements are kept
// with their transaction; events that we do not know are acknowledged, so that
// the gateway does not repeat them.
func (s *Server) gatewayWebhook(w http.ResponseWriter, r *http.Request) error {
	var event gatewayEvent
	if err := decodeJSON(r, &event); err != nil {
		return err
	}
	if event.Event == "" || len(event.Event) > 64 || len(event.Reference) > 128 {
		return badRequest("invalid_event", "event is required, with at most 64 characters")
	}
	outcome := "ignored"
	if event.Event == "payment.settled" || event.Event == "refund.settled" {
		if event.TransactionID < 1 {
			return badRequest("invalid_transaction_id", "transaction_id is required")
		}
		if err := s.store.Settle(r.Context(), event.TransactionID); err != nil {
			return found(err, "transaction", event.TransactionID)
		}
		outcome = "processed"
	}
	s.logger(r).Info("gateway event", "event", event.Event, "transaction", event.TransactionID,
		"reference", event.Reference, "outcome", outcome)
	writeJSON(w, http.StatusOK, struct {
		Received bool   `json:"received"`
		Outcome  string `json:"outcome"`
	}{true, outcome})
	return nil
}
