// Package labtest runs an exam's lab in tests.
//
//	func TestHealthAnswers(t *testing.T) {
//		l := labtest.Start(t, exam)            // as payment.Lab gives it
//		res, err := http.Get(l.URL("service") + "/health")
//		…
//		l.Heal()                               // the fault ends
//	}
//
// Start returns when everything is healthy and the fault shows; the test's end removes the lab
// to the last network. A test that failed gets the end of every container's log, so that nobody
// has to run it again to see why.
//
// Goals: a lab in one line, as candidates meet it, beside any number of others. Non-goals: it
// grades nothing (package gradertest does), and starts nothing that an exam does not hold. It
// needs a Docker engine with the images that `make setup` provides; without them a test fails,
// with a hint, and is not skipped.
package labtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"firedrill/lab"
	"firedrill/lab/command"
	"firedrill/lab/engine"
)

// T is what the package needs of a test. *testing.T has it, and *testing.B and *testing.F.
type T interface {
	Helper()
	// Context ends just before what Cleanup was given is called.
	Context() context.Context
	Cleanup(func())
	Failed() bool
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	FailNow()
}

// Lab is a lab that runs until its test ends. Its methods fail the test where they cannot do
// what they are asked. For more than they offer, take Lab itself.
type Lab struct {
	*lab.Lab
	t    T
	exam command.Exam
	at   map[string]string
}

// grace is what removing a lab may take when a test's time runs out.
const grace = 15 * time.Second

// Start runs the exam's lab on free ports of this machine.
func Start(t T, exam command.Exam) *Lab {
	t.Helper()
	ctx := t.Context()
	if d, ok := t.(interface{ Deadline() (time.Time, bool) }); ok {
		if at, ok := d.Deadline(); ok {
			bounded, cancel := context.WithDeadline(ctx, at.Add(-grace))
			defer cancel()
			ctx = bounded
		}
	}
	eng, err := engine.Connect(ctx)
	if err != nil {
		fail(t, "start a lab", err)
	}
	t.Cleanup(func() {
		if err := eng.Close(); err != nil {
			t.Errorf("close the engine: %v", err)
		}
	})
	running, at, err := exam.Start(ctx, eng)
	if err != nil {
		fail(t, "start a lab", err)
	}
	l := &Lab{Lab: running, t: t, exam: exam, at: at}
	t.Cleanup(l.end)
	return l
}

// end shows what happened to a test that failed, and removes the lab.
func (l *Lab) end() {
	l.t.Helper()
	ctx, cancel := engine.Detach(l.t.Context())
	defer cancel()
	if l.t.Failed() {
		l.t.Logf("%s", l.lastWords(ctx))
	}
	if err := l.Close(ctx); err != nil {
		l.t.Errorf("remove the lab: %v", err)
	}
}

// Addr gives the address of a door, host:port on this machine.
func (l *Lab) Addr(door string) string {
	l.t.Helper()
	at, ok := l.at[door]
	if !ok {
		l.t.Errorf("the exam %s has no door %q, it has %s", l.exam.Name, door, strings.Join(l.doors(), ", "))
		l.t.FailNow()
	}
	return at
}

// URL gives what `lab up` shows for a door.
func (l *Lab) URL(door string) string {
	l.t.Helper()
	at := l.Addr(door)
	i := slices.IndexFunc(l.exam.Doors, func(d command.Door) bool { return d.Name == door })
	return fmt.Sprintf(l.exam.Doors[i].URL, at)
}

func (l *Lab) doors() []string {
	var out []string
	for _, d := range l.exam.Doors {
		out = append(out, d.Name)
	}
	return out
}

// Heal ends the fault.
func (l *Lab) Heal() { l.t.Helper(); l.Enter(lab.Healed) }

// Break brings the fault back after Heal.
func (l *Lab) Break() { l.t.Helper(); l.Enter(lab.Relapsed) }

// Enter moves the lab into a world and returns when what belongs to it is ready.
func (l *Lab) Enter(w lab.World) {
	l.t.Helper()
	if err := l.Lab.Enter(l.t.Context(), w); err != nil {
		fail(l.t, fmt.Sprintf("enter the %s world", w), err)
	}
}

// Bounds of what is read of a container's log.
const (
	logLines  = 1000
	lastLines = 15
	logBytes  = 1 << 20
)

// Log gives the last thousand lines that a container wrote.
func (l *Lab) Log(container string) string {
	l.t.Helper()
	out, err := l.log(l.t.Context(), container, logLines)
	if err != nil {
		fail(l.t, "read the log of "+container, err)
	}
	return out
}

func (l *Lab) log(ctx context.Context, container string, lines int) (string, error) {
	c, err := l.Container(container)
	if err != nil {
		return "", err
	}
	out, err := c.Logs(ctx, lines, logBytes)
	return string(out), err
}

// lastWords gives the end of every container's log.
func (l *Lab) lastWords(ctx context.Context) string {
	var b strings.Builder
	fmt.Fprintf(&b, "lab %s in the %s world, last lines of its containers:\n", l.Run.ID, l.World())
	for _, c := range l.exam.Platform(nil).Containers {
		out, err := l.log(ctx, c.Name, lastLines)
		if err != nil {
			continue // it has not been started
		}
		for line := range strings.Lines(out) {
			fmt.Fprintf(&b, "%s | %s\n", c.Name, strings.TrimRight(line, "\r\n"))
		}
	}
	return b.String()
}

// fail fails the test with an error and its hint.
func fail(t T, doing string, err error) {
	t.Helper()
	hint := ""
	var hinted interface{ Hint() string }
	switch {
	case errors.Is(err, engine.ErrUnavailable):
		hint = "\nhint: start docker, or run `make setup`"
	case errors.As(err, &hinted) && hinted.Hint() != "":
		hint = "\nhint: " + hinted.Hint()
	}
	t.Errorf("%s: %v%s", doing, err, hint)
	t.FailNow()
}
