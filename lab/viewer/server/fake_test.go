package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// frame is one frame of the engine's stream, stderr or stdout.
func frame(stderr bool, payload string) []byte {
	head := [8]byte{0: 1}
	if stderr {
		head[0] = 2
	}
	binary.BigEndian.PutUint32(head[4:], uint32(len(payload)))
	return append(head[:], payload...)
}

// stamped is the payload of a line at a time.
func stamped(at time.Time, text string) string {
	return at.UTC().Format(time.RFC3339Nano) + " " + text + "\n"
}

// fakeProxy plays the log proxy: containers with lines that a test writes.
type fakeProxy struct {
	t      testing.TB
	file   string
	events chan struct{}

	mu   sync.Mutex
	all  []listed
	logs map[string]chan []byte // frames of each life by id; closed at the end of it
	asks map[string][]string    // the queries for logs by id
}

func newFakeProxy(t testing.TB) *fakeProxy {
	t.Helper()
	p := &fakeProxy{t: t, file: filepath.Join(t.TempDir(), "s"), events: make(chan struct{}),
		logs: map[string]chan []byte{}, asks: map[string][]string{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /events", p.serveEvents)
	mux.HandleFunc("GET /containers/json", p.serveList)
	mux.HandleFunc("GET /containers/{id}/logs", p.serveLogs)
	listener, err := net.Listen("unix", p.file)
	require.NoError(t, err)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return p
}

// add makes a running container and gives the channel for its frames.
func (p *fakeProxy) add(name string) chan<- []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := fmt.Sprintf("%064x", len(p.all)+1)
	p.all = append(p.all, listed{ID: id, Names: []string{"/" + name}, State: "running", Status: "Up"})
	p.logs[id] = make(chan []byte)
	return p.logs[id]
}

// set changes a container's state; with running it begins a new life.
func (p *fakeProxy) set(name, state string) chan<- []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, c := range p.all {
		if c.name() != name {
			continue
		}
		p.all[i].State = state
		if state == "running" {
			p.logs[c.ID] = make(chan []byte)
		}
		return p.logs[c.ID]
	}
	return nil
}

func (p *fakeProxy) serveEvents(w http.ResponseWriter, r *http.Request) {
	_ = http.NewResponseController(w).Flush()
	for {
		select {
		case <-p.events:
			fmt.Fprintln(w, `{"Type":"container","Action":"start"}`)
			_ = http.NewResponseController(w).Flush()
		case <-r.Context().Done():
			return
		}
	}
}

func (p *fakeProxy) serveList(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = json.NewEncoder(w).Encode(p.all)
}

func (p *fakeProxy) serveLogs(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	id := r.PathValue("id")
	frames := p.logs[id]
	p.asks[id] = append(p.asks[id], r.URL.Query().Encode())
	p.mu.Unlock()
	flush := http.NewResponseController(w)
	_ = flush.Flush()
	for {
		select {
		case f, open := <-frames:
			if !open {
				return
			}
			_, _ = w.Write(f)
			if len(frames) == 0 {
				_ = flush.Flush()
			}
		case <-r.Context().Done():
			return
		}
	}
}
