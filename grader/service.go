package grader

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"firedrill/grader/build"
	"firedrill/grader/compose"
	"firedrill/grader/probe"
	"firedrill/grader/report"
	"firedrill/lab"
	"firedrill/lab/engine"
	"firedrill/lab/image"
	"firedrill/rubric"
)

// listenTime bounds the wait for the service to listen. It is far beyond any start that an
// exam could mean; a service that ends earlier ends the wait at once.
const listenTime = time.Minute

// examination builds and probes one candidate's service.
type examination struct {
	eng    *engine.Engine
	exam   *Exam
	images images
	run    engine.Run
	set    compose.Overrides
	files  fs.FS // of the submission, for its further services
	extras []extra
	seed   uint64
	secret string // opens the grader's own doors in the lab
	say    func(phase, text string)
	now    func() time.Time
	// notices are for the examiner.
	notices []report.Notice
	// isolation is that of the candidate's service, once it was started.
	isolation *report.Isolation
}

// images are the references that an examination needs.
type images struct{ builder, tools, grading, postgres, runtime string }

// agentProgram is our agent as it lies in the grading image.
const agentProgram = "agent"

// Tools gives the image that holds an exam's hidden programs and the probe agent. It never
// stands in a candidate's lab.
func Tools(e *Exam) (image.Image, error) {
	src, err := fs.Sub(probe.AgentSource, agentProgram)
	if err != nil {
		return image.Image{}, err
	}
	all := append(e.Hidden[:len(e.Hidden):len(e.Hidden)],
		image.Program{Name: agentProgram, Source: src})
	img, err := image.Tools(all...)
	return img.Named(e.Name + "-grading"), err
}

// find looks every image up; a missing one is an error with a hint.
func find(ctx context.Context, store *image.Store, e *Exam) (images, error) {
	tools, err := e.Image()
	if err != nil {
		return images{}, err
	}
	grading, err := Tools(e)
	if err != nil {
		return images{}, err
	}
	var out images
	for _, want := range []struct {
		img image.Image
		ref *string
	}{
		{image.Builder(), &out.builder}, {tools, &out.tools}, {grading, &out.grading},
		{image.Postgres(), &out.postgres}, {image.Runtime(), &out.runtime},
	} {
		if *want.ref, err = store.Find(ctx, want.img); err != nil {
			return images{}, err
		}
	}
	return out, nil
}

// LeftoverError says that something of a grade's containers could not be removed.
type LeftoverError struct{ Err error }

func (e *LeftoverError) Error() string { return "not everything was removed: " + e.Err.Error() }

// Unwrap gives the reason.
func (e *LeftoverError) Unwrap() error { return e.Err }

// observe gives one observation for every probe of the exam. The error is the machine's;
// the observations then say which probes could not be made.
func (x *examination) observe(ctx context.Context, src fs.FS) (
	obs []rubric.Observation, built build.Result, err error) {
	whole := ctx
	ctx, cancel := context.WithTimeoutCause(ctx, examineTime,
		fmt.Errorf("%w: it was not over within %s", errLate, examineTime))
	defer cancel()
	ctx, stop := x.eng.Watch(ctx)
	defer func() {
		if err != nil && ctx.Err() != nil && whole.Err() == nil {
			err = context.Cause(ctx) // whatever it was that waited for the engine
		}
		stop()
		x.say("clean", "removing the lab")
		switch left := x.remove(whole); {
		case err == nil:
			err = left
		case left != nil:
			err = errors.Join(err, left)
		}
		obs = x.complete(obs, err)
	}()
	x.secret = rand.Text()
	app, err := x.eng.CreateVolume(ctx, x.run, "app")
	if err != nil {
		return nil, built, err
	}
	var l *lab.Lab
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		x.say("build", "compiling the service offline")
		built, err = build.Build(gctx, x.eng, x.run, x.images.builder, src, app)
		if err == nil && built.OK {
			x.say("build", "compiled")
		} else if err == nil {
			x.say("build", built.Reason)
		}
		return err
	})
	g.Go(func() (err error) {
		if err := x.buildExtras(gctx); err != nil {
			return err
		}
		x.say("lab", "starting the platform with its fault")
		l, err = lab.Start(gctx, x.eng, x.platform(app), lab.Options{Run: x.run})
		if err == nil {
			x.say("lab", "the platform is up")
		}
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, built, err
	}
	if !built.OK {
		return x.down(built.Reason), built, nil
	}
	untimed, err := x.untimed(src)
	if err != nil {
		return nil, built, err
	}
	obs, err = x.probe(ctx, l, untimed)
	return obs, built, err
}

