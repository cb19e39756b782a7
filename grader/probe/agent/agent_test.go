package main

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// obey gives the agent orders and returns its replies.
func obey(t *testing.T, orders ...any) []reply {
	t.Helper()
	var in, out strings.Builder
	for _, o := range orders {
		line, ok := o.(string)
		if !ok {
			data, err := json.Marshal(o)
			require.NoError(t, err)
			line = string(data)
		}
		in.WriteString(line + "\n")
	}
	require.NoError(t, run(t.Context(), strings.NewReader(in.String()), &out))
	var replies []reply
	for line := range strings.Lines(out.String()) {
		var r reply
		require.NoError(t, json.Unmarshal([]byte(line), &r))
		replies = append(replies, r)
	}
	require.Len(t, replies, len(orders), "one line for each order")
	return replies
}

func server(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func TestAnswersComeInTheOrderAsked(t *testing.T) {
	url := server(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(201)
		fmt.Fprint(w, r.URL.Path, " ", r.Header.Get("User-Agent"))
	})
	o := order{Op: "http", Base: url, Parallel: 7, Wait: 5000, Keep: 100}
	for i := range 50 {
		o.Requests = append(o.Requests, request{Method: "POST", Path: fmt.Sprintf("/%d", i),
			Header: map[string]string{"User-Agent": "web/1"}})
	}
	got := obey(t, o)[0].Exchanges
	require.Len(t, got, 50)
	for i, x := range got {
		require.Equal(t, 201, x.Status)
		require.Equal(t, fmt.Sprintf("/%d web/1", i), x.Answer)
	}
}

// TestHostileAnswers: whatever a service answers, the agent keeps its bounds.
func TestHostileAnswers(t *testing.T) {
	elsewhere := server(t, func(http.ResponseWriter, *http.Request) {
		t.Error("a redirect was followed")
	})
	url := server(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, elsewhere, http.StatusFound)
		case "/endless":
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		case "/drip":
			for r.Context().Err() == nil {
				if _, err := w.Write([]byte("x")); err != nil {
					return
				}
				w.(http.Flusher).Flush()
				<-time.After(20 * time.Millisecond)
			}
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = z.Write(make([]byte, 1<<20))
			_ = z.Close()
		case "/bytes":
			_, _ = w.Write([]byte("a\xff\xfeb"))
		case "/hang":
			<-r.Context().Done()
		case "/cut":
			c, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_ = c.Close()
			}
		}
	})
	wait := func(ms int, path string) exchange {
		return obey(t, order{Op: "http", Base: url, Wait: ms, Keep: 1000,
			Requests: []request{{Method: "GET", Path: path}}})[0].Exchanges[0]
	}
	ask := func(path string) exchange { return wait(30_000, path) }
	require.Equal(t, 302, ask("/redirect").Status)
	require.Len(t, ask("/endless").Answer, 1000)
	drip := wait(400, "/drip")
	require.Equal(t, "no answer in time", drip.Error)
	require.Len(t, ask("/bomb").Answer, 1000, "no more is unpacked than is kept")
	require.Equal(t, "a\ufffdb", ask("/bytes").Answer)
	hang := wait(400, "/hang")
	require.Zero(t, hang.Status)
	require.Equal(t, "no answer in time", hang.Error)
	require.Equal(t, "EOF", ask("/cut").Error)
}

// TestTell: a line in the middle of an order's work says how far it is.
func TestTell(t *testing.T) {
	url := server(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-ID", "id-of"+r.URL.Path)
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write([]byte("packed"))
		_ = z.Close()
	})
	o := order{Op: "http", Base: url, Parallel: 2, Wait: 5000, Keep: 100, Tell: 3}
	for i := range 5 {
		o.Requests = append(o.Requests, request{Method: "GET", Path: fmt.Sprintf("/%d", i)})
	}
	line, err := json.Marshal(o)
	require.NoError(t, err)
	var out strings.Builder
	require.NoError(t, run(t.Context(), strings.NewReader(string(line)+"\n"), &out))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 2)
	require.JSONEq(t, `{"told":true}`, lines[0])
	var r reply
	require.NoError(t, json.Unmarshal([]byte(lines[1]), &r))
	require.Len(t, r.Exchanges, 5)
	require.Equal(t, "id-of/4", r.Exchanges[4].RequestID)
	require.Equal(t, "packed", r.Exchanges[4].Answer)
}

func TestAwait(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := l.Addr().String()
	require.Empty(t, obey(t, order{Op: "await", Base: addr, Wait: 1000})[0].Error)
	require.NoError(t, l.Close())
	require.Contains(t, obey(t, order{Op: "await", Base: addr, Wait: 50})[0].Error, "nothing listens at "+addr)
}

func TestBadOrders(t *testing.T) {
	r := obey(t, "{", order{Op: "dance"}, order{Op: "sql", DSN: "postgres://127.0.0.1:1/x", Wait: 300})
	require.Contains(t, r[0].Error, "bad order")
	require.Contains(t, r[1].Error, "unknown op dance")
	require.NotEmpty(t, r[2].Error)
}
