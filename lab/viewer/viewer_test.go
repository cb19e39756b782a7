package viewer_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/moby/moby/client"
	"github.com/stretchr/testify/require"

	"firedrill/lab"
	"firedrill/lab/engine"
	"firedrill/lab/image"
	"firedrill/lab/viewer"
)

func connect(t testing.TB) *engine.Engine {
	t.Helper()
	e, err := engine.Connect(t.Context())
	require.NoError(t, err, "run `make setup` first")
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	return e
}

// tools is an image with the two programs and a writer.
func tools(t testing.TB, e *engine.Engine) string {
	t.Helper()
	programs, err := viewer.Programs()
	require.NoError(t, err)
	programs = append(programs, image.Program{Name: "writer", Source: os.DirFS("testdata/writer")})
	img, err := image.Tools(programs...)
	require.NoError(t, err)
	ref, err := image.NewStore(e.Client(), nil).Ensure(t.Context(), img)
	require.NoError(t, err)
	return ref
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// start runs a lab with a viewer and two writers, of which one is not to be seen.
func start(t testing.TB, e *engine.Engine, rate int) (*lab.Lab, string) {
	t.Helper()
	ref, port := tools(t, e), freePort(t)
	writer := func(name string) lab.Container {
		return lab.Container{Name: name, Image: ref, Ready: "msg=started",
			Entrypoint: []string{"/bin/writer", fmt.Sprint(rate)},
			Env:        map[string]string{"NOT_SECRET": name}}
	}
	held := writer("held")
	held.Held = true
	c := viewer.Config{Tools: ref, Show: []string{"shown", "held"}, HostPort: port}
	p := lab.Platform{Name: "viewer-test", Exposed: true,
		Containers: append(viewer.Containers(c), writer("shown"), writer("hidden"), held)}
	l, err := lab.Start(t.Context(), e, p, lab.Options{})
	t.Cleanup(func() { require.NoError(t, l.Close(t.Context())) })
	require.NoError(t, err)
	return l, fmt.Sprintf("http://127.0.0.1:%d", port)
}

// stream is a client of the viewer's stream.
type stream struct {
	t     testing.TB
	lines *bufio.Scanner
}

type line struct{ name, level, text string }

func open(t testing.TB, base string, query url.Values) *stream {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	address := base + "/api/stream?" + query.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	t.Cleanup(func() { _ = res.Body.Close() })
	require.Equal(t, http.StatusOK, res.StatusCode)
	scanner := bufio.NewScanner(res.Body)
	scanner.Buffer(nil, 64<<20)
	return &stream{t, scanner}
}

// next gives the name and the data of the next event.
func (s *stream) next() (name, data string) {
	s.t.Helper()
	for s.lines.Scan() {
		key, value, _ := strings.Cut(s.lines.Text(), ": ")
		switch {
		case key == "event":
			name = value
		case key == "data":
			return name, value
		}
	}
	require.NoError(s.t, s.lines.Err())
	require.Fail(s.t, "the stream ended")
	return "", ""
}

// until reads lines until one satisfies, which it gives with all before it.
func (s *stream) until(ok func(line) bool) (found line, before []line) {
	s.t.Helper()
	for {
		name, data := s.next()
		if name != "lines" {
			continue
		}
		var event struct{ Lines [][]any }
		require.NoError(s.t, json.Unmarshal([]byte(data), &event))
		for _, raw := range event.Lines {
			l := line{raw[1].(string), raw[3].(string), raw[5].(string)}
			if ok(l) {
				return l, before
			}
			before = append(before, l)
		}
	}
}

// TestLab shows the lines of a real lab, through a restart, and nothing that is not meant.
func TestLab(t *testing.T) {
	e := connect(t)
	l, base := start(t, e, 0)
	s := open(t, base, nil)
	found, _ := s.until(func(l line) bool { return strings.Contains(l.text, "no such host") })
	require.Equal(t, "shown", found.name)
	require.Equal(t, "error", found.level)

	// A restart: what was there stays, what comes is added, nothing comes twice.
	c, err := l.Container("shown")
	require.NoError(t, err)
	require.NoError(t, c.Stop(t.Context()))
	_, err = c.Wait(t.Context())
	require.NoError(t, err)
	require.NoError(t, c.Start(t.Context()))
	s.until(func(l line) bool { return strings.Contains(l.text, "no such host") })
	require.NoError(t, l.StartContainer(t.Context(), "held"))
	_, _ = s.until(func(l line) bool { return l.name == "held" && l.level == "error" })

	all := open(t, base, url.Values{"q": {"msg=started"}})
	_, before := all.until(func(l line) bool { return l.name == "held" })
	require.Len(t, before, 2, "both starts of the first writer")
	for _, l := range before {
		require.Equal(t, "shown", l.name)
	}
	text := get(t, base+"/api/download")
	require.NotContains(t, text, " hidden ")
	require.NotContains(t, text, viewer.ProxyName)
	require.Equal(t, 2, strings.Count(text, "secret=shown"))
}

// TestKeepsUp follows a container of a real engine at 1,000 lines a second: every line
// comes, in order and once.
func TestKeepsUp(t *testing.T) {
	_, base := start(t, connect(t), 1000)
	s := open(t, base, url.Values{"c": {"shown"}, "q": {"msg=request"}})
	_, before := s.until(func(l line) bool { return strings.Contains(l.text, " n=3000 ") })
	require.Len(t, before, 2999)
	for i, l := range before {
		require.Equal(t, fmt.Sprintf("level=INFO msg=request n=%d status=200", i+1), l.text)
	}
}

// TestValues holds both viewers to the same proxy and to a platform that can be started.
func TestValues(t *testing.T) {
	c := viewer.Config{Tools: "tools:1", Show: []string{"a", "b"}, HostPort: 1234}
	own, dozzle := viewer.Containers(c), viewer.Dozzle(c, viewer.DozzleImage)
	require.Equal(t, own[0], dozzle[0])
	for _, containers := range [][]lab.Container{own, dozzle} {
		p := lab.Platform{Name: "x", Containers: containers}
		require.NoError(t, p.Validate())
		require.True(t, containers[0].EngineSocket)
		require.False(t, containers[1].EngineSocket)
		require.Equal(t, map[string]int{"9999/tcp": 1234}, containers[1].Ports)
	}
	env := viewer.DozzleEnv()
	require.Equal(t, "unix:///run/logs/docker.sock", env["DOCKER_HOST"])
	require.Equal(t, "false", env["DOZZLE_ENABLE_ACTIONS"])
	require.Equal(t, "false", env["DOZZLE_ENABLE_SHELL"])
	require.Equal(t, "true", env["DOZZLE_NO_ANALYTICS"])
	require.Equal(t, "label=firedrill.run=7", viewer.DozzleFilter(engine.Run{ID: "7"}))
}

// TestPageTellsNothing looks for words of the exam's other side in what a browser gets.
func TestPageTellsNothing(t *testing.T) {
	for _, pattern := range []string{"*.html", "*.js", "*.css", "*.svg"} {
		files, err := filepath.Glob("server/" + pattern)
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, file := range files {
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			require.NotRegexp(t, `(?i)\b(answer|rubric|grader?|graded|exam|candidate|faulty?|worlds?|`+
				`heal(ed)?|relapsed|firedrill|solution|fraud)\b`, string(data), file)
			require.NotContains(t, strings.ReplaceAll(string(data), "http://www.w3.org/2000/svg", ""), "http")
		}
	}
}

func get(t testing.TB, address string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	var b strings.Builder
	_, err = bufio.NewReader(res.Body).WriteTo(&b)
	require.NoError(t, err)
	return b.String()
}

// TestContainment looks at what the two containers have: the proxy the socket and no
// network, the viewer the network and no socket.
func TestContainment(t *testing.T) {
	e := connect(t)
	l, _ := start(t, e, 0)
	look := func(name string) client.ContainerInspectResult {
		c, err := l.Container(name)
		require.NoError(t, err)
		in, err := e.Client().ContainerInspect(t.Context(), c.ID, client.ContainerInspectOptions{})
		require.NoError(t, err)
		require.True(t, in.Container.HostConfig.ReadonlyRootfs)
		require.Equal(t, []string{"ALL"}, in.Container.HostConfig.CapDrop)
		require.Equal(t, engine.Nobody, in.Container.Config.User)
		return in
	}
	mounts := func(in client.ContainerInspectResult) map[string]bool {
		out := map[string]bool{}
		for _, m := range in.Container.Mounts {
			out[m.Destination] = m.RW
		}
		return out
	}
	proxy, view := look(viewer.ProxyName), look(viewer.Name)
	require.EqualValues(t, "none", proxy.Container.HostConfig.NetworkMode)
	require.Equal(t, map[string]bool{engine.SocketPath: false, "/run/logs": true}, mounts(proxy))
	require.Equal(t, map[string]bool{"/run/logs": false}, mounts(view))
	require.Empty(t, view.Container.HostConfig.GroupAdd)
}