// platform is the exam's platform with our agent in the place of its ordinary client and
// the candidate's service held until it is built.
func (x *examination) platform(app *engine.Volume) lab.Platform {
	p := x.exam.Platform(Parts{Tools: x.images.tools, Hidden: x.images.grading,
		Postgres: x.images.postgres, Runtime: x.images.runtime, App: app, Secret: x.secret})
	if c := p.Find(x.exam.Service); c != nil {
		c.Held = true
		c.Env = overridden(c.Env, x.set)
	}
	agent := lab.Container{
		Name: x.exam.Prober, Image: x.images.grading,
		Entrypoint: []string{"/bin/" + agentProgram}, Stdin: true,
	}
	if c := p.Find(x.exam.Prober); c != nil {
		*c = agent
	} else {
		p.Containers = append(p.Containers, agent)
	}
	x.place(&p)
	return p
}

// overridden gives an environment with the candidate's settings.
func overridden(env map[string]string, set compose.Overrides) map[string]string {
	out := maps.Clone(env)
	if out == nil {
		out = map[string]string{}
	}
	for _, name := range set.Unset {
		delete(out, name)
	}
	maps.Copy(out, set.Set)
	return out
}

// probe starts the service and runs every probe in its world.
func (x *examination) probe(ctx context.Context, l *lab.Lab, untimed bool) ([]rubric.Observation, error) {
	agent, err := l.Container(x.exam.Prober)
	if err != nil {
		return nil, err
	}
	stream, err := agent.Attach(ctx)
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	addr := net.JoinHostPort(x.exam.Service, strconv.Itoa(x.exam.ServicePort))
	s := probe.NewSession(stream, probe.Target{Service: "http://" + addr, DSN: x.exam.Database,
		Tables: x.exam.Tables, Secret: x.secret}, x.seed)
	s.Now = x.now
	s.Host, s.Untimed = &host{lab: l, service: x.exam.Service}, untimed

	if err := x.reachable(ctx, s); err != nil {
		return nil, err
	}
	if err := x.startExtras(ctx, l, s); err != nil {
		return nil, err
	}
	x.say("service", "starting the candidate's service")
	reason, err := x.startService(ctx, l, s, addr)
	if err != nil {
		return nil, err
	}
	if reason != "" {
		x.say("service", reason)
		return x.down(reason), nil
	}
	obs, err := x.ask(ctx, l, s, agent)
	if err != nil {
		return obs, err
	}
	if err := x.endedExtras(ctx, l); err != nil {
		return obs, err
	}
	out, err := s.Host.Output(ctx, x.exam.Service)
	s.Attach(obs, out)
	return obs, err
}

// ask makes every probe, as long as there is time.
func (x *examination) ask(ctx context.Context, l *lab.Lab, s *probe.Session, agent *engine.Container) (
	[]rubric.Observation, error) {
	var obs []rubric.Observation
	began := x.now()
	for _, p := range x.exam.Probes {
		if x.now().Sub(began) > probesTime {
			reason, err := x.late(ctx, s, obs)
			if err == nil {
				x.say("service", reason)
				obs = append(obs, x.down(reason)[len(obs):]...)
			}
			return obs, err
		}
		if err := l.Enter(ctx, lab.World(p.World)); err != nil {
			return obs, err
		}
		x.say("probe", p.ID)
		o := probe.Observe(ctx, p, s, obs)
		if err := intact(ctx, s, agent); err != nil {
			return obs, err // an engine that ends also ends the service: o may show only that
		}
		obs = append(obs, o)
	}
	return obs, nil
}

