package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/moby/moby/client"
	"github.com/stretchr/testify/require"
)

const (
	ours    = "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"
	hidden  = "b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2"
	foreign = "c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3"
	created = "d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4"
)

// secret stands wherever the engine tells more than a viewer may know.
const secret = "grader-rubric-answer"

// fakeEngine answers everything, ignores all filters and notes what it was asked.
type fakeEngine struct {
	mu    sync.Mutex
	asked []string
}

func (f *fakeEngine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.asked = append(f.asked, r.Method+" "+r.RequestURI)
	f.mu.Unlock()
	labels := func(lab, name string) map[string]string {
		return map[string]string{"lab": lab, "name": name, "world": secret}
	}
	switch {
	case strings.HasSuffix(r.URL.Path, "/containers/json"):
		var all []map[string]any
		for _, c := range []struct{ id, lab, name, state string }{
			{ours, "1", "payment-db", "running"}, {hidden, "1", "hidden", "running"},
			{foreign, "2", "payment-db", "running"}, {created, "1", "payment-db", "created"},
		} {
			all = append(all, map[string]any{
				"Id": c.id, "State": c.state, "Status": "Up", "Created": 1,
				"Names": []string{"/fd-" + secret}, "Image": secret, "Command": secret,
				"Labels": labels(c.lab, c.name), "Mounts": []any{map[string]string{"Source": secret}},
			})
		}
		_ = json.NewEncoder(w).Encode(all)
	case strings.HasSuffix(r.URL.Path, "/json"):
		fmt.Fprintf(w, `{"Created":"2026-01-01T00:00:00Z","Name":%q,"Path":%q,"State":{"Status":"running",`+
			`"Running":true,"StartedAt":"2026-01-01T00:00:01Z","Error":%q},"Config":{"Env":[%q],"Tty":false}}`,
			secret, secret, secret, secret)
	case strings.HasSuffix(r.URL.Path, "/events"):
		for _, e := range []struct{ kind, action, id, lab, name string }{
			{"container", "exec_create: cat /" + secret, ours, "1", "payment-db"},
			{"container", "start", foreign, "2", "payment-db"},
			{"container", "start", hidden, "1", "hidden"},
			{"network", "start", ours, "1", "payment-db"},
			{"container", "die", ours, "1", "payment-db"},
		} {
			_ = json.NewEncoder(w).Encode(map[string]any{"Type": e.kind, "Action": e.action, "time": 5,
				"timeNano": 5e9, "from": secret,
				"Actor": map[string]any{"ID": e.id, "Attributes": labels(e.lab, e.name)}})
		}
	default:
		_, _ = io.WriteString(w, "\x01\x00\x00\x00\x00\x00\x00\x06hello\n")
	}
}

// start serves a proxy before a fake engine and gives its socket.
func start(t *testing.T) (engine *fakeEngine, file string) {
	t.Helper()
	dir := t.TempDir()
	engine = &fakeEngine{}
	listener, err := net.Listen("unix", filepath.Join(dir, "engine"))
	require.NoError(t, err)
	server := &http.Server{Handler: engine, ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }()
	scope, err := newScope("lab=1", "name", "payment-db,payment-processor")
	require.NoError(t, err)

	file = filepath.Join(dir, "proxy")
	proxy, err := net.Listen("unix", file)
	require.NoError(t, err)
	log := slog.New(slog.DiscardHandler)
	front := newHTTPServer(newProxy(dialEngine(filepath.Join(dir, "engine")), scope, log))
	go func() { _ = front.Serve(proxy) }()
	t.Cleanup(func() { _, _ = front.Close(), server.Close() })
	return engine, file
}

// ask sends a request as it stands and gives the status and the whole answer.
func ask(t *testing.T, file, request string) (int, string) {
	t.Helper()
	conn, err := net.Dial("unix", file)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(5*time.Second)))
	_, err = io.WriteString(conn, request)
	require.NoError(t, err)
	method, _, _ := strings.Cut(request, " ")
	res, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(body)
}

func simple(method, target string) string {
	return method + " " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
}

