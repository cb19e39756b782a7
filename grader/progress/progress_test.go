package progress

import (
	"bytes"
	"regexp"
	"strings"
	"sync"
	"testing"

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

// TestLive: what stays on the screen is the last step of each phase, whatever was drawn
// between, and no drawn line is wider than the screen.
func TestLive(t *testing.T) {
	var out bytes.Buffer
	const width = 50
	s := Live(&out, width, Plan{Together: []string{"lab", "notes"}, Steps: map[string]int{"probe": 3}})
	var all sync.WaitGroup
	for _, phase := range []string{"notes", "lab"} {
		all.Go(func() { s.Step(phase, "begins"); s.Step(phase, "is there") })
	}
	all.Wait()
	s.Step("probe", "first")
	s.Step("probe", strings.Repeat("second ", 20))
	s.Step("clean", "removing")
	s.Close()
	var stay []string
	for line := range strings.Lines(out.String()) {
		line = strings.TrimRight(line[strings.LastIndexByte(line, 0x1b)+1:], "\n")
		line = regexp.MustCompile(`^\[[0-9]*[A-Z]`).ReplaceAllString(line, "")
		require.LessOrEqual(t, text.StringWidth(line), width)
		stay = append(stay, line)
	}
	drawn := strings.Join(stay, "\n")
	require.Contains(t, drawn, "lab      is there\nnotes    is there\n")
	require.Regexp(t, `(?m)^probe    second second .*…  \d+\.\d s$`, drawn)
	require.Regexp(t, `(?m)^clean    removing  \d+\.\d s$`, drawn)
	require.NotContains(t, out.String(), "begins\nlab", "a step that is over does not stay")
}

// TestCloseAtOnce: a grade that fails before anything is drawn ends all the same.
func TestCloseAtOnce(t *testing.T) {
	for range 5 {
		var out bytes.Buffer
		Live(&out, 80, Plan{}).Close()
		require.Empty(t, strings.TrimSpace(out.String()))
	}
}
