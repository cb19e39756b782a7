package grader

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"firedrill/grader/probe"
	"firedrill/rubric/cli"
)

// probesCommand documents the exam's probes for the author of a rubric.
func (c Command) probesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "probes [PROBE…]",
		Short: "say what is asked of a service, and the counts that gives",
		Long: `Documents the exam's probes, or those that are named: in which world they run, what they do, and
the counts that conditions of a rubric may name.`,
		Example: `grader probes
grader probes faulty.payments`,
		GroupID: groupExam,
		Args:    cobra.ArbitraryArgs,
		ValidArgsFunction: cli.Words(func(*cobra.Command) []string {
			var out []string
			for _, p := range c.Exam.Probes {
				out = append(out, p.ID)
			}
			return out
		}),
		RunE: func(cmd *cobra.Command, args []string) error {
			wanted, err := c.pickProbes(cmd, args)
			if err != nil {
				return err
			}
			var all []string
			for _, p := range wanted {
				all = append(all, p.Describe())
			}
			_, err = fmt.Fprint(cmd.OutOrStdout(), strings.Join(all, "\n"))
			return err
		},
	}
}

// pickProbes gives the probes of these names, all of them for none.
func (c Command) pickProbes(cmd *cobra.Command, names []string) ([]probe.Probe, error) {
	if len(names) == 0 {
		return c.Exam.Probes, nil
	}
	var out []probe.Probe
	for _, name := range names {
		found := false
		for _, p := range c.Exam.Probes {
			if p.ID == name {
				out, found = append(out, p), true
			}
		}
		if !found {
			return nil, cli.Usage(cmd, "no probe %q; %s lists them", name, cmd.CommandPath())
		}
	}
	return out, nil
}
