package probe_test

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/grader/probe"
)

// canned answers every order with the same bytes.
type canned struct {
	io.Reader
	io.Writer
}

// FuzzReply lets an agent say anything: a conversation gives as many answers as were asked
// for or fails as the agent's, and once it failed it stays so.
func FuzzReply(f *testing.F) {
	for _, s := range []string{
		`{"exchanges":[{"method":"GET","path":"/","status":200}]}` + "\n",
		`{"told":true}` + "\n" + `{"exchanges":[]}` + "\n", `{"rows":[["1"]],"error":""}` + "\n",
		`{"error":"ERROR: relation (SQLSTATE 42P01)"}` + "\n", "[]\n", "{}\n{}\n", "", "\x00\n", `{"exchanges":null`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, said string) {
		s := probe.NewSession(canned{strings.NewReader(said), io.Discard}, probe.Target{}, 1)
		got, err := s.Send(t.Context(), []probe.Request{{Method: "GET", Path: "/"}}, 1)
		if err == nil {
			require.Len(t, got, 1)
		} else {
			require.ErrorIs(t, err, probe.ErrAgent)
		}
		_, err = s.Query(t.Context(), "SELECT 1")
		_, again := s.Query(t.Context(), "SELECT 1")
		if err != nil && again == nil {
			require.NotErrorIs(t, err, probe.ErrAgent)
		}
		for _, x := range probe.Telling(got...) {
			require.LessOrEqual(t, len(x.Answer), 500)
		}
	})
}

// FuzzScrub takes any text: it ends, and twice is the same as once.
func FuzzScrub(f *testing.F) {
	f.Add("2026-01-01T10:00:00.123Z 0xc000123456 10.0.0.1:80 1.5ms \"latency\": 3")
	f.Fuzz(func(t *testing.T, s string) {
		once := probe.Scrub(s)
		require.Equal(t, once, probe.Scrub(once))
	})
}
