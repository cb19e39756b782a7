package grader

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"time"

	"firedrill/grader/build"
	"firedrill/grader/compose"
	"firedrill/grader/probe"
	"firedrill/grader/report"
	"firedrill/lab"
	"firedrill/lab/engine"
	"firedrill/lab/image"
)

// extra is a further service of the candidate's, compiled: see package compose for what it
// may be and which names it gets.
type extra struct {
	compose.Service
	program *engine.Volume
}

// Limits of a further service, besides those of every container.
const (
	extraMemory = 96 << 20
	extraPIDs   = 64
	extraCPUs   = 5e8 // half a core
	// extraTime bounds the wait for all ports of all of them together.
	extraTime = 30 * time.Second
)

// notice tells the examiner something about the candidate's settings and services.
func (x *examination) notice(about, text, output string) {
	x.notices = append(x.notices, report.Notice{About: about, Text: text, Output: output})
}

// buildExtras compiles the candidate's further services. One that does not compile is told
// and does not run: its names lead where they led before.
func (x *examination) buildExtras(ctx context.Context) error {
	for i, s := range x.set.Services {
		src, err := fs.Sub(x.files, s.Dir)
		if err != nil {
			return err
		}
		out, err := x.eng.CreateVolume(ctx, x.run, fmt.Sprintf("app-%d", i))
		if err != nil {
			return err
		}
		x.say("build", "compiling "+s.Name)
		built, err := build.Extra(ctx, x.eng, x.run, x.images.builder, s.Name, src, out)
		if err != nil {
			return err
		}
		if !built.OK {
			x.say("build", built.Reason)
			x.notice("build", built.Reason+"; it is left out", built.Output)
			continue
		}
		x.extras = append(x.extras, extra{s, out})
	}
	return nil
}

// place puts the candidate's names and further services into the platform. A name that they
// take leads to them alone, in every world.
func (x *examination) place(p *lab.Platform) {
	taken := slices.Clone(x.set.Aliases)
	for _, e := range x.extras {
		taken = append(append(taken, e.Name), e.Aliases...)
	}
	for i := range p.Containers {
		c := &p.Containers[i]
		c.Aliases = slices.DeleteFunc(slices.Clone(c.Aliases),
			func(name string) bool { return slices.Contains(taken, name) })
	}
	for _, e := range x.extras {
		p.Containers = append(p.Containers, lab.Container{
			Name: e.Name, Aliases: e.Aliases, Image: x.images.runtime,
			Entrypoint: []string{build.Program(image.AppDir)}, Env: e.Env,
			Mounts: []engine.Mount{{Volume: e.program, Path: image.AppDir, ReadOnly: true}},
			Limits: engine.Limits{Memory: extraMemory, PIDs: extraPIDs, NanoCPUs: extraCPUs},
			Held:   true,
		})
	}
	service := p.Find(x.exam.Service)
	if service == nil {
		return
	}
	service.Aliases = append(service.Aliases, x.set.Aliases...)
	for name, target := range x.set.Hosts {
		if _, err := netip.ParseAddr(target); err != nil && p.Find(target) == nil {
			continue // of a service that does not compile
		}
		if service.Hosts == nil {
			service.Hosts = map[string]string{}
		}
		service.Hosts[name] = target
	}
}

// startExtras starts the further services and waits until each listens where it is going to
// be asked. One that does not is told, and the probes see what follows from it.
func (x *examination) startExtras(ctx context.Context, l *lab.Lab, s *probe.Session) error {
	left := extraTime
	for _, e := range x.extras {
		x.say("service", "starting "+e.Name)
		if err := l.StartContainer(ctx, e.Name); err != nil {
			return err
		}
		c, err := l.Container(e.Name)
		if err != nil {
			return err
		}
		for _, port := range x.ports(e) {
			if left <= 0 {
				x.notice("service", fmt.Sprintf("nobody waited for port %d of %s and further ones: the "+
					"services of one's own have %s together to listen", port, e.Name, extraTime), "")
				break
			}
			up, err := listens(ctx, s, c.Running, net.JoinHostPort(e.Name, strconv.Itoa(port)), &left)
			if err != nil {
				return err
			}
			if !up {
				x.notice("service", fmt.Sprintf("%s does not listen on port %d%s", e.Name, port,
					x.lastWords(ctx, c)), "")
			}
		}
	}
	return nil
}

// listens waits for a port of a further service, no longer than it runs and there is time left.
func listens(ctx context.Context, s *probe.Session, running func(context.Context) (bool, error),
	addr string, left *time.Duration) (bool, error) {
	const turn = 500 * time.Millisecond
	for ; *left > 0; *left -= turn {
		if up, err := s.Await(ctx, addr, turn); err != nil || up {
			return up, err
		}
		if runs, err := running(ctx); err != nil || !runs {
			return false, err
		}
	}
	return false, nil
}

// endedExtras tells of further services that did not run to the end of the probes.
func (x *examination) endedExtras(ctx context.Context, l *lab.Lab) error {
	for _, e := range x.extras {
		c, err := l.Container(e.Name)
		if err != nil {
			return err
		}
		running, err := c.Running(ctx)
		if err != nil {
			return err
		}
		if !running {
			x.notice("service", e.Name+" ended before the probes did"+x.lastWords(ctx, c), "")
		}
	}
	return nil
}

// ports are where a further service is going to be asked: what the file says, the port that
// belongs to an open name of the exam's, and those of addresses in the service's settings.
func (x *examination) ports(e extra) []int {
	out := slices.Clone(e.Ports)
	names := append([]string{e.Name}, e.Aliases...)
	for name, target := range x.set.Hosts {
		if target == e.Name {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if port, ok := x.exam.Open[name]; ok {
			out = append(out, port)
		}
	}
	for _, value := range x.set.Set {
		u, err := url.Parse(value)
		if err != nil || !slices.Contains(names, u.Hostname()) {
			continue
		}
		if port, err := strconv.Atoi(u.Port()); err == nil && port > 0 && port < 1<<16 {
			out = append(out, port)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// names are all names of the exam's platform, and those that a candidate may take.
func (e *Exam) names() (all, open []string) {
	all = append(all, e.Prober)
	for _, c := range e.Platform(Parts{}).Containers {
		all = append(append(all, c.Name), c.Aliases...)
	}
	return all, slices.Sorted(maps.Keys(e.Open))
}
