package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"firedrill/lab"
	"firedrill/lab/engine"
	"firedrill/rubric/cli"
)

func (s session) healCommand() *cobra.Command {
	return s.worldCommand(lab.Healed, &cobra.Command{
		Use:   "heal [LAB]",
		Short: "end the fault",
		Long: `Ends the fault: what was missing appears, and the lab goes on running. Nothing else is touched.
Returns when it is there.`,
		Example: `lab heal          # the only lab
lab heal 3f2a     # one of several`,
	})
}

func (s session) breakCommand() *cobra.Command {
	return s.worldCommand(lab.Relapsed, &cobra.Command{
		Use:     "break [LAB]",
		Short:   "bring the fault back",
		Long:    `Brings the fault back after lab heal, to see whether a mitigation holds when it returns.`,
		Example: `lab heal && lab break`,
	})
}

// worldCommand completes a command that moves a lab into a world.
func (s session) worldCommand(w lab.World, cmd *cobra.Command) *cobra.Command {
	cmd.GroupID = groupLab
	cmd.Args = cli.Args(0, 1, "lab")
	cmd.ValidArgsFunction = cli.First(s.labIDs())
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return s.enter(cmd.Context(), first(args), w)
	}
	return cmd
}

// enter moves a lab into a world.
func (s session) enter(ctx context.Context, want string, w lab.World) error {
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
