package lab_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/moby/moby/client"
	"github.com/stretchr/testify/require"

	"firedrill/fixtures/payment"
	"firedrill/grader"
	"firedrill/grader/probe"
	"firedrill/lab"
	"firedrill/lab/engine"
	"firedrill/lab/image"
)

// agentName is a container of ours inside the lab that looks around for the test.
const agentName = "traffic-generator"

// platform is the payment exam's, without a candidate's service.
func platform(t *testing.T, e *engine.Engine) lab.Platform {
	t.Helper()
	exam, err := payment.Exam()
	require.NoError(t, err)
	tools, err := exam.Image()
	require.NoError(t, err)
	grading, err := grader.Tools(&exam)
	require.NoError(t, err)
	store := image.NewStore(e.Client(), nil)
	find := func(i image.Image) string {
		ref, err := store.Find(t.Context(), i)
		require.NoError(t, err, "run `make setup` first")
		return ref
	}
	p := payment.Platform(grader.Parts{Tools: find(tools), Hidden: find(grading),
		Postgres: find(image.Postgres()), Runtime: find(image.Runtime())})
	p.Find("payment-processor").Held = true
	*p.Find(agentName) = lab.Container{Name: agentName, Image: find(grading),
		Entrypoint: []string{"/bin/agent"}, Stdin: true}
	return p
}

func connect(t *testing.T) *engine.Engine {
	t.Helper()
	e, err := engine.Connect(t.Context())
	require.NoError(t, err, "run `make setup` first")
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	return e
}

func requireGone(t *testing.T, e *engine.Engine, run string) {
	t.Helper()
	all, err := e.List(context.WithoutCancel(t.Context()))
	require.NoError(t, err)
	for _, o := range all {
		require.NotEqual(t, run, o.Run, "%s %s is left", o.Kind, o.Name)
	}
}

// inside gives a session with the agent in the lab.
func inside(t *testing.T, l *lab.Lab) *probe.Session {
	t.Helper()
	c, err := l.Container(agentName)
	require.NoError(t, err)
	stream, err := c.Attach(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stream.Close()) })
	return probe.NewSession(stream, probe.Target{}, 1)
}

func TestWorlds(t *testing.T) {
	e := connect(t)
	l, err := lab.Start(t.Context(), e, platform(t, e), lab.Options{})
	t.Cleanup(func() {
		require.NoError(t, l.Close(t.Context()))
		require.NoError(t, l.Close(t.Context()), "closing again is allowed")
		requireGone(t, e, l.Run.ID)
	})
	require.NoError(t, err)
	s := inside(t, l)
	ask := func() (status int, why string) {
		x, err := s.Ask(t.Context(), "http://fraud-api.internal.corp:8443",
			probe.Request{Method: "GET", Path: "/healthz"})
		require.NoError(t, err)
		return x.Status, x.Error
	}
	require.Equal(t, lab.Faulty, l.World())
	status, why := ask()
	require.Zero(t, status)
	require.Equal(t, "name does not resolve", why)

	for range 2 {
		require.NoError(t, l.Heal(t.Context()))
		require.Equal(t, lab.Healed, l.World())
		status, why = ask()
		require.Equal(t, 200, status, why)

		require.NoError(t, l.Break(t.Context()))
		require.Equal(t, lab.Relapsed, l.World())
		status, why = ask()
		require.Zero(t, status, "gone again")
		require.NotEmpty(t, why)
	}

	t.Run("nothing reaches the host or beyond", func(t *testing.T) {
		door, err := net.Listen("tcp", "0.0.0.0:0")
		require.NoError(t, err)
		defer door.Close()
		_, port, err := net.SplitHostPort(door.Addr().String())
		require.NoError(t, err)
		addrs, err := net.InterfaceAddrs()
		require.NoError(t, err)
		for _, a := range addrs {
			ip, _, err := net.ParseCIDR(a.String())
			require.NoError(t, err)
			if ip.IsLoopback() || ip.To4() == nil {
				continue
			}
			addr := net.JoinHostPort(ip.String(), port)
			up, err := s.Await(t.Context(), addr, 100*time.Millisecond)
			require.NoError(t, err)
			require.False(t, up, "the host is reached at %s", addr)
		}
	})

	t.Run("the host has no way inside", func(t *testing.T) {
		// No address of the host lies in the lab's network, so it has no route there.
		// Dialling would prove less: a machine's gateway may answer for any address.
		c, err := l.Container("payment-db")
		require.NoError(t, err)
		in, err := e.Client().ContainerInspect(t.Context(), c.ID, client.ContainerInspectOptions{})
		require.NoError(t, err)
		addrs, err := net.InterfaceAddrs()
		require.NoError(t, err)
		for _, ep := range in.Container.NetworkSettings.Networks {
			lan := netip.PrefixFrom(ep.IPAddress, ep.IPPrefixLen)
			require.True(t, lan.IsValid())
			for _, a := range addrs {
				host, err := netip.ParsePrefix(a.String())
				require.NoError(t, err)
				require.False(t, lan.Masked().Overlaps(host.Masked()), "%s and %s", lan, host)
			}
		}
	})
}

