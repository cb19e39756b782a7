package setup

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"firedrill/lab/image"
)

// printer tells progress: a line per piece of news, or on a terminal one line
// that is written over, so that only finished things stay.
type printer struct {
	w     io.Writer
	width int // of the terminal, 0 when w is none
	now   func() time.Time

	mu      sync.Mutex
	current map[string]activity // by image
	tick    *time.Ticker
	done    chan struct{}
}

// activity is what is going on for one image.
type activity struct {
	line  string
	since time.Time
}

// refresh is how often a terminal's line shows that time goes on.
const refresh = time.Second

func newPrinter(w io.Writer) *printer {
	p := &printer{w: w, width: terminalWidth(w), now: time.Now, current: map[string]activity{}}
	if p.width > 0 {
		p.tick, p.done = time.NewTicker(refresh), make(chan struct{})
		go p.keepTime()
	}
	return p
}

// terminalWidth is 0 where w is not a terminal.
func terminalWidth(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		return 80
	}
	return width
}

func (p *printer) keepTime() {
	for {
		select {
		case <-p.done:
			return
		case <-p.tick.C:
			p.mu.Lock()
			p.draw()
			p.mu.Unlock()
		}
	}
}

// Close ends the updates and leaves no half line.
func (p *printer) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tick == nil {
		return
	}
	p.tick.Stop()
	close(p.done)
	p.tick = nil
	clear(p.current)
	p.draw()
}

// Say tells something that belongs to no image.
func (p *printer) Say(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lasting(fmt.Sprintf(format, args...))
}

// Progress tells news of an image.
func (p *printer) Progress(n image.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case n.Done:
		delete(p.current, n.Image)
		p.lasting(fmt.Sprintf("%s: %s (%.1f s)", n.Image, n.Line, n.Took.Seconds()))
	case p.width == 0:
		p.lasting(n.Image + ": " + n.Line)
	default:
		p.current[n.Image] = activity{n.Line, p.now()}
		p.draw()
	}
}

// lasting writes a line that stays.
func (p *printer) lasting(line string) {
	if p.width > 0 {
		line = "\r\x1b[K" + line
	}
	fmt.Fprintln(p.w, line)
	p.draw()
}

// draw writes the terminal's changing line over the last one.
func (p *printer) draw() {
	if p.width == 0 {
		return
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(p.current)) {
		a := p.current[name]
		parts = append(parts, fmt.Sprintf("%s: %s %.0f s", name, a.line, p.now().Sub(a.since).Seconds()))
	}
	line := []rune(strings.Join(parts, " | "))
	fmt.Fprintf(p.w, "\r\x1b[K%s", string(line[:min(len(line), p.width-1)]))
}
