package setup

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"firedrill/lab/image"
)

func news() []image.Progress {
	return []image.Progress{
		{Image: "builder", Line: "collect modules"},
		{Image: "base", Line: "debootstrap"},
		{Image: "base", Line: "ready as x", Done: true, Took: 1500 * time.Millisecond},
	}
}

func TestPlainProgressIsOneLineEach(t *testing.T) {
	var out bytes.Buffer
	p := newPrinter(&out)
	p.Say("install %s", "docker.io")
	for _, n := range news() {
		p.Progress(n)
	}
	p.Close()
	require.Equal(t, "install docker.io\nbuilder: collect modules\nbase: debootstrap\n"+
		"base: ready as x (1.5 s)\n", out.String())
}

func TestTerminalKeepsWhatIsDone(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(0, 0)
	p := newPrinter(&out)
	p.width, p.now = 40, func() time.Time { return now }
	for _, n := range news() {
		p.Progress(n)
		now = now.Add(2 * time.Second)
	}
	p.mu.Lock()
	clear(p.current)
	p.draw()
	p.mu.Unlock()

	lines := strings.Split(out.String(), "\r\x1b[K")
	require.Equal(t, []string{
		"",
		"builder: collect modules 0 s",
		"base: debootstrap 0 s | builder: collec",
		"base: ready as x (1.5 s)\n",
		"builder: collect modules 4 s",
		"",
	}, lines)
	for _, line := range lines {
		require.Less(t, len(line), p.width)
	}
}
