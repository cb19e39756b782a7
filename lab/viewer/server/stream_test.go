package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// events reads a stream of Server-Sent Events.
type events struct {
	t    testing.TB
	in   *bufio.Scanner
	last string // id of the last event that had one
}

func openStream(t testing.TB, base, query, last string) *events {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/api/stream?"+query, nil)
	require.NoError(t, err)
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	t.Cleanup(func() { _ = res.Body.Close() })
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.Equal(t, "text/event-stream", res.Header.Get("Content-Type"))
	in := bufio.NewScanner(res.Body)
	in.Buffer(nil, 64<<20)
	return &events{t: t, in: in}
}

func (e *events) next() (name, data string) {
	e.t.Helper()
	for e.in.Scan() {
		key, value, _ := strings.Cut(e.in.Text(), ": ")
		switch key {
		case "event":
			name = value
		case "id":
			e.last = value
		case "data":
			return name, value
		}
	}
	require.NoError(e.t, e.in.Err())
	require.Fail(e.t, "the stream ended")
	return "", ""
}

type linesData struct {
	Lines      [][]any
	Reset, Gap bool
}

// lines gives the next event with lines.
func (e *events) lines() (out linesData) {
	e.t.Helper()
	for {
		if name, data := e.next(); name == "lines" {
			require.NoError(e.t, json.Unmarshal([]byte(data), &out))
			return out
		}
	}
}

func (d linesData) texts() (out []string) {
	for _, l := range d.Lines {
		out = append(out, l[5].(string))
	}
	return out
}

func serveStore(t testing.TB, s *Store) string {
	t.Helper()
	server := httptest.NewServer(newServer(s))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL
}

func TestStream(t *testing.T) {
	s := newStore("id", 1000, 1<<20)
	s.Append("a", []Line{lineAt(1, Info, "one"), lineAt(2, Error, "two")})
	base := serveStore(t, s)
	all, bad := openStream(t, base, "", ""), openStream(t, base, "level=error", "")
	name, data := all.next()
	require.Equal(t, "state", name)
	require.JSONEq(t, `{"online":true,"containers":[{"name":"a","state":"running","status":"",`+
		`"lines":2,"levels":{"info":1,"error":1}}]}`, data)
	first := all.lines()
	require.True(t, first.Reset)
	require.Equal(t, []string{"one", "two"}, first.texts())
	require.Equal(t, "id-2", all.last)
	require.Equal(t, []string{"two"}, bad.lines().texts())

	s.Append("a", []Line{lineAt(3, Info, "three"), lineAt(4, Error, "four")})
	next := all.lines()
	require.False(t, next.Reset)
	require.Equal(t, []string{"three", "four"}, next.texts())
	require.Equal(t, []string{"four"}, bad.lines().texts())

	// A browser that connects anew goes on where it was; so does a page after a pause.
	require.Equal(t, []string{"three", "four"}, openStream(t, base, "", "id-2").lines().texts())
	require.Equal(t, []string{"four"}, openStream(t, base, "after=id-3", "").lines().texts())
	again := openStream(t, base, "", "other-2").lines()
	require.True(t, again.Reset, "the cursor of another viewer means nothing")
	require.Len(t, again.Lines, 4)

	// The state follows within a second or so.
	s.SetStates([]Container{{Name: "a", State: "exited"}})
	for name != "state" || !strings.Contains(data, "exited") {
		name, data = all.next()
	}
}

// TestSlowClient takes lines away before a client could read them: it is told.
func TestSlowClient(t *testing.T) {
	s := newStore("id", 10, 1<<20)
	base := serveStore(t, s)
	s.Append("a", []Line{lineAt(0, Info, "seen")})
	c := openStream(t, base, "", "")
	require.Len(t, c.lines().Lines, 1)
	for i := range 50 {
		s.Append("a", []Line{lineAt(i, Info, strconv.Itoa(i))})
	}
	late := openStream(t, base, "after=id-1", "").lines()
	require.True(t, late.Gap)
	require.Equal(t, "49", late.texts()[9])
}