// TestRefused sends what must not get through, and looks that the engine never heard of it.
func TestRefused(t *testing.T) {
	logs := "/containers/" + ours + "/logs"
	for name, request := range map[string]string{
		"create":               simple("POST", "/containers/create"),
		"exec":                 simple("POST", "/containers/"+ours+"/exec"),
		"exec start":           simple("POST", "/exec/abc/start"),
		"stop":                 simple("POST", "/containers/"+ours+"/stop"),
		"remove":               simple("DELETE", "/containers/"+ours),
		"archive":              simple("GET", "/containers/"+ours+"/archive?path=/etc/passwd"),
		"export":               simple("GET", "/containers/"+ours+"/export"),
		"top":                  simple("GET", "/containers/"+ours+"/top"),
		"stats":                simple("GET", "/containers/"+ours+"/stats"),
		"attach":               simple("GET", "/containers/"+ours+"/attach/ws?stdin=1"),
		"images":               simple("GET", "/images/json"),
		"build":                simple("POST", "/build"),
		"networks":             simple("GET", "/networks"),
		"volumes":              simple("GET", "/v1.41/volumes"),
		"swarm":                simple("GET", "/swarm"),
		"post to logs":         simple("POST", logs),
		"put to list":          simple("PUT", "/containers/json"),
		"head of list":         simple("HEAD", "/containers/json"),
		"options":              simple("OPTIONS", "*"),
		"made-up method":       simple("GETX", "/containers/json"),
		"connect":              simple("CONNECT", "engine:2375"),
		"root":                 simple("GET", "/"),
		"name for id":          simple("GET", "/containers/payment-db/logs"),
		"short id":             simple("GET", "/containers/a1a1/logs"),
		"upper case id":        simple("GET", "/containers/"+strings.ToUpper(ours)+"/logs"),
		"two ids":              simple("GET", "/containers/"+ours+"/"+foreign+"/logs"),
		"dots":                 simple("GET", "/containers/"+ours+"/logs/../../"+foreign+"/logs"),
		"dots before":          simple("GET", "/x/../containers/json"),
		"encoded dots":         simple("GET", "/containers/"+ours+"/%2e%2e/"+foreign+"/logs"),
		"encoded slash":        simple("GET", "/containers%2fjson"),
		"encoded letter":       simple("GET", "/containers/jso%6e"),
		"double slash":         simple("GET", "//containers/json"),
		"trailing slash":       simple("GET", "/containers/json/"),
		"semicolon":            simple("GET", "/containers/json;x"),
		"fragment":             simple("GET", "/containers/json#x"),
		"absolute":             simple("GET", "http://engine/containers/json"),
		"odd version":          simple("GET", "/v1.41/../containers/json"),
		"long version":         simple("GET", "/v1.4141/containers/json"),
		"other version":        simple("GET", "/v2/containers/json"),
		"unknown parameter":    simple("GET", "/containers/json?size=1"),
		"limit":                simple("GET", "/containers/json?limit=5"),
		"details":              simple("GET", logs+"?stdout=1&details=1"),
		"twice":                simple("GET", logs+"?stdout=1&stdout=0"),
		"no number":            simple("GET", logs+"?tail=-1"),
		"long number":          simple("GET", logs+"?tail=9999999999"),
		"injection in since":   simple("GET", logs+"?since=1%26details%3d1"),
		"line in since":        simple("GET", logs+"?since=1%0d%0aX:+y"),
		"line at the end":      simple("GET", logs+"?tail=1%0a"),
		"semicolon in query":   simple("GET", logs+"?stdout=1;details=1"),
		"bad escape":           simple("GET", logs+"?stdout=%zz"),
		"question mark twice":  simple("GET", logs+"?stdout=1?details=1"),
		"parameter of inspect": simple("GET", "/containers/"+ours+"/json?size=1"),
		"upgrade": "GET " + logs + " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n" +
			"Upgrade: tcp\r\n\r\n",
		"upgrade without connection": "GET " + logs + " HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\n" +
			"Connection: close\r\n\r\n",
		"upgrade in a list": "GET " + logs + " HTTP/1.1\r\nHost: x\r\n" +
			"Connection: close, upgrade\r\n\r\n",
		"body": "GET /containers/json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" +
			"Content-Length: 2\r\n\r\n{}",
		"chunked body": "GET /containers/json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" +
			"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"smuggled": "GET /containers/json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" +
			"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"large header": "GET /containers/json HTTP/1.1\r\nHost: x\r\nX: " +
			strings.Repeat("x", 64<<10) + "\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			engine, file := start(t)
			code, body := ask(t, file, request)
			require.GreaterOrEqual(t, code, 400, body)
			require.Less(t, code, 500, body)
			require.NotContains(t, body, secret)
			require.Empty(t, engine.asked, "the engine was asked")
		})
	}
}

