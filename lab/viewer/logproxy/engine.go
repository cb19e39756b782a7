package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// engine is the Docker engine behind a Unix socket.
type engine struct{ client *http.Client }

func dialEngine(file string) *engine {
	dialer := net.Dialer{Timeout: 5 * time.Second}
	return &engine{&http.Client{
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return dialer.DialContext(ctx, "unix", file)
			},
			DisableCompression:    true,
			MaxIdleConns:          4,
			IdleConnTimeout:       time.Minute,
			ResponseHeaderTimeout: 30 * time.Second,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// statusError is an answer of the engine other than 200.
type statusError struct{ code int }

func (e *statusError) Error() string { return fmt.Sprintf("engine answers %d", e.code) }

// get asks the engine. The path carries no API version: what is used here has been the
// same in all of them.
func (e *engine) get(ctx context.Context, path string, query url.Values) (*http.Response, error) {
	u := url.URL{Scheme: "http", Host: "engine", Path: path, RawQuery: query.Encode()}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	res, err := e.client.Do(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		_ = res.Body.Close()
		return nil, &statusError{res.StatusCode}
	}
	return res, nil
}

// maxAnswer bounds what is read of an answer that is not a stream, in bytes.
const maxAnswer = 16 << 20

func (e *engine) getJSON(ctx context.Context, path string, query url.Values, into any) error {
	res, err := e.get(ctx, path, query)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return json.NewDecoder(io.LimitReader(res.Body, maxAnswer)).Decode(into)
}
