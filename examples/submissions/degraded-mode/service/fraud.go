package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// The fraud API's verdicts.
const (
	decisionApprove = "approve"
	decisionDecline = "decline"
	decisionHold    = "hold"
)

// FraudCheck is the question that the fraud API is asked.
type FraudCheck struct {
	Type       string `json:"type"` // payment or refund
	CustomerID int64  `json:"customer_id"`
	Amount     Money  `json:"amount"`
	Currency   string `json:"currency"`
	// Reference finds the question again in their records; we send the request id.
	Reference string `json:"reference"`
}

// FraudDecision is the fraud API's answer.
type FraudDecision struct {
	Decision string `json:"decision"` // approve, decline or hold
	Reason   string `json:"reason"`
	CheckID  string `json:"check_id"`
}

// FraudClient asks the fraud API.
type FraudClient struct {
	endpoint string
	http     *http.Client
}

// NewFraudClient returns a client of the API at base. Connecting may take up to
// timeout, the lookup of the name included, and so may the answer after that.
func NewFraudClient(base *url.URL, timeout time.Duration) *FraudClient {
	return &FraudClient{
		endpoint: base.JoinPath("/v1/check").String(),
		http: &http.Client{
			Timeout: 2 * timeout,
			Transport: &http.Transport{
				DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
					// A resolver of its own: lookups of one resolver are shared, and one that
					// is never answered would hold up those after it for seconds.
					d := net.Dialer{Timeout: timeout, Resolver: &net.Resolver{}}
					return d.DialContext(ctx, network, addr)
				},
				TLSHandshakeTimeout:   timeout,
				ResponseHeaderTimeout: timeout,
				MaxIdleConnsPerHost:   10,
				IdleConnTimeout:       90 * time.Second,
			},
			CheckRedirect: func(*http.Request, []*http.Request) error {
				return http.ErrUseLastResponse
			},
		},
	}
}

// Check returns the decision about c. Every other answer than one of the three
// decisions is an error.
func (f *FraudClient) Check(ctx context.Context, c FraudCheck) (FraudDecision, error) {
	body, err := json.Marshal(c)
	if err != nil {
		return FraudDecision{}, fmt.Errorf("encode check: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.endpoint, bytes.NewReader(body))
	if err != nil {
		return FraudDecision{}, fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Request-ID", c.Reference)
	res, err := f.http.Do(req)
	if err != nil {
		return FraudDecision{}, err
	}
	defer res.Body.Close()

	answer, err := io.ReadAll(io.LimitReader(res.Body, maxBody))
	if err != nil {
		return FraudDecision{}, fmt.Errorf("read answer: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		return FraudDecision{}, fmt.Errorf("fraud API answered %s: %.200q", res.Status, answer)
	}
	var d FraudDecision
	if err := json.Unmarshal(answer, &d); err != nil {
		return FraudDecision{}, fmt.Errorf("decode answer: %w", err)
	}
	switch d.Decision {
	case decisionApprove, decisionDecline, decisionHold:
		return d, nil
	}
	return FraudDecision{}, fmt.Errorf("fraud API answered unknown decision %q", d.Decision)
}

// isTimeout tells an answer that did not come in time from one that cannot come.
func isTimeout(err error) bool {
	var timed interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || (errors.As(err, &timed) && timed.Timeout())
}