func TestBacklogInParts(t *testing.T) {
	s := newStore("id", linesPerContainer, bytesPerContainer)
	lines := make([]Line, backlog+500)
	for i := range lines {
		lines[i] = lineAt(i, Info, strconv.Itoa(i))
	}
	s.Append("a", lines)
	base := serveStore(t, s)
	for query, gap := range map[string]bool{"": false, "after=id-1": true} {
		c := openStream(t, base, query, "")
		var got []string
		for len(got) < backlog {
			require.Empty(t, c.last, "no cursor before the last part")
			part := c.lines()
			require.Equal(t, gap && len(got) == 0, part.Gap)
			require.Equal(t, !gap && len(got) == 0, part.Reset)
			require.LessOrEqual(t, len(part.Lines), batchLines)
			got = append(got, part.texts()...)
		}
		require.Equal(t, "500", got[0])
		require.Equal(t, strconv.Itoa(backlog+499), got[backlog-1])
		require.Equal(t, fmt.Sprintf("id-%d", backlog+500), c.last)
	}
}

func TestServer(t *testing.T) {
	s := newStore("id", 1000, 1<<20)
	s.Append("a", []Line{lineAt(1, Info, "one"), lineAt(2, Error, "two"), lineAt(3, Info, "three")})
	h := newServer(s)
	do := func(method, target string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, target, nil))
		return w
	}
	for target, kind := range map[string]string{"/": "text/html; charset=utf-8",
		"/app.js": "text/javascript; charset=utf-8", "/style.css": "text/css; charset=utf-8",
		"/icon.svg": "image/svg+xml"} {
		w := do("GET", target)
		require.Equal(t, 200, w.Code, target)
		require.Equal(t, kind, w.Header().Get("Content-Type"))
		require.Contains(t, w.Header().Get("Content-Security-Policy"), "default-src 'none'")
		require.NotContains(t, w.Body.String(), "https://")
	}
	for _, target := range []string{"/server.go", "/main.go", "/api", "/api/stream/", "/debug/pprof/"} {
		require.Equal(t, 404, do("GET", target).Code, target)
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH"} {
		for _, target := range []string{"/", "/api/stream", "/api/lines", "/api/download"} {
			require.Equal(t, 405, do(method, target).Code, method+target)
		}
	}
	for _, target := range []string{"/api/stream", "/api/lines", "/api/download"} {
		require.Equal(t, 400, do("GET", target+"?level=x").Code)
	}
	require.Equal(t, 404, do("GET", "/api/lines?at=a@never").Code)
	w := do("GET", "/api/lines?at=a@"+noon.Add(2*time.Second).Format(stampForm))
	require.Equal(t, 3, strings.Count(w.Body.String(), `"a"`))

	w = do("GET", "/api/download?until=2")
	disposition := w.Header().Get("Content-Disposition")
	require.Regexp(t, `^attachment; filename="logs-\d{8}-\d{6}\.log"$`, disposition)
	require.Equal(t, "2026-03-01T12:00:01.123456789Z a stdout info one\n"+
		"2026-03-01T12:00:02.123456789Z a stdout error two\n", w.Body.String())
}

func TestTooManyClients(t *testing.T) {
	s := &server{store: newStore("id", 10, 1000), clients: make(chan struct{}, 1),
		readers: make(chan struct{}, 1)}
	s.clients <- struct{}{}
	w := httptest.NewRecorder()
	s.stream(w, httptest.NewRequestWithContext(t.Context(), "GET", "/api/stream", nil))
	require.Equal(t, 503, w.Code)
}

// await waits until the store satisfies.
func await(t *testing.T, s *Store, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for {
		changed := s.Changed()
		if ok() {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			require.Fail(t, "waited in vain", "%v", texts(s.Newest(Filter{}, 100).Lines))
		}
	}
}

