package probe_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/grader/probe"
	"firedrill/rubric"
)

func good() probe.Probe {
	return probe.Probe{ID: "faulty.x", World: "faulty", Doc: "asks x",
		Counts: map[string]string{"asked": "how often"},
		Run: func(context.Context, *probe.Session) (rubric.Observation, error) {
			return rubric.Observation{Counts: map[string]int{"asked": 3}}, nil
		}}
}

func TestValidate(t *testing.T) {
	require.NoError(t, probe.Validate([]probe.Probe{good()}))
	for want, change := range map[string]func(*probe.Probe){
		"needs an id":       func(p *probe.Probe) { p.ID = "" },
		"is not documented": func(p *probe.Probe) { p.Doc = "" },
		"nothing to run":    func(p *probe.Probe) { p.Run = nil },
	} {
		p := good()
		change(&p)
		require.ErrorContains(t, probe.Validate([]probe.Probe{p}), want)
	}
	p := good()
	p.Counts = nil
	require.ErrorContains(t, probe.Validate([]probe.Probe{p}), "is not documented")
	require.ErrorContains(t, probe.Validate([]probe.Probe{good(), good()}), "twice")
}

// TestObserve: whatever goes wrong in a probe makes it unchecked, never a zero.
func TestObserve(t *testing.T) {
	o := probe.Observe(t.Context(), good(), nil, nil)
	require.Equal(t, rubric.Observation{Probe: "faulty.x", World: "faulty",
		Counts: map[string]int{"asked": 3}}, o)
	for want, run := range map[string]func() (rubric.Observation, error){
		"no agent": func() (rubric.Observation, error) {
			return rubric.Observation{Counts: map[string]int{"asked": 3}}, errors.New("no agent")
		},
		"did not count asked": func() (rubric.Observation, error) { return rubric.Observation{}, nil },
		"does not document": func() (rubric.Observation, error) {
			return rubric.Observation{Counts: map[string]int{"asked": 1, "else": 2}}, nil
		},
	} {
		p := good()
		p.Run = func(context.Context, *probe.Session) (rubric.Observation, error) { return run() }
		o := probe.Observe(t.Context(), p, nil, nil)
		require.Contains(t, o.Unchecked, want)
		require.Empty(t, o.Counts)
	}
}

// TestNeeds: what a probe needs of another decides whether it is made at all.
func TestNeeds(t *testing.T) {
	first, second := good(), good()
	second.ID = "faulty.y"
	second.Needs = []probe.Need{{Probe: first.ID, Part: "passed", Whole: "asked", Percent: 25}}
	require.ErrorContains(t, probe.Validate([]probe.Probe{first, second}), "no earlier probe counts")
	first.Counts = map[string]string{"asked": "how often", "passed": "how many"}
	require.NoError(t, probe.Validate([]probe.Probe{first, second}))
	require.ErrorContains(t, probe.Validate([]probe.Probe{second, first}), "no earlier probe counts")
	require.Contains(t, second.Describe(), "needs faulty.x: at least 25 % of asked are passed")

	for name, c := range map[string]struct {
		before          []rubric.Observation
		down, unchecked string
	}{
		"enough":        {before: []rubric.Observation{{Probe: "faulty.x", Counts: map[string]int{"asked": 4, "passed": 1}}}},
		"too few":       {[]rubric.Observation{{Probe: "faulty.x", Counts: map[string]int{"asked": 5, "passed": 1}}}, "fewer than 25 %", ""},
		"nothing asked": {[]rubric.Observation{{Probe: "faulty.x", Counts: map[string]int{"asked": 0, "passed": 0}}}, "fewer than 25 %", ""},
		"down":          {[]rubric.Observation{{Probe: "faulty.x", Down: "gone"}}, "gone", ""},
		"unchecked":     {[]rubric.Observation{{Probe: "faulty.x", Unchecked: "no engine"}}, "", "no engine"},
		"not made":      {nil, "", "not made"},
	} {
		t.Run(name, func(t *testing.T) {
			o := probe.Observe(t.Context(), second, nil, c.before)
			require.Equal(t, "faulty.y", o.Probe)
			require.Contains(t, o.Down, c.down)
			require.Contains(t, o.Unchecked, c.unchecked)
			require.Equal(t, c.down == "" && c.unchecked == "", len(o.Counts) > 0)
		})
	}
}

// script is an agent that answers each order with the next line.
type script struct {
	io.Reader
	io.Writer
}