// TestOutOfScope asks, in the right form, for what belongs to somebody else. The engine is
// asked for the list, never for the container.
func TestOutOfScope(t *testing.T) {
	for _, id := range []string{foreign, hidden, created, foreign[:12], strings.Repeat("e", 64)} {
		for _, what := range []string{"logs?stdout=1", "json"} {
			engine, file := start(t)
			code, body := ask(t, file, simple("GET", "/containers/"+id+"/"+what))
			require.Equal(t, http.StatusNotFound, code, body)
			require.Len(t, engine.asked, 1)
			require.True(t, strings.HasPrefix(engine.asked[0], "GET /containers/json?"), engine.asked)
		}
	}
}

// TestAnswersTellNoMore reads every allowed answer in full.
func TestAnswersTellNoMore(t *testing.T) {
	for target, want := range map[string]string{
		"/_ping":                 "OK",
		"/info":                  `{"ID":"lab","Name":"lab","OSType":"linux"}`,
		"/v1.41/version":         `{"ApiVersion":"1.44","MinAPIVersion":"1.44","Os":"linux"}`,
		"/containers/json?all=1": `"Names":["/payment-db"]`,
		"/containers/json":       `"Labels":{}`,
		"/containers/json?filters=" + `%7B%22label%22%3A%5B%22lab%3D2%22%5D%7D`: ours,
		"/containers/" + ours + "/json":                                         `"Name":"/payment-db"`,
		"/containers/" + ours[:12] + "/json":                                    `"StartedAt":"2026-01-01T00:00:01Z"`,
		"/v1.44/containers/" + ours + "/logs?stdout=1&tail=5":                   "hello",
		"/events?filters=%7B%7D":                                                `"Action":"die"`,
	} {
		_, file := start(t)
		code, body := ask(t, file, simple("GET", target))
		require.Equal(t, http.StatusOK, code, target)
		require.Contains(t, body, want, target)
		for _, no := range []string{secret, foreign, hidden, created, "fd-", "exec"} {
			require.NotContains(t, body, no, target)
		}
	}
}

// TestEngineIsAsked pins what reaches the engine: our filter and checked parameters.
func TestEngineIsAsked(t *testing.T) {
	engine, file := start(t)
	ask(t, file, simple("GET", "/containers/"+ours[:12]+"/logs?follow=1&stdout=1&since=1.5&tail=10"))
	ask(t, file, simple("GET", "/events?since=3&filters=x"))
	require.Equal(t, []string{
		"GET /containers/json?all=1&filters=%7B%22label%22%3A%5B%22lab%3D1%22%5D%7D",
		"GET /containers/" + ours + "/logs?follow=1&since=1.5&stdout=1&tail=10",
		"GET /events?filters=%7B%22event%22%3A%5B%22start%22%2C%22restart%22%2C%22die%22%2C%22stop%22" +
			"%2C%22destroy%22%2C%22pause%22%2C%22unpause%22%5D%2C%22label%22%3A%5B%22lab%3D1%22%5D%2C" +
			"%22type%22%3A%5B%22container%22%5D%7D&since=3",
	}, engine.asked)
}

