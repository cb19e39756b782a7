package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestRing compares the ring with a plain slice over many pushes of many sizes.
func TestRing(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	r := &ring{maxLines: 100, maxBytes: 12_000}
	var all []Line
	for i := range 2000 {
		l := Line{Seq: uint64(3*i + 1), Text: strings.Repeat("x", rng.IntN(300))}
		r.push(l)
		all = append(all, l)
		bytes := 0
		for _, k := range all {
			bytes += k.size()
		}
		for len(all) > 100 || bytes > 12_000 {
			bytes -= all[0].size()
			all = all[1:]
		}
		require.Equal(t, len(all), r.n)
		require.Equal(t, bytes, r.bytes)
		require.Equal(t, all[0], r.at(0))
		after := all[len(all)/2].Seq
		require.Equal(t, all[len(all)/2+1:], append([]Line{}, r.after(after, nil)...))
	}
	require.Equal(t, all[0].Seq-3, r.lost)
	r.push(Line{Seq: 1 << 40, Text: strings.Repeat("x", 20_000)})
	require.Equal(t, 1, r.n, "the newest line stays, however long it is")
}

func lineAt(second int, level Level, text string) Line {
	return Line{Time: noon.Add(time.Duration(second) * time.Second), Level: level, Text: text}
}

func texts(lines []Line) (out []string) {
	for _, l := range lines {
		out = append(out, l.Text)
	}
	return out
}

func TestStore(t *testing.T) {
	s := newStore("id", 3, 1<<20)
	changed := s.Changed()
	s.Append("b", []Line{lineAt(2, Info, "b2"), lineAt(4, Error, "b4")})
	require.NotNil(t, changed)
	<-changed
	s.Append("a", []Line{lineAt(1, Info, "a1"), lineAt(3, Info, "a3")})

	page := s.Newest(Filter{}, 3)
	require.Equal(t, []string{"b2", "a3", "b4"}, texts(page.Lines), "the newest by time")
	require.EqualValues(t, 4, page.Next)

	page = s.After(1, Filter{}, 2)
	require.Equal(t, []string{"b4", "a1"}, texts(page.Lines), "in order of arrival")
	require.EqualValues(t, 3, page.Next, "the rest is asked for")
	require.False(t, page.Lost)
	page = s.After(3, Filter{Levels: []Level{Error}}, 2)
	require.Empty(t, page.Lines)
	require.EqualValues(t, 4, page.Next, "what does not match is passed over")

	s.Append("a", []Line{lineAt(5, Info, "a5"), lineAt(6, Info, "a6"), lineAt(7, Info, "a7")})
	require.True(t, s.After(2, Filter{}, 9).Lost, "a1 was dropped unseen")
	require.False(t, s.After(4, Filter{}, 9).Lost, "only what was seen was dropped")
	require.False(t, s.After(2, Filter{Containers: []string{"b"}}, 9).Lost, "of another container")

	stamp := noon.Add(4 * time.Second).Format(stampForm)
	around, ok := s.Around("b", stamp, Filter{Containers: []string{"a"}}, 1)
	require.True(t, ok)
	require.Equal(t, []string{"b4", "a5"}, texts(around), "the line itself is there in any case")
	_, ok = s.Around("b", "2020-01-01T00:00:00.000000000Z", Filter{}, 1)
	require.False(t, ok)

	s.SetStates([]Container{{Name: "a", State: "exited", Status: "Exited (1)"}})
	list := s.Containers()
	require.Equal(t, "exited", list[0].State)
	require.EqualValues(t, 5, list[0].Lines)
	require.Equal(t, "gone", list[1].State, "its lines stay")
	require.EqualValues(t, 1, list[1].Levels[Error])
}

func TestLineJSON(t *testing.T) {
	l := lineAt(0, Error, `a "b" <c>`)
	l.Seq, l.Name, l.Stderr = 7, "db", true
	text, err := json.Marshal(l)
	require.NoError(t, err)
	want := `[7,"db","2026-03-01T12:00:00.123456789Z","error","stderr","a \"b\" <c>"]`
	require.JSONEq(t, want, string(text))
}

func TestFilter(t *testing.T) {
	line := Line{Name: "db", Level: Error, Text: "lookup fraud-api: No such host (1.2)"}
	for query, want := range map[string]bool{
		"": true, "c=db": true, "c=a&c=db": true, "c=a": false,
		"level=error": true, "level=warn&level=info": false, "level=warn&level=error": true,
		"q=no+such+host": true, "q=no+such+host&case=1": false, "q=No+such+host&case=1": true,
		"q=1.2)": true, "q=1x2": false, "q=.*host$": false,
		"q=such.*\\(1&regex=1": true, "q=^lookup&regex=1": true, "q=^no&regex=1": false,
		"q=NO+SUCH&regex=1": true, "q=NO+SUCH&regex=1&case=1": false,
		"q=host&level=warn": false, "q=\\d\\.\\d&regex=1": true, "unknown=1": true,
	} {
		q, err := url.ParseQuery(query)
		require.NoError(t, err)
		f, err := parseFilter(q)
		require.NoError(t, err, query)
		require.Equal(t, want, f.Match(line), query)
	}
	for query, want := range map[string]string{
		"level=loud":                     `level "loud" is unknown`,
		"q=a(b&regex=1":                  "this is not a regular expression: missing closing )",
		"q=a**&regex=1":                  `invalid nested repetition operator "**"`,
		"q=" + strings.Repeat("x", 2000): "the text is too long",
		"q=(?P<n>a){1001}&regex=1":       "invalid repeat count",
	} {
		q, err := url.ParseQuery(query)
		require.NoError(t, err)
		_, err = parseFilter(q)
		require.ErrorContains(t, err, want, query)
	}
}

// TestSlowExpression gives an expression that takes exponential time elsewhere.
func TestSlowExpression(t *testing.T) {
	f, err := parseFilter(url.Values{"q": {"(a+)+$"}, "regex": {"1"}})
	require.NoError(t, err)
	start := time.Now()
	require.False(t, f.Match(Line{Text: strings.Repeat("a", maxText-1) + "b"}))
	require.Less(t, time.Since(start), time.Second)
}

// BenchmarkAppend is what storing one line of a busy container costs.
func BenchmarkAppend(b *testing.B) {
	s := newStore("id", linesPerContainer, bytesPerContainer)
	lines := make([]Line, 100)
	for i := range lines {
		lines[i] = lineAt(i, Info, fmt.Sprintf("level=INFO msg=request n=%d status=200", i))
	}
	for b.Loop() {
		s.Append("a", lines)
	}
	b.ReportMetric(float64(b.N)*100/b.Elapsed().Seconds(), "lines/s")
}