// answering gives a session whose agent answers with the given lines; seen gets the
// orders.
func answering(t *testing.T, lines ...string) (*probe.Session, *[]map[string]any) {
	t.Helper()
	toAgent, orders := io.Pipe()
	replies, fromAgent := io.Pipe()
	seen := &[]map[string]any{}
	go func() {
		sc := bufio.NewScanner(toAgent)
		for _, line := range lines {
			if !sc.Scan() {
				return
			}
			var o map[string]any
			_ = json.Unmarshal(sc.Bytes(), &o)
			*seen = append(*seen, o)
			_, _ = io.WriteString(fromAgent, line+"\n")
		}
		_ = fromAgent.Close()
	}()
	t.Cleanup(func() { _ = toAgent.Close(); _ = replies.Close() })
	return probe.NewSession(script{replies, orders},
		probe.Target{Service: "http://svc:1", DSN: "db"}, 7), seen
}

func TestSession(t *testing.T) {
	s, seen := answering(t,
		`{"exchanges":[{"method":"GET","path":"/a","status":200,"answer":"ok","micros":5}]}`,
		`{"rows":[["1","x"]]}`,
		`{"error":"relation does not exist"}`,
		`{"error":"nothing listens"}`,
		`{"exchanges":[]}`)
	got, err := s.Send(t.Context(), []probe.Request{{Method: "GET", Path: "/a"}}, 4)
	require.NoError(t, err)
	require.Equal(t, []rubric.Exchange{{Method: "GET", Path: "/a", Status: 200, Answer: "ok", Micros: 5}}, got)
	require.Equal(t, "http://svc:1", (*seen)[0]["base"])
	require.EqualValues(t, 4, (*seen)[0]["parallel"])

	rows, err := s.Query(t.Context(), "select 1", "a")
	require.NoError(t, err)
	require.Equal(t, [][]string{{"1", "x"}}, rows)
	_, err = s.Query(t.Context(), "select 1")
	require.ErrorContains(t, err, "relation does not exist")
	up, err := s.Await(t.Context(), "svc:1", 1)
	require.NoError(t, err)
	require.False(t, up)

	_, err = s.Send(t.Context(), []probe.Request{{}}, 1)
	require.ErrorIs(t, err, probe.ErrAgent, "a missing answer is the agent's failure")
	none, err := s.Send(t.Context(), nil, 1)
	require.NoError(t, err)
	require.Empty(t, none, "nothing asked, nobody bothered")
}

// TestSendDuring: something happens in the middle of a batch, once, and both are waited for.
func TestSendDuring(t *testing.T) {
	s, seen := answering(t, `{"told":true}`+"\n"+`{"exchanges":[{"status":200},{"status":201}]}`,
		`{"told":true}`+"\n"+`{"exchanges":[{"status":200},{"status":201}]}`,
		`{"exchanges":[{"status":200},{"status":201}]}`)
	reqs := []probe.Request{{Path: "/a"}, {Path: "/b"}}
	calls := 0
	got, err := s.SendDuring(t.Context(), reqs, 2, 1, func() error { calls++; return nil })
	require.NoError(t, err)
	require.Len(t, got, 2)
	require.Equal(t, 1, calls)
	require.EqualValues(t, 1, (*seen)[0]["tell"])

	_, err = s.SendDuring(t.Context(), reqs, 2, 1, func() error { return errors.New("no restart") })
	require.ErrorContains(t, err, "no restart")
	_, err = s.SendDuring(t.Context(), reqs, 2, 1, func() error { return nil })
	require.ErrorIs(t, err, probe.ErrAgent, "it never came to the middle")
	_, err = s.SendDuring(t.Context(), reqs, 2, 3, nil)
	require.ErrorContains(t, err, "after 3 of 2")
}

// TestSessionStaysBroken: after a lost reply nothing may be taken for an answer.
func TestSessionStaysBroken(t *testing.T) {
	s, _ := answering(t, `{"exch`)
	_, err := s.Query(t.Context(), "select 1")
	require.ErrorIs(t, err, probe.ErrAgent)
	_, err = s.Query(t.Context(), "select 1")
	require.ErrorIs(t, err, probe.ErrAgent)

	s, _ = answering(t) // never answers
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = s.Query(ctx, "select 1")
	require.ErrorIs(t, err, context.Canceled)
}

