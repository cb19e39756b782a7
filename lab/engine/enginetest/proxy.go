// Package enginetest puts faults between a program and its Docker engine.
//
// A Proxy listens on a socket of its own and hands everything on to the real engine, until a
// test makes it hang, go away or answer with an error. The engine itself and everybody else
// who uses it notice nothing. What it cannot show is what an engine does to its containers
// when it really ends: here they live on.
package enginetest

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// Proxy stands in for the engine.
type Proxy struct {
	mu     sync.Mutex
	open   chan struct{} // closed while traffic flows
	cut    bool
	conns  map[net.Conn]bool
	answer func(*http.Request) (status int, message string)
	asked  int
}

// Start runs a proxy for the length of the test and points DOCKER_HOST at it. Only an engine
// behind a socket can be stood in for.
func Start(t *testing.T) *Proxy {
	t.Helper()
	real := strings.TrimPrefix(os.Getenv("DOCKER_HOST"), "unix://")
	if real == "" {
		real = "/var/run/docker.sock"
	}
	p := &Proxy{open: make(chan struct{}), conns: map[net.Conn]bool{}}
	close(p.open)
	dir, err := os.MkdirTemp("", "fd") // short: the path of a socket is
	require.NoError(t, err)
	socket := filepath.Join(dir, "s")
	l, err := net.Listen("unix", socket)
	require.NoError(t, err)
	forward := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = "http", "docker" },
		Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", real)
		}},
		FlushInterval: -1,
		ErrorLog:      log.New(io.Discard, "", 0),
	}
	srv := &http.Server{ErrorLog: log.New(io.Discard, "", 0),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if status, message := p.spoil(r); status != 0 {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(status)
				_, _ = io.WriteString(w, `{"message":"`+message+`"}`)
				return
			}
			forward.ServeHTTP(w, r)
		})}
	go func() { _ = srv.Serve(&listener{l, p}) }()
	t.Cleanup(func() {
		p.Mend()
		_ = srv.Close()
		_ = os.RemoveAll(dir)
	})
	t.Setenv("DOCKER_HOST", "unix://"+socket)
	return p
}

// Hang stops all traffic, in both directions and on open connections too, until Mend.
func (p *Proxy) Hang() {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.open:
		p.open = make(chan struct{})
	default:
	}
}

// Cut breaks every connection and refuses new ones until Mend.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = true
	for c := range p.conns {
		_ = c.Close()
	}
}

// Answer lets requests for which f gives a status be answered with it, until Mend.
func (p *Proxy) Answer(f func(*http.Request) (status int, message string)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = f
}

// Mend ends every fault.
func (p *Proxy) Mend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut, p.answer = false, nil
	select {
	case <-p.open:
	default:
		close(p.open)
	}
}

// Asked tells how many requests came, those that a fault met included.
func (p *Proxy) Asked() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked
}

func (p *Proxy) spoil(r *http.Request) (int, string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if p.answer == nil {
		return 0, ""
	}
	return p.answer(r)
}

// flow waits while traffic is stopped.
func (p *Proxy) flow() {
	p.mu.Lock()
	open := p.open
	p.mu.Unlock()
	<-open
}

type listener struct {
	net.Listener
	p *Proxy
}

// Accept gives a connection that follows the proxy's faults.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		l.p.mu.Lock()
		cut := l.p.cut
		if !cut {
			l.p.conns[c] = true
		}
		l.p.mu.Unlock()
		if !cut {
			return &conn{c, l.p}, nil
		}
		_ = c.Close()
	}
}

type conn struct {
	net.Conn
	p *Proxy
}

func (c *conn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.p.flow()
	return n, err
}

func (c *conn) Write(b []byte) (int, error) { c.p.flow(); return c.Conn.Write(b) }

// Close forgets the connection.
func (c *conn) Close() error {
	c.p.mu.Lock()
	delete(c.p.conns, c.Conn)
	c.p.mu.Unlock()
	return c.Conn.Close()
}
