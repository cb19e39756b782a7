package grader

import (
	"bytes"
	"context"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"firedrill/grader/probe"
	"firedrill/rubric"
)

// parrot is an agent that gives one reply to everything, after what it does first.
type parrot struct {
	reply string
	first func()
	asked int
	out   bytes.Buffer
}

func (p *parrot) Write(line []byte) (int, error) {
	p.asked++
	if p.first != nil {
		p.first()
	}
	p.out.WriteString(p.reply + "\n")
	return len(line), nil
}

func (p *parrot) Read(b []byte) (int, error) { return p.out.Read(b) }

var _ io.ReadWriter = (*parrot)(nil)

// took is an observation of a probe with answers of those times.
func took(whole time.Duration, answers ...time.Duration) rubric.Observation {
	o := rubric.Observation{Pace: &rubric.Pace{Took: whole.Milliseconds()}}
	for _, a := range answers {
		o.Pace.Answers = append(o.Pace.Answers, rubric.Answer{Status: 200, Micros: a.Microseconds()})
	}
	return o
}

// TestLate: what the service's own slow answers cost is its own; where they did not, or the lab is
// slow as well, nobody is to blame, and nothing is repeated.
func TestLate(t *testing.T) {
	const refused = `{"error":"FATAL: role is not permitted to log in (SQLSTATE 28000)"}`
	slow := []rubric.Observation{took(probesTime/2, 4*time.Second, 5*time.Second, time.Second), took(time.Minute, time.Second)}
	for name, c := range map[string]struct {
		obs   []rubric.Observation
		reply string
		lab   time.Duration // until its database answers
		own   bool
	}{
		"a slow service":              {slow, `{"rows":[["1"]]}`, quickAnswer, true},
		"with a spoilt database":      {slow, refused, 0, true},
		"and a slow lab":              {slow, `{"rows":[["1"]]}`, quickAnswer + 1, false},
		"and a database without word": {slow, `{"error":"dial tcp: i/o timeout"}`, 0, false},
		"few slow answers":            {[]rubric.Observation{took(probesTime, 9*time.Second, time.Second)}, `{"rows":[["1"]]}`, 0, false},
		"for a short time":            {[]rubric.Observation{took(probesTime/2-1, 9*time.Second)}, `{"rows":[["1"]]}`, 0, false},
		"nothing seen":                {[]rubric.Observation{{}}, `{"rows":[["1"]]}`, 0, false},
	} {
		now := time.Unix(0, 0)
		x := &examination{now: func() time.Time { return now }}
		agent := &parrot{reply: c.reply, first: func() { now = now.Add(c.lab) }}
		reason, err := x.late(t.Context(), probe.NewSession(agent, probe.Target{}, 1), c.obs)
		if c.own {
			require.NoError(t, err, name)
			require.Contains(t, reason, "answered so slowly", name)
			continue
		}
		require.ErrorIs(t, err, errLate, name)
		require.False(t, infrastructure(err), "it is not repeated: %s", name)
	}
}

// TestListens: all ports together are waited for no longer than agreed, and one that ended is not.
func TestListens(t *testing.T) {
	agent := &parrot{reply: `{"error":"refused"}`}
	s := probe.NewSession(agent, probe.Target{}, 1)
	runs := true
	running := func(context.Context) (bool, error) { return runs, nil }
	left := extraTime
	for range 64 {
		up, err := listens(t.Context(), s, running, "stub:1", &left)
		require.NoError(t, err)
		require.False(t, up)
	}
	require.Zero(t, left)
	require.Equal(t, 60, agent.asked, "half a second each")
	left, runs, agent.asked = extraTime, false, 0
	_, err := listens(t.Context(), s, running, "stub:1", &left)
	require.NoError(t, err)
	require.Equal(t, 1, agent.asked)
	agent.reply = "{}"
	up, err := listens(t.Context(), s, running, "stub:1", &left)
	require.NoError(t, err)
	require.True(t, up)
}
