package command

import (
	"context"
	"errors"
	"fmt"
	"time"

	"firedrill/lab"
	"firedrill/lab/engine"
)

// Start brings up a lab as `lab up` does, healthy and with its fault showing, for a caller
// that keeps it: it does not outlive its process, and no command finds it. Doors are open on
// free ports of 127.0.0.1; at has each door's address by its name. On error nothing of the lab
// is left; otherwise the caller closes it.
func (e Exam) Start(ctx context.Context, eng *engine.Engine) (l *lab.Lab, at map[string]string, err error) {
	if err := e.validate(); err != nil {
		return nil, nil, err
	}
	c := Command{Exam: e, Now: time.Now}
	ref, err := c.find(ctx, eng)
	if err != nil {
		return nil, nil, err
	}
	l, err = lab.Start(ctx, eng, c.exposed(ref, nil), lab.Options{})
	if err == nil {
		var f found
		f, err = c.check(ctx, eng, l)
		at = c.doors(f)
	}
	if err != nil {
		return nil, nil, errors.Join(err, l.Close(ctx))
	}
	return l, at, nil
}

// faultTime bounds one look whether the fault shows.
const faultTime = 30 * time.Second

// check looks at a started lab from outside, as its users will see it.
func (c Command) check(ctx context.Context, eng *engine.Engine, l *lab.Lab) (found, error) {
	all, err := eng.List(ctx)
	if err != nil {
		return found{}, err
	}
	f := found{run: l.Run, created: c.Now()}
	for _, o := range all {
		if o.Run == l.Run.ID && o.Kind == "container" {
			f.containers = append(f.containers, o)
		}
	}
	at := c.doors(f)
	for _, d := range c.Exam.Doors {
		if d.Check == nil {
			continue
		}
		if err := d.Check(ctx, at[d.Name]); err != nil {
			return f, fmt.Errorf("%s is not healthy: %w", d.Name, err)
		}
	}
	if c.Exam.Fault != nil {
		bound, cancel := context.WithTimeout(ctx, faultTime)
		defer cancel()
		if err := c.Exam.Fault(bound, at); err != nil {
			return f, fmt.Errorf("the fault does not show: %w", err)
		}
	}
	return f, nil
}
