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

// TestRemovedTable: who drops the tables is not spared what was to be found in them; any
// other failed query is no fault of the service.
func TestRemovedTable(t *testing.T) {
	for said, down := range map[string]bool{
		`ERROR: relation \"transactions\" does not exist (SQLSTATE 42P01)`:     true,
		`ERROR: column \"amount\" does not exist (SQLSTATE 42703)`:             true,
		`FATAL: the database system is shutting down (SQLSTATE 57P01)`:         false,
		`ERROR: canceling statement due to statement timeout (SQLSTATE 57014)`: false,
		`failed to connect: dial error (42P01)`:                                false,
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