// intact reports what makes a probe's word worthless: our own agent is gone, as when the
// engine ended it with all the others.
func intact(ctx context.Context, s *probe.Session, agent *engine.Container) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.Err(); err != nil {
		return err
	}
	up, err := agent.Running(ctx)
	if err == nil && !up {
		err = fmt.Errorf("%w: its container ended", probe.ErrAgent)
	}
	return err
}

// startService starts the candidate's container and waits until it listens. A reason says
// why it does not, by its own fault.
func (x *examination) startService(ctx context.Context, l *lab.Lab, s *probe.Session,
	addr string) (reason string, err error) {
	if err := l.StartContainer(ctx, x.exam.Service); err != nil {
		return "", err // the engine's: what is no program fails in the container
	}
	c, err := l.Container(x.exam.Service)
	if err != nil {
		return "", err
	}
	if x.isolation, err = x.isolated(ctx, c); err != nil {
		return "", err
	}
	const turn = 500 * time.Millisecond
	for waited := time.Duration(0); waited < listenTime; waited += turn {
		up, err := s.Await(ctx, addr, turn)
		if err != nil {
			return "", err
		}
		if up {
			return x.silent(ctx, s)
		}
		running, err := c.Running(ctx)
		if err != nil {
			return "", err
		}
		if !running {
			last := x.lastWords(ctx, c)
			if strings.HasPrefix(last, ": [FATAL tini") { // the container's init found no program
				return "the built program cannot be started: is service/ package main?", nil
			}
			return "the service ended before it listened" + last, nil
		}
	}
	return fmt.Sprintf("the service does not listen on port %d within %s%s",
		x.exam.ServicePort, listenTime, x.lastWords(ctx, c)), nil
}

// silent asks a listening service for its health until it answers anything at all. One that
// never does is not probed: every request would wait for nothing.
func (x *examination) silent(ctx context.Context, s *probe.Session) (reason string, err error) {
	const tries = 3
	for range tries {
		got, err := s.Send(ctx, []probe.Request{{Method: "GET", Path: x.exam.Health}}, 1)
		if err != nil || got[0].Status != 0 {
			return "", err
		}
	}
	return fmt.Sprintf("the service listens on port %d but answered none of %d requests for %s",
		x.exam.ServicePort, tries, x.exam.Health), nil
}

// lastWords gives the end of what the container wrote, for a reason.
func (x *examination) lastWords(ctx context.Context, c *engine.Container) string {
	const shown = 3
	out, err := c.Logs(ctx, shown, 64<<10)
	if err != nil || len(out) == 0 {
		return ""
	}
	lines := strings.Split(strings.TrimRight(strings.ToValidUTF8(string(out), "\uFFFD"), "\n"), "\n")
	return ": " + probe.Scrub(strings.Join(lines, " | "))
}

// down gives every probe's observation of a service that is not there by its own fault.
func (x *examination) down(reason string) []rubric.Observation {
	var obs []rubric.Observation
	for _, p := range x.exam.Probes {
		obs = append(obs, rubric.Observation{Probe: p.ID, World: p.World, Down: reason})
	}
	return obs
}

// complete adds the probes that were not reached, and says why.
func (x *examination) complete(obs []rubric.Observation, err error) []rubric.Observation {
	reason := "the grader could not check it"
	if err != nil {
		reason += ": " + err.Error()
	}
	for _, p := range x.exam.Probes[len(obs):] {
		obs = append(obs, rubric.Observation{Probe: p.ID, World: p.World, Unchecked: reason})
	}
	return obs
}
