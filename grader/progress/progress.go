// Package progress tells people what a grade is doing while they wait.
//
// On a terminal each phase has one line that is drawn anew: what it does now, how far the
// probes are, and in the end how long it took. Elsewhere every step is a line of its own, for logs.
// Both take the same calls, see [Shown]; neither knows what a grade is.
//
// Nothing here is a result: what is shown may be lost without harm.
package progress

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	pretty "github.com/jedib0t/go-pretty/v6/progress"
	"github.com/jedib0t/go-pretty/v6/text"
)

// Shown is progress that somebody watches.
type Shown struct {
	// Step says that a phase does something now: Step("probe", "faulty.payments"). It may be
	// called from several goroutines.
	Step func(phase, text string)
	// Close ends the showing and leaves the last state on the screen.
	Close func()
}

// Lines writes each step as a plain line.
func Lines(w io.Writer) Shown {
	var mu sync.Mutex
	return Shown{
		Step: func(phase, text string) {
			mu.Lock()
			defer mu.Unlock()
			fmt.Fprintf(w, "%-8s %s\n", phase, firstLine(text))
		},
		Close: func() {},
	}
}

// Plan is what is known of the phases before they begin.
type Plan struct {
	// Together names the phases that run side by side at the beginning. Every other phase
	// begins when those before it are done.
	Together []string
	// Steps has the number of steps of phases of which that is known.
	Steps map[string]int
}

// redraw is how often the lines are drawn anew.
const redraw = 100 * time.Millisecond

// Live draws a line for each phase on a terminal of the given width, in columns.
func Live(w io.Writer, width int, plan Plan) Shown {
	p := pretty.NewWriter()
	p.SetOutputWriter(w)
	p.SetTerminalWidth(width)
	p.SetUpdateFrequency(redraw)
	p.SetTrackerPosition(pretty.PositionRight)
	p.SetTrackerLength(barWidth)
	p.SetMessageLength(max(width-barWidth-2, phaseWidth))
	p.SetStyle(style())
	l := &live{plan: plan, width: width, screen: p, lines: map[string]*line{}}
	done := make(chan struct{})
	go func() { defer close(done); p.Render() }()
	return Shown{Step: l.step, Close: func() {
		l.finish("")
		for stopped := false; !stopped; { // a screen that has not begun cannot be stopped
			p.Stop()
			select {
			case <-done:
				stopped = true
			case <-time.After(redraw):
			}
		}
	}}
}

// Widths in columns of a phase's name and of the bar.
const (
	phaseWidth = 8
	barWidth   = 20
)

func style() pretty.Style {
	s := pretty.StyleDefault
	s.Options.Separator, s.Options.DoneString = "", ""
	s.Options.SnipIndicator = "…"
	s.Visibility = pretty.StyleVisibility{Tracker: true}
	return s
}

// live is the state of a screen.
type live struct {
	plan   Plan
	width  int
	screen pretty.Writer

	mu    sync.Mutex
	lines map[string]*line // of phases that have begun and are not done
}

// line is a phase's while it lasts; afterwards what it did last stays on the screen.
type line struct {
	*pretty.Tracker
	message string
	began   time.Time
}

func (l *live) step(phase, said string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	message := fmt.Sprintf("%-*s %s", phaseWidth, phase, firstLine(said))
	t := l.lines[phase]
	if t == nil {
		if !slices.Contains(l.plan.Together, phase) {
			l.finishLocked(phase)
		}
		t = &line{message: message, began: time.Now(), Tracker: &pretty.Tracker{Message: message,
			Total: int64(l.plan.Steps[phase])}}
		l.lines[phase] = t
		l.screen.AppendTracker(t.Tracker)
		return
	}
	t.message = message
	t.UpdateMessage(message)
	if t.Total > 0 && t.Value() < t.Total-1 { // the step that begins is not done
		t.Increment(1)
	}
}

func (l *live) finish(but string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.finishLocked(but)
}

// finishLocked ends the lines of all phases but one. When those that run side by side ended
// is not known; of the others it is.
func (l *live) finishLocked(but string) {
	for _, phase := range slices.Sorted(maps.Keys(l.lines)) {
		t := l.lines[phase]
		if phase == but {
			continue
		}
		took := ""
		if !slices.Contains(l.plan.Together, phase) {
			took = fmt.Sprintf("  %.1f s", time.Since(t.began).Seconds())
		}
		t.UpdateMessage(text.Snip(t.message, l.width-barWidth-2-len(took), "…") + took)
		t.MarkAsDone()
		delete(l.lines, phase)
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
