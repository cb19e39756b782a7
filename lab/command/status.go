package command

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"firedrill/lab"
	"firedrill/lab/engine"
	"firedrill/rubric/cli"
)

func (s session) statusCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "status [LAB]",
		Short: "show what runs, how it is, in which world",
		Long: `Shows every container of the labs that run: whether it is healthy, in which world its lab is,
how old it is and where it is reached. Health is asked now, through the same door that people use;
a container without one is as healthy as its process.`,
		Example: `lab status
lab status --json | jq '.[0].world'`,
		GroupID:           groupLab,
		Args:              cli.Args(0, 1, "lab"),
		ValidArgsFunction: cli.First(s.labIDs()),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.status(cmd.Context(), first(args), asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// Status is one lab as lab status shows it.
type Status struct {
	Lab        string            `json:"lab"`
	World      lab.World         `json:"world"` // empty where it cannot be told
	Started    time.Time         `json:"started"`
	Ends       time.Time         `json:"ends"`
	Containers []ContainerStatus `json:"containers"`
}

// ContainerStatus is one container of a lab.
type ContainerStatus struct {
	Name    string    `json:"name"`
	State   string    `json:"state"`  // the engine's word: running, exited, …
	Health  string    `json:"health"` // ok, or what is wrong
	Created time.Time `json:"created"`
	Address string    `json:"address,omitempty"` // on this machine
}

func (s session) status(ctx context.Context, want string, asJSON bool) error {
	eng, err := engine.ConnectLasting(ctx)
	if err != nil {
		return err
	}
	defer eng.Close()
	all, err := s.survey(ctx, eng, want)
	if err != nil {
		return err
	}
	if asJSON {
		e := json.NewEncoder(s.stdout)
		e.SetIndent("", "  ")
		return e.Encode(all)
	}
	return s.table(all)
}

// survey looks at every lab whose id begins with want.
func (s session) survey(ctx context.Context, eng *engine.Engine, want string) ([]Status, error) {
	labs, err := s.labs(ctx, eng)
	if err != nil {
		return nil, err
	}
	out := []Status{}
	for _, f := range labs {
		if !strings.HasPrefix(f.run.ID, want) {
			continue
		}
		st := Status{Lab: f.run.ID, Started: f.created.UTC(), Ends: f.run.Expires}
		if l, err := s.open(ctx, eng, f); err == nil {
			st.World = l.World()
		}
		if st.Containers, err = s.health(ctx, f); err != nil {
			return nil, err
		}
		out = append(out, st)
	}
	if want != "" && len(out) == 0 {
		return nil, noLab("lab status lists the labs", "no lab %s", want)
	}
	return out, nil
}

// checkTime bounds one question to a door.
const checkTime = 3 * time.Second

// health asks all doors of a lab at once.
func (s session) health(ctx context.Context, f found) ([]ContainerStatus, error) {
	at := s.doors(f)
	out := make([]ContainerStatus, len(f.containers))
	var g errgroup.Group
	for i, o := range f.containers {
		out[i] = ContainerStatus{Name: o.Name, State: o.State, Health: "ok", Created: o.Created.UTC()}
		if o.State != "running" {
			out[i].Health = o.State
			continue
		}
		for _, d := range s.Exam.Doors {
			if d.Container != o.Name {
				continue
			}
			out[i].Address = at[d.Name]
			g.Go(func() error {
				ctx, cancel := context.WithTimeout(ctx, checkTime)
				defer cancel()
				if d.Check == nil {
					return nil
				}
				if err := d.Check(ctx, at[d.Name]); err != nil {
					out[i].Health, _, _ = strings.Cut(err.Error(), "\n")
				}
				return nil
			})
		}
	}
	_ = g.Wait() // what a door says stands in the table
	return out, ctx.Err()
}

func (s session) table(all []Status) error {
	if len(all) == 0 {
		_, err := fmt.Fprintln(s.stdout, "no lab runs; lab up starts one")
		return err
	}
	w := tabwriter.NewWriter(s.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "LAB\tCONTAINER\tHEALTH\tWORLD\tAGE\tADDRESS")
	for _, st := range all {
		world := string(st.World)
		if world == "" {
			world = "unknown"
		}
		for _, c := range st.Containers {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", st.Lab, c.Name, c.Health, world,
				age(s.Now().Sub(c.Created)), c.Address)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, st := range all {
		if _, err := fmt.Fprintf(s.stdout, "lab %s ends by itself in %s\n", st.Lab,
			age(st.Ends.Sub(s.Now()))); err != nil {
			return err
		}
	}
	return nil
}

// age spells a duration as people do, in its two largest units.
func age(d time.Duration) string {
	d = max(d, 0)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%dd%02dh", int(d.Hours())/24, int(d.Hours())%24)
}
