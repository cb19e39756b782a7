package command

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"firedrill/lab/engine"
	"firedrill/rubric/cli"
)

// logOptions are the command line's.
type logOptions struct {
	lab, container string
	follow, times  bool
	lines          int
}

func (s session) logsCommand() *cobra.Command {
	var o logOptions
	cmd := &cobra.Command{
		Use:   "logs [CONTAINER]",
		Short: "print what its containers write",
		Long: `Prints what the lab's containers wrote, by time, each line with its container's name; of one
container without names.`,
		Example: `lab logs -n 50
lab logs -f payment-processor
lab logs --lab 3f2a -t | grep error`,
		GroupID:           groupLab,
		Args:              cli.Args(0, 1, "container"),
		ValidArgsFunction: cli.First(s.containerNames()),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.lines < 0 {
				return cli.Usage(cmd, "--lines is %d, want 1 or more", o.lines)
			}
			o.container = first(args)
			return s.logs(cmd.Context(), o)
		},
	}
	cmd.Flags().BoolVarP(&o.follow, "follow", "f", false, "go on with what is still written")
	cmd.Flags().BoolVarP(&o.times, "times", "t", false, "begin each line with its time")
	cmd.Flags().IntVarP(&o.lines, "lines", "n", 0, "only the last `N` lines of each container")
	cmd.Flags().StringVar(&o.lab, "lab", "", "the `id` of the lab, where several run")
	cli.Complete(cmd, "lab", s.labIDs())
	return cmd
}

func (s session) logs(ctx context.Context, o logOptions) error {
	return s.withLab(ctx, o.lab, func(eng *engine.Engine, f found) error {
		boxes, err := pick(f, o.container)
		if err != nil {
			return err
		}
		if o.follow {
			return s.followLogs(ctx, eng, boxes, o)
		}
		return s.printLogs(ctx, eng, boxes, o)
	})
}

// pick gives the container of that name, all of them for none.
func pick(f found, name string) ([]engine.Object, error) {
	if name == "" {
		return f.containers, nil
	}
	var names []string
	for _, o := range f.containers {
		if o.Name == name {
			return []engine.Object{o}, nil
		}
		names = append(names, o.Name)
	}
	return nil, &Error{Err: fmt.Errorf("lab %s has no container %s", f.run.ID, name),
		hint: "it has " + strings.Join(names, ", "), code: ExitUsage}
}

// logLine is one line with its time, as the engine gives it.
type logLine struct{ time, from, text string }

// printLogs prints the lines of all containers in the order of their times.
func (s session) printLogs(ctx context.Context, eng *engine.Engine, boxes []engine.Object,
	o logOptions) error {
	each := make([][]logLine, len(boxes))
	g, ctx := errgroup.WithContext(ctx)
	for i, box := range boxes {
		g.Go(func() error {
			var buf bytes.Buffer // the engine keeps 10 MB of a container at most
			err := eng.OpenContainer(box).Read(ctx, engine.LogOptions{Lines: o.lines, Times: true}, &buf)
			for line := range strings.Lines(buf.String()) {
				each[i] = append(each[i], parseLine(box.Name, line))
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	all := slices.Concat(each...)
	slices.SortStableFunc(all, func(a, b logLine) int { return strings.Compare(a.time, b.time) })
	p := newLinePrinter(s.stdout, boxes, o)
	for _, l := range all {
		if err := p.print(l); err != nil {
			return err
		}
	}
	return nil
}

// followLogs prints lines as they come, until ctx ends or all containers have.
func (s session) followLogs(ctx context.Context, eng *engine.Engine, boxes []engine.Object,
	o logOptions) error {
	p := newLinePrinter(s.stdout, boxes, o)
	g, ctx := errgroup.WithContext(ctx)
	for _, box := range boxes {
		r, w := io.Pipe()
		g.Go(func() error {
			return w.CloseWithError(eng.OpenContainer(box).Read(ctx,
				engine.LogOptions{Lines: o.lines, Follow: true, Times: true}, w))
		})
		g.Go(func() error {
			lines := bufio.NewReader(r)
			for {
				line, err := lines.ReadString('\n')
				if line != "" {
					if err := p.print(parseLine(box.Name, line)); err != nil {
						return errors.Join(err, r.CloseWithError(err))
					}
				}
				if err != nil {
					return ignoreEOF(err)
				}
			}
		})
	}
	err := g.Wait()
	if errors.Is(err, context.Canceled) {
		return nil // who follows ends it by Ctrl-C
	}
	return err
}

func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func parseLine(from, line string) logLine {
	at, text, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
	return logLine{at, from, text}
}

// linePrinter prints lines from several containers, one at a time.
type linePrinter struct {
	mu    sync.Mutex
	w     io.Writer
	width int // of the column of names, 0 for none
	times bool
}

func newLinePrinter(w io.Writer, boxes []engine.Object, o logOptions) *linePrinter {
	p := &linePrinter{w: w, times: o.times}
	if o.container == "" {
		for _, b := range boxes {
			p.width = max(p.width, len(b.Name))
		}
	}
	return p
}

func (p *linePrinter) print(l logLine) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var b strings.Builder
	if p.width > 0 {
		fmt.Fprintf(&b, "%-*s  ", p.width, l.from)
	}
	if p.times {
		b.WriteString(l.time + " ")
	}
	b.WriteString(printable(l.text))
	b.WriteByte('\n')
	_, err := io.WriteString(p.w, b.String())
	return err
}

// printable takes what could drive a terminal out of a line: a container wrote it.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r >= 0x7f && r < 0xa0 {
			return '\uFFFD'
		}
		return r
	}, s)
}
