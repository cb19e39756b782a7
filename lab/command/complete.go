package command

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"firedrill/lab/engine"
	"firedrill/rubric/cli"
)

// completeTime bounds what a shell waits for the engine when the tabulator is pressed.
const completeTime = 2 * time.Second

// labIDs completes the ids of the labs that run; where the engine does not answer, none.
func (s session) labIDs() cli.Completer {
	return cli.Words(func(cmd *cobra.Command) []string {
		ctx, cancel := context.WithTimeout(cmd.Context(), completeTime)
		defer cancel()
		eng, err := engine.ConnectLasting(ctx)
		if err != nil {
			return nil
		}
		defer eng.Close()
		labs, err := s.labs(ctx, eng)
		if err != nil {
			return nil
		}
		var out []string
		for _, f := range labs {
			out = append(out, cobra.CompletionWithDesc(f.run.ID, age(s.Now().Sub(f.created))+" old"))
		}
		return out
	})
}

// containerNames completes the names of a lab's containers, without asking the engine.
func (s session) containerNames() cli.Completer {
	return cli.Words(func(*cobra.Command) []string {
		var out []string
		for _, c := range s.Exam.Platform(map[string]string{}).Containers {
			out = append(out, c.Name)
		}
		slices.Sort(out)
		return out
	})
}
