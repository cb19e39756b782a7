package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"firedrill/lab/engine"
	"firedrill/lab/image"
	"firedrill/lab/setup"
)

// Command is the command line for one exam.
type Command struct {
	Exam Exam
	// Now is the clock; nil takes time.Now.
	Now func() time.Time
	// Open shows a URL in a browser; nil takes the system's.
	Open func(ctx context.Context, url string) error
}

const usage = `usage: lab COMMAND [flags] [arguments]

runs the exam's lab in throw-away containers on this machine.

  lab setup              provide the engine and the images, once
  lab up                 start a lab, print its URLs
  lab status             what runs, how it is, in which world
  lab logs -f            what its containers write
  lab heal, lab break    end the fault, bring it back
  lab down               remove the lab
  lab kit DIR            write what a candidate gets (--examiner: the examiner's papers)
  lab gc                 remove what killed commands left
  lab doctor             look for what keeps labs from working, and say what to do

an exam, from the examiner's side:
  lab doctor && lab up --open
  lab kit ~/exam/kit && lab kit --examiner ~/exam/papers
  lab down

lab COMMAND --help says more about one.
` + exitHelp

// session is one run of a subcommand.
type session struct {
	Command
	stdout, stderr io.Writer
}

// Run carries out one command line. Its errors have ExitCode and Hint methods.
func (c Command) Run(ctx context.Context, args []string, stdin io.Reader,
	stdout, stderr io.Writer) error {
	if err := c.Exam.validate(); err != nil {
		return coded(err)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if len(args) == 0 {
		return usageError("", "no command given")
	}
	s := session{Command: c, stdout: stdout, stderr: stderr}
	sub, rest := args[0], args[1:]
	run, ok := map[string]func(context.Context, []string) error{
		"up": s.up, "down": s.down, "status": s.status, "heal": s.heal, "break": s.relapse,
		"logs": s.logs, "kit": s.kit, "gc": s.gc, "doctor": s.doctor,
	}[sub]
	switch {
	case sub == "-h" || sub == "-help" || sub == "--help" || sub == "help":
		_, err := io.WriteString(stdout, usage)
		return err
	case sub == "setup":
		return coded(setup.Run(ctx, rest, stdin, stdout, stderr, c.images()...))
	case !ok:
		return usageError("", "unknown command %q", sub)
	}
	err := run(ctx, rest)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	return coded(err)
}

// images are the exam's, in a stable order.
func (c Command) images() []image.Image {
	var out []image.Image
	for _, role := range slices.Sorted(maps.Keys(c.Exam.Images)) {
		out = append(out, c.Exam.Images[role])
	}
	return out
}

// find looks up the exam's images; a missing one is an error with a hint.
func (c Command) find(ctx context.Context, eng *engine.Engine) (map[string]string, error) {
	store := image.NewStore(eng.Client(), nil)
	out := map[string]string{}
	for _, role := range slices.Sorted(maps.Keys(c.Exam.Images)) {
		ref, err := store.Find(ctx, c.Exam.Images[role])
		if err != nil {
			return nil, err
		}
		out[role] = ref
	}
	return out, nil
}

// flags is a subcommand's flag set with its help: text comes before the flags.
type flags struct {
	*flag.FlagSet
	text string
	out  io.Writer
}

func (s session) flags(name, text string) flags {
	f := flags{flag.NewFlagSet(name, flag.ContinueOnError), text, s.stdout}
	f.SetOutput(io.Discard)
	return f
}

// parse reads flags before and behind the arguments, of which there may be at most so many.
// After help was asked for and printed, the error is flag.ErrHelp.
func (f flags) parse(args []string, most int) ([]string, error) {
	var rest []string
	for {
		if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
			return nil, f.help()
		} else if err != nil {
			return nil, usageError(f.Name(), "%w", err)
		}
		if f.NArg() == 0 {
			break
		}
		rest, args = append(rest, f.Arg(0)), f.Args()[1:]
	}
	if len(rest) > most {
		return nil, usageError(f.Name(), "unexpected argument %q", rest[most])
	}
	return rest, nil
}

// given tells which flags stood on the command line.
func (f flags) given() map[string]bool {
	out := map[string]bool{}
	f.Visit(func(g *flag.Flag) { out[g.Name] = true })
	return out
}

func (f flags) help() error {
	fmt.Fprint(f.out, f.text)
	has := false
	f.VisitAll(func(*flag.Flag) { has = true })
	if has {
		fmt.Fprint(f.out, "\nflags:\n")
		f.SetOutput(f.out)
		f.PrintDefaults()
	}
	return flag.ErrHelp
}
