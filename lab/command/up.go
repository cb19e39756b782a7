package command

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"firedrill/lab"
	"firedrill/lab/engine"
	"firedrill/rubric/cli"
)

// upOptions are the command line's.
type upOptions struct {
	open  bool
	ports map[string]int // by door, 0 any
	life  time.Duration
}

// labLife is how long a lab lives where nobody says otherwise.
const labLife = 8 * time.Hour

func (s session) upCommand() *cobra.Command {
	o := upOptions{ports: map[string]int{}}
	var ports string
	chosen := map[string]*int{}
	cmd := &cobra.Command{
		Use:   "up",
		Short: "start a lab, print its URLs",
		Long: `Starts a lab with its fault and returns when everything in it is healthy, the fault shows and
traffic flows. The lab keeps running until lab down, or until its time ends. Its ports are
published on 127.0.0.1 only.`,
		Example: `lab up                       # one lab on the usual ports
lab up --open                # and show it in a browser
lab up --ports auto          # one more beside it, on any free ports
lab up --for 90m             # remove it by itself after an hour and a half`,
		GroupID: groupLab,
	}
	cmd.Flags().BoolVar(&o.open, "open", false, "show the lab in a browser")
	cli.Choice(cmd, &ports, "ports", "auto takes any free ones; a flag for one port wins", "fixed", "auto")
	cmd.Flags().DurationVar(&o.life, "for", labLife, "how long the lab may live, e.g. 90m or 8h")
	for _, d := range s.Exam.Doors {
		chosen[d.Name] = cmd.Flags().Int(d.Flag, d.Port, "`port` of the "+d.Name)
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		for _, d := range s.Exam.Doors {
			o.ports[d.Name] = *chosen[d.Name]
			if ports == "auto" && !cmd.Flags().Changed(d.Flag) {
				o.ports[d.Name] = 0
			}
			if p := o.ports[d.Name]; p < 0 || p > 65535 {
				return cli.Usage(cmd, "--%s is %d, want 1 to 65535, or 0 for any", d.Flag, p)
			}
		}
		if o.life < time.Minute || o.life > 30*24*time.Hour {
			return cli.Usage(cmd, "--for is %s, want one minute to 30 days (720h)", o.life)
		}
		return s.up(cmd.Context(), o)
	}
	return cmd
}

func (s session) up(ctx context.Context, o upOptions) error {
	start := s.Now()
	eng, err := engine.ConnectLasting(ctx)
	if err != nil {
		return err
	}
	defer eng.Close()
	f, err := s.start(ctx, eng, o)
	if err != nil {
		return err
	}
	s.announce(f, s.Now().Sub(start))
	if o.open {
		s.browse(ctx, f)
	}
	return nil
}

// start brings a lab up and hands it over. On error nothing of it is left.
func (s session) start(ctx context.Context, eng *engine.Engine, o upOptions) (found, error) {
	if err := eng.Tidy(ctx, s.Now(), s.stderr); err != nil {
		return found{}, err
	}
	ref, err := s.find(ctx, eng)
	if err != nil {
		return found{}, err
	}
	if err := s.portsFree(ctx, eng, o.ports); err != nil {
		return found{}, err
	}
	run := engine.NewRun(s.Now().Add(o.life))
	run.Of = s.Exam.Name
	l, err := lab.Start(ctx, eng, s.exposed(ref, o.ports), lab.Options{Run: run, Now: s.Now})
	f := found{run: run}
	if err == nil {
		f, err = s.settle(ctx, eng, l)
	}
	if err == nil {
		return f, nil
	}
	var taken *engine.PortTakenError
	if errors.As(err, &taken) {
		err = s.taken(ctx, eng, taken)
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return found{}, errors.Join(err, l.Close(ctx))
}

// exposed is the exam's platform with its doors open.
func (c Command) exposed(ref map[string]string, ports map[string]int) lab.Platform {
	p := c.Exam.Platform(ref)
	p.Exposed = true
	for _, d := range c.Exam.Doors {
		box := p.Find(d.Container)
		if box == nil {
			continue
		}
		if box.Ports == nil {
			box.Ports = map[string]int{}
		}
		box.Ports[d.port()] = ports[d.Name]
	}
	return p
}

// settle checks a started lab from outside and releases it.
func (s session) settle(ctx context.Context, eng *engine.Engine, l *lab.Lab) (found, error) {
	f, err := s.check(ctx, eng, l)
	if err != nil {
		return f, err
	}
	return f, l.Release(ctx)
}

// portsFree tells early which port is taken.
func (s session) portsFree(ctx context.Context, eng *engine.Engine, ports map[string]int) error {
	var dialer net.ListenConfig
	for _, d := range s.Exam.Doors {
		port := ports[d.Name]
		if port == 0 {
			continue
		}
		l, err := dialer.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if errors.Is(err, syscall.EADDRINUSE) {
			return s.taken(ctx, eng, &engine.PortTakenError{Port: port, Err: err})
		}
		if err == nil { // the engine may listen where this process may not
			_ = l.Close()
		}
	}
	return nil
}

// taken adds to a port's error which lab of ours holds it.
func (s session) taken(ctx context.Context, eng *engine.Engine, p *engine.PortTakenError) error {
	all, err := eng.List(context.WithoutCancel(ctx))
	if err != nil {
		return portError(p, "")
	}
	for _, o := range all {
		for _, port := range o.Ports {
			if port == p.Port && o.Of == s.Exam.Name {
				return portError(p, o.Run)
			}
		}
	}
	return portError(p, "")
}

// announce tells people where the lab is and what to do with it.
func (s session) announce(f found, took time.Duration) {
	fmt.Fprintf(s.stdout, "lab %s is ready after %.1f s; it ends at %s\n\n", f.run.ID,
		took.Seconds(), f.run.Expires.Local().Format("15:04 on Monday"))
	at := s.doors(f)
	for _, d := range s.Exam.Doors {
		fmt.Fprintf(s.stdout, "  %-10s %s\n", d.Name, fmt.Sprintf(d.URL, at[d.Name]))
	}
	fmt.Fprint(s.stdout, "\nlab status shows it, lab logs -f follows it, lab down removes it\n")
}

// browse shows the lab; a machine without a browser has the URLs on its screen already.
func (s session) browse(ctx context.Context, f found) {
	open := s.Open
	if open == nil {
		open = openBrowser
	}
	at, shown := s.doors(f), false
	for _, d := range s.Exam.Doors {
		if !d.Browse || at[d.Name] == "" {
			continue
		}
		shown = true
		url := fmt.Sprintf(d.URL, at[d.Name])
		if err := open(ctx, url); err != nil {
			fmt.Fprintf(s.stderr, "no browser opened: %v; go to %s\n", err, url)
		}
	}
	if !shown {
		fmt.Fprintln(s.stderr, "nothing in this lab is for a browser")
	}
}

func openBrowser(ctx context.Context, url string) error {
	opener := "xdg-open"
	if runtime.GOOS == "darwin" {
		opener = "open"
	}
	return exec.CommandContext(ctx, opener, url).Run()
}
