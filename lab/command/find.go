package command

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"firedrill/lab"
	"firedrill/lab/engine"
)

// found is a lab of the exam that runs on the engine.
type found struct {
	run        engine.Run
	created    time.Time
	containers []engine.Object // by name
}

// labs lists the exam's labs, oldest first. One that is still being started, or whose start
// was killed, is none yet.
func (c Command) labs(ctx context.Context, eng *engine.Engine) ([]found, error) {
	all, err := eng.List(ctx)
	if err != nil {
		return nil, err
	}
	byRun := map[string]*found{}
	for _, o := range all {
		if o.Of == c.Exam.Name && o.Released() {
			byRun[o.Run] = &found{run: engine.Run{ID: o.Run, Of: o.Of, Expires: o.Expires}}
		}
	}
	for _, o := range all {
		f := byRun[o.Run]
		if f == nil {
			continue
		}
		if o.Kind == "container" {
			f.containers = append(f.containers, o)
		}
		if o.Kind == "network" {
			f.created = o.Created
		}
	}
	var out []found
	for _, f := range byRun {
		slices.SortFunc(f.containers, func(a, b engine.Object) int {
			return cmp.Compare(a.Name, b.Name)
		})
		out = append(out, *f)
	}
	slices.SortFunc(out, func(a, b found) int {
		return cmp.Or(a.created.Compare(b.created), cmp.Compare(a.run.ID, b.run.ID))
	})
	return out, nil
}

// choose finds the lab that is meant: the one whose id begins with want, or the only one.
func (c Command) choose(ctx context.Context, eng *engine.Engine, want string) (found, error) {
	all, err := c.labs(ctx, eng)
	if err != nil {
		return found{}, err
	}
	var fit []found
	var ids []string
	for _, f := range all {
		ids = append(ids, f.run.ID)
		if strings.HasPrefix(f.run.ID, want) {
			fit = append(fit, f)
		}
	}
	switch {
	case len(fit) == 1:
		return fit[0], nil
	case len(all) == 0:
		return found{}, noLab("lab up starts one", "no lab runs")
	case len(fit) == 0:
		return found{}, noLab("these run: "+strings.Join(ids, ", "), "no lab %s", want)
	case want == "":
		return found{}, noLab("name one of "+strings.Join(ids, ", ")+", its first letters do",
			"%d labs run", len(all))
	}
	return found{}, noLab("give more letters: "+strings.Join(ids, ", "),
		"%q is the beginning of several labs' ids", want)
}

func noLab(hint, format string, args ...any) error {
	return &Error{Err: fmt.Errorf(format, args...), hint: hint, code: ExitLab}
}

// open gives the handle of a lab that runs.
func (c Command) open(ctx context.Context, eng *engine.Engine, f found) (*lab.Lab, error) {
	ref, err := c.find(ctx, eng)
	if err != nil {
		return nil, err
	}
	return lab.Open(ctx, eng, c.Exam.Platform(ref), f.run.ID)
}

// doors gives the address of each door of a lab; one that is not open has none.
func (c Command) doors(f found) map[string]string {
	out := map[string]string{}
	for _, d := range c.Exam.Doors {
		for _, o := range f.containers {
			if port := o.Ports[d.port()]; o.Name == d.Container && port != 0 {
				out[d.Name] = fmt.Sprintf("127.0.0.1:%d", port)
			}
		}
	}
	return out
}
