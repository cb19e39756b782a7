package main

import (
	"bufio"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

//go:embed index.html style.css icon.svg app.js list.js filter.js details.js activity.js
var assets embed.FS

// maxClients bounds how many pages may be open at a time.
const maxClients = 64

// maxReaders bounds how many requests may look through all lines at a time, as each of
// them copies those that it looks at.
const maxReaders = 4

// linesAround is how many lines are shown before and after one that a link names.
const linesAround = 1_000

// server serves the page and its data.
type server struct {
	store   *Store
	clients chan struct{} // one for each open stream
	readers chan struct{} // one for each request that reads all lines
}

// newServer gives the handler of everything. All of it reads.
func newServer(store *Store) http.Handler {
	s := &server{store: store, clients: make(chan struct{}, maxClients),
		readers: make(chan struct{}, maxReaders)}
	mux := http.NewServeMux()
	files := http.FileServerFS(assets)
	mux.Handle("GET /{$}", files)
	for _, pattern := range []string{"GET /style.css", "GET /icon.svg", "GET /app.js", "GET /list.js",
		"GET /filter.js", "GET /details.js", "GET /activity.js"} {
		mux.Handle(pattern, files)
	}
	mux.HandleFunc("GET /api/stream", s.stream)
	mux.HandleFunc("GET /api/lines", s.lines)
	mux.HandleFunc("GET /api/download", s.download)
	return guard(mux)
}

// guard lets a page of ours load nothing from elsewhere and no page of others read ours.
func guard(next http.Handler) http.Handler {
	policy := "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
		"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// alone waits for its turn to read all lines and gives the function that ends it; ok is
// false if the client is gone.
func (s *server) alone(ctx context.Context) (end func(), ok bool) {
	select {
	case s.readers <- struct{}{}:
		return func() { <-s.readers }, true
	case <-ctx.Done():
		return nil, false
	}
}

// lines serves GET /api/lines?at=NAME@STAMP: the lines around the one that a link names.
func (s *server) lines(w http.ResponseWriter, r *http.Request) {
	filter, err := parseFilter(r.URL.Query())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	name, stamp, _ := strings.Cut(r.URL.Query().Get("at"), "@")
	end, ok := s.alone(r.Context())
	if !ok {
		return
	}
	defer end()
	lines, ok := s.store.Around(name, stamp, filter, linesAround)
	if !ok {
		http.Error(w, "this line is not kept any longer", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(linesEvent{Lines: lines, Reset: true})
}

// download serves GET /api/download: everything kept that the filter lets through, by
// time, up to the line numbered until, if that is given.
func (s *server) download(w http.ResponseWriter, r *http.Request) {
	filter, err := parseFilter(r.URL.Query())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	until, err := strconv.ParseUint(r.URL.Query().Get("until"), 10, 64)
	if err != nil {
		until = math.MaxUint64
	}
	end, ok := s.alone(r.Context())
	if !ok {
		return
	}
	defer end()
	all := s.store.Newest(filter, math.MaxInt).Lines
	name := "logs-" + time.Now().UTC().Format("20060102-150405") + ".log"
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute))
	out := bufio.NewWriter(w)
	defer out.Flush()
	for _, l := range all {
		if l.Seq <= until {
			fmt.Fprintf(out, "%s %s %s %s %s\n", l.Stamp(), l.Name, l.Stream(), l.Level, l.Text)
		}
	}
}