// TestDockerClient uses the proxy with the client library that Dozzle uses, call by call as
// Dozzle does.
func TestDockerClient(t *testing.T) {
	_, file := start(t)
	cli, err := client.New(client.WithHost("unix://" + file))
	require.NoError(t, err)
	defer cli.Close()
	ctx := t.Context()
	_, err = cli.Ping(ctx, client.PingOptions{NegotiateAPIVersion: true})
	require.NoError(t, err)
	info, err := cli.Info(ctx, client.InfoOptions{})
	require.NoError(t, err)
	require.Equal(t, "lab", info.Info.Name)
	_, err = cli.ServerVersion(ctx, client.ServerVersionOptions{})
	require.NoError(t, err)

	list, err := cli.ContainerList(ctx, client.ContainerListOptions{All: true,
		Filters: make(client.Filters).Add("label", "lab=2")})
	require.NoError(t, err)
	require.Len(t, list.Items, 1)
	in, err := cli.ContainerInspect(ctx, list.Items[0].ID[:12], client.ContainerInspectOptions{})
	require.NoError(t, err)
	require.True(t, in.Container.State.Running)
	logs, err := cli.ContainerLogs(ctx, ours[:12], client.ContainerLogsOptions{ShowStdout: true,
		ShowStderr: true, Follow: true, Tail: "100", Timestamps: true,
		Since: time.Unix(5, 600).Format(time.RFC3339Nano)})
	require.NoError(t, err)
	data, err := io.ReadAll(logs)
	require.NoError(t, err)
	require.Contains(t, string(data), "hello")

	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	events := cli.Events(ctx, client.EventsListOptions{})
	event := <-events.Messages
	require.EqualValues(t, "die", event.Action)
	require.Equal(t, map[string]string{"name": "payment-db"}, event.Actor.Attributes)
}

func TestBadScopes(t *testing.T) {
	for _, bad := range [][3]string{
		{"", "name", ""}, {"lab", "name", ""}, {"lab=", "name", ""}, {"=1", "name", ""},
		{"lab=1", "", ""}, {"lab=1", "name", "payment db"}, {"lab=1", "name", "../x"},
	} {
		_, err := newScope(bad[0], bad[1], bad[2])
		require.Error(t, err, bad)
	}
	s, err := newScope("lab=1", "name", "")
	require.NoError(t, err)
	_, ok := s.name(map[string]string{"lab": "1", "name": "any"})
	require.True(t, ok, "an empty list shows all")
	for _, name := range []string{"", "A", "a/b", "a b", "-a", strings.Repeat("a", 64)} {
		_, ok := s.name(map[string]string{"lab": "1", "name": name})
		require.False(t, ok, name)
	}
}

// TestRun starts the program as main does, checks it and stops it; it takes over a socket
// that a killed predecessor left.
func TestRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s")
	stale, err := net.ListenUnix("unix", &net.UnixAddr{Name: file, Net: "unix"})
	require.NoError(t, err)
	stale.SetUnlinkOnClose(false)
	require.NoError(t, stale.Close())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out, in := io.Pipe()
	ended := make(chan error, 1)
	env := map[string]string{"LAB_RUN_LABEL": "lab=1", "LAB_NAME_LABEL": "name"}
	go func() {
		err := run(ctx, []string{"-listen", file}, func(k string) string { return env[k] }, in)
		in.Close()
		ended <- err
	}()
	lines := bufio.NewScanner(out)
	require.True(t, lines.Scan())
	require.Contains(t, lines.Text(), "msg=listening")
	require.NoError(t, run(t.Context(), []string{"check", "-listen", file}, noEnv, io.Discard))
	cancel()
	go func() { _, _ = io.Copy(io.Discard, out) }()
	require.NoError(t, <-ended)
	require.Error(t, run(t.Context(), []string{"check", "-listen", file}, noEnv, io.Discard))
	require.ErrorContains(t, run(t.Context(), nil, noEnv, io.Discard), "want key=value")
	require.ErrorContains(t, run(t.Context(), []string{"x"}, noEnv, io.Discard), "unknown argument")
}

func noEnv(string) string { return "" }
