package lab

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"firedrill/lab/engine"
)

// ErrNoLab says that nothing of a lab's is left, or that there was none.
var ErrNoLab = errors.New("no such lab")

// Open gives the handle of a lab that runs already, maybe started by another process. What
// it needs is read off the engine: the run's labels name the containers, and which of them
// run tells the world. p is the platform that the lab was started with; labels hold nothing
// of it, as whoever sits in front of the lab may read them.
func Open(ctx context.Context, eng *engine.Engine, p Platform, run string) (*Lab, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	all, err := eng.List(ctx)
	if err != nil {
		return nil, err
	}
	l := &Lab{eng: eng, plat: p, unit: map[string]*unit{}, deadline: readyTime}
	for _, c := range p.Containers {
		l.unit[c.Name] = newUnit(c)
		l.unit[c.Name].settle()
	}
	past := map[string]bool{} // containers that ran once and do not run now
	for _, o := range all {
		if o.Run != run {
			continue
		}
		l.Run = engine.Run{ID: o.Run, Expires: o.Expires, Of: o.Of}
		switch u := l.unit[o.Name]; {
		case o.Kind == "network":
			if l.net, err = eng.OpenNetwork(ctx, o); err != nil {
				return nil, err
			}
		case o.Kind == "container" && u != nil:
			u.c, u.up = eng.OpenContainer(o), o.State == "running"
			past[o.Name] = o.State == "exited"
		}
	}
	if l.net == nil {
		return nil, fmt.Errorf("%w: %s", ErrNoLab, run)
	}
	l.world = l.seen(past)
	return l, nil
}

// seen tells the world from which containers run. Two worlds may look alike; then the one
// is past in which a container ran that has ended.
func (l *Lab) seen(past map[string]bool) World {
	order := []World{Faulty, Relapsed, Healed}
	for _, c := range l.plat.Containers {
		if past[c.Name] && slices.Contains(c.In, Healed) {
			order = []World{Relapsed, Faulty, Healed}
		}
	}
	for _, w := range order {
		if l.looksLike(w) {
			return w
		}
	}
	return ""
}

func (l *Lab) looksLike(w World) bool {
	for _, u := range l.unit {
		if len(u.want.In) > 0 && u.up != (u.want.runsIn(w) && !u.want.Held) {
			return false
		}
	}
	return true
}
