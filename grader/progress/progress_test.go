package progress

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/stretchr/testify/require"
)

func TestLines(t *testing.T) {
	var out bytes.Buffer
	s := Lines(&out)
	s.Step("build", "compiling")
	s.Step("service", "does not compile\nmain.go:1")
	s.Close()
	require.Equal(t, "build    compiling\nservice  does not compile\n", out.String())
}

// terminal understands what is drawn, as far as that goes.
type terminal struct {
	mu    sync.Mutex
	lines []string // the last one is where the cursor stands
	drawn int      // how often something was
}

func (s *terminal) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drawn++
	if s.lines == nil {
		s.lines = []string{""}
	}
	for rest := string(p); rest != ""; {
		switch {
		case strings.HasPrefix(rest, "\x1b[A"):
			s.lines, rest = s.lines[:len(s.lines)-1], rest[3:]
		case strings.HasPrefix(rest, "\x1b[K"):
			s.lines[len(s.lines)-1], rest = "", rest[3:]
		case rest[0] == '\n':
			s.lines, rest = append(s.lines, ""), rest[1:]
		default:
			s.lines[len(s.lines)-1] += rest[:1]
			rest = rest[1:]
		}
	}
	return len(p), nil
}

func (s *terminal) redrawn(n int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.drawn >= n
}

// TestLive: each phase has one line, drawn anew, of which the last step stays.
func TestLive(t *testing.T) {
	var screen terminal
	const width = 50
	s := Live(&screen, width, Plan{Together: []string{"lab", "notes"}, Steps: map[string]int{"probe": 3}})
	var all sync.WaitGroup
	for _, phase := range []string{"notes", "lab"} {
		all.Go(func() { s.Step(phase, "begins"); s.Step(phase, "is there") })
	}
	all.Wait()
	again := func(n int) { // it is drawn by a clock of its own
		require.Eventually(t, func() bool { return screen.redrawn(n) }, time.Minute, redraw/10)
	}
	again(3)
	s.Step("probe", "first")
	again(6)
	s.Step("probe", strings.Repeat("second ", 20))
	s.Step("clean", "removing")
	again(8)
	s.Close()
	var lines []string
	for _, line := range screen.lines {
		require.LessOrEqual(t, text.StringWidth(line), width)
		lines = append(lines, strings.TrimRight(line, " "))
	}
	require.Len(t, lines, 5, "%q", lines)
	require.ElementsMatch(t, []string{"lab      is there", "notes    is there"}, lines[:2])
	require.Regexp(t, `^probe    second .*…  \d+\.\d s$`, lines[2])
	require.Regexp(t, `^clean    removing  \d+\.\d s$`, lines[3])
	require.Empty(t, lines[4])
}

// TestCloseAtOnce: a grade that fails before anything is drawn ends all the same.
func TestCloseAtOnce(t *testing.T) {
	for range 5 {
		var out bytes.Buffer
		Live(&out, 80, Plan{}).Close()
		require.Empty(t, strings.TrimSpace(out.String()))
	}
}
