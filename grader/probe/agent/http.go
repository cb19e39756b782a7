package main

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
)

type request struct {
	Method string            `json:"method"`
	Path   string            `json:"path"`
	Body   string            `json:"body"`
	Header map[string]string `json:"header"`
}

type exchange struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	Body   string `json:"body,omitempty"`
	Status int    `json:"status"`
	Answer string `json:"answer,omitempty"`
	Error  string `json:"error,omitempty"`
	Micros int64  `json:"micros"`
	// RequestID is the answer's X-Request-ID, by which its log lines are found.
	RequestID string `json:"request_id,omitempty"`
}

// dialTime bounds connecting, which takes no time within a lab's network: only to an address
// that nobody has at the moment it would take seconds to fail.
const dialTime = 500 * time.Millisecond

const (
	// maxRequestID bounds what is taken for a request's id.
	maxRequestID = 64
	// maxHeader bounds the header of an answer, in bytes, the lines of 1xx answers before it
	// included. Every line of it is held while the body is read, at many times its size.
	maxHeader = 16 << 10
)

// worker keeps connections between orders.
type worker struct {
	client *http.Client
	db     map[string]*pgx.Conn
}

func newWorker() *worker {
	t := &http.Transport{
		DialContext:         (&net.Dialer{Timeout: dialTime}).DialContext,
		DisableCompression:  true, // see readBody: a small body must not become a large one here
		MaxIdleConnsPerHost: 128,
		IdleConnTimeout:     time.Minute,

		MaxResponseHeaderBytes: maxHeader,
	}
	return &worker{
		client: &http.Client{
			Transport: t,
			// A redirect is an answer like any other; following it would let the service
			// choose where our requests go.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		db: map[string]*pgx.Conn{},
	}
}

func (w *worker) close(ctx context.Context) {
	w.client.CloseIdleConnections()
	for _, c := range w.db {
		_ = c.Close(ctx)
	}
}

// send makes the order's requests, at most Parallel at once, and gives their answers in
// the order asked. When Tell of them are over, it calls tell once.
func (w *worker) send(ctx context.Context, o order, tell func()) []exchange {
	out := make([]exchange, len(o.Requests))
	next := make(chan int)
	var wg sync.WaitGroup
	var over atomic.Int64
	for range max(1, o.Parallel) {
		wg.Go(func() {
			for i := range next {
				out[i] = w.one(ctx, o, o.Requests[i])
				if over.Add(1) == int64(o.Tell) {
					tell()
				}
			}
		})
	}
	for i := range o.Requests {
		next <- i
	}
	close(next)
	wg.Wait()
	return out
}

func (w *worker) one(ctx context.Context, o order, r request) (x exchange) {
	x = exchange{Method: r.Method, Path: r.Path, Body: r.Body}
	ctx, cancel := context.WithTimeout(ctx, o.bound())
	defer cancel()
	start := time.Now()
	defer func() { x.Micros = time.Since(start).Microseconds() }()
	req, err := http.NewRequestWithContext(ctx, r.Method, o.Base+r.Path, strings.NewReader(r.Body))
	if err != nil {
		x.Error = brief(err.Error())
		return x
	}
	for k, v := range r.Header {
		req.Header.Set(k, v)
	}
	res, err := w.client.Do(req)
	if err != nil {
		x.Error = plain(err)
		return x
	}
	defer res.Body.Close()
	x.Status = res.StatusCode
	if id := res.Header.Get("X-Request-ID"); len(id) <= maxRequestID {
		x.RequestID = id
	}
	body, err := readBody(res, o.Keep)
	if err != nil {
		x.Error = plain(err)
	}
	x.Answer = strings.ToValidUTF8(string(body), string(utf8.RuneError))
	return x
}

// readBody reads at most keep bytes of an answer, unpacked if a request asked for gzip as
// ordinary clients do.
func readBody(res *http.Response, keep int64) ([]byte, error) {
	var r io.Reader = res.Body
	if res.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, err
		}
		r = z
	}
	return io.ReadAll(io.LimitReader(r, keep))
}

// plain shortens an error to what differs between causes, without addresses that differ
// between runs. What the service said that could not be read is told in brief.
func plain(err error) string {
	var dns *net.DNSError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	case errors.As(err, &dns):
		return "name does not resolve"
	}
	msg := err.Error()
	for _, known := range []string{"connection refused", "connection reset", "EOF", "no route to host"} {
		if strings.Contains(msg, known) {
			return known
		}
	}
	return brief(msg)
}

// await returns when something listens at the address.
func await(ctx context.Context, addr string, bound time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	d := net.Dialer{Timeout: 250 * time.Millisecond}
	for {
		c, err := d.DialContext(ctx, "tcp", addr)
		if err == nil {
			return c.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("nothing listens at %s: %s", addr, plain(err))
		case <-again.C:
		}
	}
}
