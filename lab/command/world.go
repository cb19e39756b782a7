package command

import (
	"context"
	"fmt"

	"firedrill/lab"
	"firedrill/lab/engine"
)

const healHelp = `usage: lab heal [LAB]

ends the fault: what was missing appears, and the lab goes on running. Nothing else is
touched. Returns when it is there.

  lab heal          the only lab
  lab heal 3f2a     one of several
`

const breakHelp = `usage: lab break [LAB]

brings the fault back after lab heal, to see whether a mitigation holds when it returns.

  lab heal && lab break
`

func (s session) heal(ctx context.Context, args []string) error {
	return s.enter(ctx, "heal", healHelp, args, lab.Healed)
}

func (s session) relapse(ctx context.Context, args []string) error {
	return s.enter(ctx, "break", breakHelp, args, lab.Relapsed)
}

// enter moves a lab into a world.
func (s session) enter(ctx context.Context, name, help string, args []string, w lab.World) error {
	want, err := s.oneLab(name, help, args)
	if err != nil {
		return err
	}
	return s.withLab(ctx, want, func(eng *engine.Engine, f found) error {
		l, err := s.open(ctx, eng, f)
		if err != nil {
			return err
		}
		was := l.World()
		if was == w || was == lab.Faulty && w == lab.Relapsed {
			_, err := fmt.Fprintf(s.stdout, "lab %s is %s already\n", f.run.ID, was)
			return err
		}
		start := s.Now()
		if err := l.Enter(ctx, w); err != nil {
			return err
		}
		_, err = fmt.Fprintf(s.stdout, "lab %s is %s after %.1f s\n", f.run.ID, w,
			s.Now().Sub(start).Seconds())
		return err
	})
}
