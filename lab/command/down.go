package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"firedrill/lab/engine"
	"firedrill/rubric/cli"
)

func (s session) downCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "down [LAB]",
		Short: "remove the lab",
		Long: `Removes a lab with everything in it: containers, network, volumes, and the data that was
written. LAB is needed where several run; the first letters of its id do.`,
		Example: `lab down
lab down 3f2a`,
		GroupID:           groupLab,
		Args:              cli.Args(0, 1, "lab"),
		ValidArgsFunction: cli.First(s.labIDs()),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.down(cmd.Context(), first(args))
		},
	}
}

func (s session) down(ctx context.Context, want string) error {
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

// first is the only argument of a command, or "" where it was left out.
func first(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
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