// TestWatcherRestart goes through a container's lives: all lines once, in order.
func TestWatcherRestart(t *testing.T) {
	p := newFakeProxy(t)
	frames := p.add("a")
	_, store := viewerOf(t, p)
	has := func(want ...string) {
		t.Helper()
		await(t, store, func() bool {
			return strings.Join(texts(store.Newest(Filter{}, 100).Lines), " ") == strings.Join(want, " ")
		})
	}
	at := noon.Add(time.Second)
	frames <- frame(false, stamped(noon, "one"))
	frames <- frame(false, stamped(at, "two"))
	frames <- frame(false, stamped(at, "three"))
	has("one", "two", "three")

	p.set("a", "exited")
	close(frames)
	await(t, store, func() bool { return store.Containers()[0].State == "exited" })

	// The engine repeats lines of the very time from which it was asked.
	next := p.set("a", "running")
	p.events <- struct{}{}
	next <- frame(false, stamped(at, "two"))
	next <- frame(false, stamped(at, "three"))
	next <- frame(false, stamped(at, "four, at the same time"))
	next <- frame(true, stamped(at.Add(1), "five"))
	has("one", "two", "three", "four, at the same time", "five")
	p.mu.Lock()
	defer p.mu.Unlock()
	asks := p.asks[p.all[0].ID]
	require.Contains(t, asks[len(asks)-1], fmt.Sprintf("since=%d.123456789", at.Unix()))
}

// TestWatcherReconnects starts before the proxy is there.
func TestWatcherReconnects(t *testing.T) {
	p := newFakeProxy(t)
	frames := p.add("a")
	real := p.file
	store := newStore("id", 10, 1000)
	missing := newSource(real + "-missing")
	w := newWatcher(missing, store, slog.New(slog.DiscardHandler))
	w.again = time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.run(ctx)
	}()
	await(t, store, func() bool { return !store.Online() })
	cancel()
	<-done
	ctx, cancel = context.WithCancel(t.Context())
	w.source, done = newSource(real), make(chan struct{})
	go func() {
		defer close(done)
		w.run(ctx)
	}()
	frames <- frame(false, stamped(noon, "one"))
	await(t, store, func() bool { return store.Online() && len(store.Newest(Filter{}, 10).Lines) == 1 })
	cancel()
	<-done
}

// TestRun starts the program as main does, checks it and stops it.
func TestRun(t *testing.T) {
	p := newFakeProxy(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out, in := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, []string{"-listen", "127.0.0.1:0", "-source", p.file}, in)
		in.Close()
		ended <- err
	}()
	lines := bufio.NewScanner(out)
	address := ""
	for address == "" && lines.Scan() {
		_, address, _ = strings.Cut(lines.Text(), "address=")
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	require.NoError(t, run(t.Context(), []string{"check", "-listen", address}, io.Discard))
	cancel()
	require.NoError(t, <-ended)
	require.Error(t, run(t.Context(), []string{"check", "-listen", address}, io.Discard))
	require.ErrorContains(t, run(t.Context(), []string{"x"}, io.Discard), "unknown argument")
}

// BenchmarkProxyToClient is the whole way of a line: frames from the proxy's socket, time,
// level, store, filter, Server-Sent Events, a client that reads them.
func BenchmarkProxyToClient(b *testing.B) {
	const batch = 1000
	p := newFakeProxy(b)
	frames := p.add("a")
	base, _ := viewerOf(b, p)
	var part []byte
	for i := range batch {
		part = append(part, frame(false, stamped(noon.Add(time.Duration(i)), serviceLine(i)))...)
	}
	c := openStream(b, base, "", "")
	sent, got := 0, 0
	read := func(ahead int) {
		for sent-got > ahead {
			event := c.lines()
			require.False(b, event.Gap)
			got += len(event.Lines)
		}
	}
	for b.Loop() {
		frames <- part
		sent += batch
		read(10 * batch) // as many lines may be on their way
	}
	read(0)
	b.ReportMetric(float64(sent)/b.Elapsed().Seconds(), "lines/s")
}
