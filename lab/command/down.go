package command

import (
	"context"
	"fmt"

	"firedrill/lab/engine"
)

const downHelp = `usage: lab down [LAB]

removes a lab with everything in it: containers, network, volumes, and the data that was
written. LAB is needed where several run; the first letters of its id do.

  lab down
  lab down 3f2a
`

func (s session) down(ctx context.Context, args []string) error {
	want, err := s.oneLab("down", downHelp, args)
	if err != nil {
		return err
	}
	return s.withLab(ctx, want, func(eng *engine.Engine, f found) error {
		clean, cancel := engine.Detach(ctx) // half a lab would be worse than a late end
		defer cancel()
		if _, err := eng.RemoveRun(clean, f.run.ID); err != nil {
			return err
		}
		_, err := fmt.Fprintf(s.stdout, "lab %s is removed\n", f.run.ID)
		return err
	})
}

// oneLab reads the command line of a subcommand that takes nothing but a lab.
func (s session) oneLab(name, help string, args []string) (string, error) {
	rest, err := s.flags(name, help).parse(args, 1)
	if err != nil || len(rest) == 0 {
		return "", err
	}
	return rest[0], nil
}

// withLab connects, finds the lab that is meant and lets do work on it.
func (s session) withLab(ctx context.Context, want string,
	do func(*engine.Engine, found) error) error {
	eng, err := engine.ConnectLasting(ctx)
	if err != nil {
		return err
	}
	defer eng.Close()
	f, err := s.choose(ctx, eng, want)
	if err != nil {
		return err
	}
	return do(eng, f)
}