// TestSpoiltDatabase: who drops the tables, locks them or takes every connection is not spared
// what was to be found in them; what a machine in trouble says is no fault of the service.
func TestSpoiltDatabase(t *testing.T) {
	for said, down := range map[string]bool{
		`ERROR: relation \"transactions\" does not exist (SQLSTATE 42P01)`:     true,
		`ERROR: column \"amount\" does not exist (SQLSTATE 42703)`:             true,
		`FATAL: sorry, too many clients already (SQLSTATE 53300)`:              true,
		`FATAL: role is not permitted to log in (SQLSTATE 28000)`:              true,
		`ERROR: canceling statement due to lock timeout (SQLSTATE 55P03)`:      true,
		`ERROR: could not extend file: no space left (SQLSTATE 53100)`:         false,
		`FATAL: the database system is shutting down (SQLSTATE 57P03)`:         false,
		`ERROR: canceling statement due to statement timeout (SQLSTATE 57014)`: false,
		`failed to connect: dial error (42P01)`:                                false,
		`ERROR: as in (SQLSTATE 08006) (SQLSTATE P0001)`:                       true,
	} {
		s, _ := answering(t, `{"error":"`+said+`"}`)
		p := good()
		p.Run = func(ctx context.Context, s *probe.Session) (rubric.Observation, error) {
			_, err := s.Query(ctx, "SELECT 1")
			return rubric.Observation{}, err
		}
		o := probe.Observe(t.Context(), p, s, nil)
		require.Equal(t, down, o.Down != "", said)
		require.Equal(t, !down, o.Unchecked != "", said)
	}
}

// TestEndedSessions: a question whose session is ended is asked again, in a new one. A database
// that is shut down ends one; who ends them one after another is the service.
func TestEndedSessions(t *testing.T) {
	const (
		killed  = `{"error":"FATAL: terminating connection due to administrator command (SQLSTATE 57P01)"}`
		cancel  = `{"error":"ERROR: canceling statement due to user request (SQLSTATE 57014)"}`
		lost    = `{"error":"unexpected EOF"}`
		refused = `{"error":"failed to connect: connection refused"}`
	)
	for _, c := range []struct {
		said          []string
		spoilt, fails bool
	}{
		{said: []string{killed, `{"rows":[["1"]]}`}},
		{said: []string{lost, cancel, killed, `{"rows":[["1"]]}`}},
		{said: []string{killed, killed, killed, killed}, spoilt: true, fails: true},
		{said: []string{lost, killed, cancel, cancel}, spoilt: true, fails: true},
		{said: []string{killed, refused}, fails: true},
		{said: []string{lost, lost, lost, lost}, fails: true},
		{said: []string{killed, `{"error":"FATAL: the database system is shutting down (SQLSTATE 57P03)"}`}, fails: true},
	} {
		s, seen := answering(t, c.said...)
		rows, err := s.Query(t.Context(), "SELECT 1")
		require.Equal(t, c.fails, err != nil, c.said)
		require.Equal(t, c.spoilt, errors.Is(err, probe.ErrSchema), c.said)
		require.Equal(t, !c.fails, len(rows) == 1, c.said)
		require.Len(t, *seen, len(c.said), c.said)
	}
}

func TestRandIsSeeded(t *testing.T) {
	a, _ := answering(t)
	require.Equal(t, a.Rand("x").Uint64(), a.Rand("x").Uint64())
	require.NotEqual(t, a.Rand("x").Uint64(), a.Rand("y").Uint64())
	b := probe.NewSession(script{strings.NewReader(""), io.Discard}, probe.Target{}, 8)
	require.NotEqual(t, a.Rand("x").Uint64(), b.Rand("x").Uint64())
}

func TestScrub(t *testing.T) {
	for in, want := range map[string]string{
		`{"created_at":"2026-03-04T13:52:01.123456Z"}`:                      `{"created_at":"<time>"}`,
		`{"uptime_seconds":12,"latency_ms": 3,"amount":12.50}`:              `{"uptime_seconds":<n>,"latency_ms": <n>,"amount":12.50}`,
		`id 7f9c24e8-3b2a-4d53-9f01-8c4b6a0e1d22 of order 4711`:             `id <id> of order 4711`,
		`req=0123456789abcdef took 12.5ms, 3 rows`:                          `req=<id> took <duration>, 3 rows`,
		`read udp 172.18.0.4:48234->127.0.0.11:53: timeout at 0xc00011e008`: "read udp <address>-><address>: timeout at <pointer>",
	} {
		require.Equal(t, want, probe.Scrub(in))
	}
}

func TestTelling(t *testing.T) {
	long := strings.Repeat("é", 500)
	got := probe.Telling(rubric.Exchange{Answer: long, Body: "short"})
	require.Equal(t, "short", got[0].Body)
	require.LessOrEqual(t, len(got[0].Answer), 403)
	require.True(t, strings.HasSuffix(got[0].Answer, "é…"), "cut between letters")
}
