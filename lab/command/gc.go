package command

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"firedrill/lab/engine"
	"firedrill/rubric/cli"
)

func (s session) gcCommand() *cobra.Command {
	var all, yes bool
	cmd := &cobra.Command{
		Use:   "gc",
		Short: "remove what killed commands left",
		Long: `Removes what nobody needs any more: objects of ours whose process was killed, and labs whose
time has ended. It prints what it removes. Objects without our labels are never touched, nor are
those of commands that still run.`,
		Example: `lab gc
lab gc --all          # which labs run
lab gc --all --yes    # remove them, whoever started them`,
		GroupID: groupMachine,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if yes && !all {
				return cli.Usage(cmd, "--yes goes with --all")
			}
			return s.gc(cmd.Context(), all, yes)
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "also labs that are still in use")
	cmd.Flags().BoolVar(&yes, "yes", false, "really, with --all")
	return cmd
}

func (s session) gc(ctx context.Context, all, yes bool) error {
	eng, err := engine.ConnectLasting(ctx)
	if err != nil {
		return err
	}
	defer eng.Close()
	if all && !yes {
		return s.refuse(ctx, eng)
	}
	removed, err := eng.Sweep(ctx, s.Now())
	if err != nil {
		return err
	}
	if all {
		labs, err := s.labs(ctx, eng)
		if err != nil {
			return err
		}
		for _, l := range labs {
			gone, err := eng.RemoveRun(ctx, l.run.ID)
			removed = append(removed, gone...)
			if err != nil {
				return err
			}
		}
	}
	return s.removed(removed)
}

// refuse says what --all would remove.
func (s session) refuse(ctx context.Context, eng *engine.Engine) error {
	labs, err := s.labs(ctx, eng)
	if err != nil {
		return err
	}
	for _, l := range labs {
		fmt.Fprintf(s.stdout, "would remove lab %s, %d containers, %s old\n", l.run.ID,
			len(l.containers), age(s.Now().Sub(l.created)))
	}
	return &Error{Err: fmt.Errorf("--all removes labs that people may be working in"),
		hint: "lab gc --all --yes does it", code: ExitUsage}
}

// removed lists what is gone, run by run.
func (s session) removed(all []engine.Object) error {
	slices.SortStableFunc(all, func(a, b engine.Object) int {
		return slices.Compare([]string{a.Run, a.Kind, a.Name}, []string{b.Run, b.Kind, b.Name})
	})
	for _, o := range all {
		why := "its process ended"
		switch {
		case s.Now().After(o.Expires):
			why = "its time ended"
		case o.Of == s.Exam.Name && slices.ContainsFunc(all, func(p engine.Object) bool {
			return p.Run == o.Run && p.Released()
		}):
			why = "--all"
		}
		if _, err := fmt.Fprintf(s.stdout, "removed %-9s %s of %s (%s)\n", o.Kind, o.Name, o.Run,
			why); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(s.stdout, "%d objects removed\n", len(all))
	return err
}