func TestStartFailsAndCleansUp(t *testing.T) {
	e := connect(t)
	p := platform(t, e)
	p.Find("payment-db").Env["POSTGRES_PASSWORD"] = ""
	l, err := lab.Start(t.Context(), e, p, lab.Options{})
	require.NotNil(t, l, "the handle comes with the error")
	defer func() {
		require.NoError(t, l.Close(t.Context()))
		requireGone(t, e, l.Run.ID)
	}()
	var notReady *engine.NotReadyError
	require.ErrorAs(t, err, &notReady)
	require.Equal(t, "payment-db", notReady.Name)
	require.Contains(t, err.Error(), "POSTGRES_PASSWORD is not set", "the reason is in what it wrote")
}

func TestCloseAfterCancel(t *testing.T) {
	e := connect(t)
	p := platform(t, e)
	for _, after := range []int{0, 1, 3} {
		t.Run(fmt.Sprintf("after %d containers", after), func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			run := engine.NewRun(time.Now().Add(time.Hour))
			go func() { // cancel as soon as so many containers exist
				for ctx.Err() == nil {
					all, err := e.List(ctx)
					n := 0
					for _, o := range all {
						if o.Run == run.ID && o.Kind == "container" {
							n++
						}
					}
					if err != nil || n >= after {
						cancel()
					}
				}
			}()
			l, err := lab.Start(ctx, e, p, lab.Options{Run: run})
			require.Error(t, err)
			require.True(t, errors.Is(err, context.Canceled), err)
			require.NoError(t, l.Close(ctx))
			requireGone(t, e, run.ID)
		})
	}
}

func TestValidate(t *testing.T) {
	good := func() lab.Platform {
		return lab.Platform{Name: "x", Containers: []lab.Container{
			{Name: "a", Image: "i"}, {Name: "b", Image: "i", Needs: []string{"a"}},
		}}
	}
	p := good()
	require.NoError(t, p.Validate())
	for want, change := range map[string]func(*lab.Platform){
		"has no name":       func(p *lab.Platform) { p.Containers[0].Name = "" },
		"two containers":    func(p *lab.Platform) { p.Containers[1].Name = "a" },
		"has no image":      func(p *lab.Platform) { p.Containers[0].Image = "" },
		"must stand before": func(p *lab.Platform) { p.Containers[0].Needs = []string{"b"} },
		"leads to c":        func(p *lab.Platform) { p.Containers[0].Hosts = map[string]string{"x": "c"} },
		"leads to ::1%x":    func(p *lab.Platform) { p.Containers[0].Hosts = map[string]string{"x": "::1%x"} },
		"leads to 10.0.0.1": func(p *lab.Platform) { p.Containers[0].Hosts = map[string]string{"x": "10.0.0.1"} },
		"no directory":      func(p *lab.Platform) { p.Containers[0].Files = []engine.File{{}} },
		"more than one name": func(p *lab.Platform) {
			p.Containers[0].NameServer, p.Containers[1].NameServer = true, true
		},
	} {
		p := good()
		change(&p)
		require.ErrorContains(t, p.Validate(), want)
	}
}

// TestHosts: names of a hosts entry lead to the other container, or to the own loopback,
// whatever the name server says.
func TestHosts(t *testing.T) {
	e := connect(t)
	p := platform(t, e)
	p.Find(agentName).Hosts = map[string]string{
		"fraud-api.internal.corp": "payment-db", "own.internal.corp": "127.0.0.1", "dns.internal.corp": "resolver"}
	l, err := lab.Start(t.Context(), e, p, lab.Options{})
	t.Cleanup(func() { require.NoError(t, l.Close(t.Context())) })
	require.NoError(t, err)
	s := inside(t, l)
	for addr, want := range map[string]bool{
		"fraud-api.internal.corp:5432": true, "payment-db:5432": true, "dns.internal.corp:53": true,
		"own.internal.corp:5432": false, "fraud-api.internal.corp:8443": false,
	} {
		up, err := s.Await(t.Context(), addr, time.Second)
		require.NoError(t, err)
		require.Equal(t, want, up, addr)
	}
}
