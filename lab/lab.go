// Package lab runs an exam's environment in throw-away containers.
//
// A Platform is what is asked for: plain values that an exam writes down. A Lab is what
// runs: containers on one network of its own, isolated from the host and from every other
// lab, in one of three worlds. Heal and Break move between them by starting and stopping
// the containers that belong to a world, so what a service sees is a name that appears and
// disappears, as in the incident.
//
// The package knows no exam by name, judges nothing and opens nothing of a candidate's.
// Waiting is following a container's output; there is no sleep and no polling.
package lab

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"firedrill/lab/engine"
)

// Lab is a running environment. Its methods may be called from one goroutine at a time,
// but Close at any time.
type Lab struct {
	Run      engine.Run
	eng      *engine.Engine
	plat     Platform
	net      *engine.Network
	world    World
	mu       sync.Mutex // guards unit
	unit     map[string]*unit
	deadline time.Duration
}

// unit is one container of the lab and what is known of it.
type unit struct {
	want  Container
	c     *engine.Container
	begun chan struct{} // closed when started or failed
	ready chan struct{} // closed when ready or failed
	err   error         // why it failed; read after ready
	up    bool
}

// Options are what a lab needs beside its platform.
type Options struct {
	// Run labels all objects. The zero value makes a fresh one that expires in an hour.
	Run engine.Run
	// ReadyTime bounds the start of each container; default one minute.
	ReadyTime time.Duration
	// Now is the clock; default time.Now.
	Now func() time.Time
}

// readyTime bounds the start of a container where nobody says otherwise.
const readyTime = time.Minute

// Life is how long a lab lives before anybody may sweep it.
const Life = time.Hour

// Start runs the platform in the faulty world and returns when every container is ready.
// The lab is returned with the error, so that the caller can read its logs; Close it in
// either case. Closing a nil Lab is allowed.
func Start(ctx context.Context, eng *engine.Engine, p Platform, o Options) (*Lab, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Run.ID == "" {
		o.Run = engine.NewRun(o.Now().Add(Life))
	}
	if o.ReadyTime == 0 {
		o.ReadyTime = readyTime
	}
	l := &Lab{Run: o.Run, eng: eng, plat: p, world: Faulty,
		unit: map[string]*unit{}, deadline: o.ReadyTime}
	for _, c := range p.Containers {
		l.unit[c.Name] = newUnit(c)
	}
	net, err := eng.CreateNetwork(ctx, l.Run, p.Exposed)
	if err != nil {
		return l, err
	}
	l.net = net
	return l, l.bringUp(ctx)
}

// bringUp creates everything at once and starts each container as soon as what it needs
// is ready.
func (l *Lab) bringUp(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, c := range l.plat.Containers {
		u := l.unit[c.Name]
		g.Go(func() error {
			u.err = l.bringUpOne(ctx, u)
			u.settle()
			return u.err
		})
	}
	return g.Wait()
}

func (l *Lab) bringUpOne(ctx context.Context, u *unit) error {
	runs := !u.want.Held && u.want.runsIn(l.world)
	if u.want.Late && !runs {
		return nil
	}
	if err := l.create(ctx, u); err != nil || !runs {
		return err
	}
	for _, need := range u.want.Needs {
		if err := l.unit[need].await(ctx, l.unit[need].ready); err != nil {
			return err
		}
	}
	for _, other := range u.want.After {
		if err := l.unit[other].await(ctx, l.unit[other].begun); err != nil {
			return err
		}
	}
	err := l.start(ctx, u)
	u.up = err == nil
	return err
}

func newUnit(c Container) *unit {
	return &unit{want: c, begun: make(chan struct{}), ready: make(chan struct{})}
}

// settle says that nothing more happens to the unit: it is ready, or it failed.
func (u *unit) settle() {
	u.begin()
	close(u.ready)
}

func (u *unit) begin() {
	select {
	case <-u.begun:
	default:
		close(u.begun)
	}
}

// await waits for a stage of the unit; its failure is an error once the unit has settled.
func (u *unit) await(ctx context.Context, stage <-chan struct{}) error {
	select {
	case <-stage:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-u.ready:
		return u.err
	default:
		return nil
	}
}

// create makes the container with its files on a volume of its own.
func (l *Lab) create(ctx context.Context, u *unit) error {
	c := u.want
	s := engine.Spec{
		Name: c.Name, Image: c.Image, Entrypoint: c.Entrypoint, Cmd: c.Cmd, Env: c.Env,
		User: c.User, Dir: c.Dir, Tmpfs: c.Tmpfs, Volumes: c.Mounts, Limits: c.Limits,
		Network: l.net, Aliases: append([]string{c.Name}, c.Aliases...), Stdin: c.Stdin,
		EngineSocket: c.EngineSocket,
	}
	if c.EngineSocket {
		s.Network = nil
	}
	if l.plat.Exposed {
		s.Ports = c.Ports
	}
	if c.SocketDir != "" {
		v, err := l.eng.CreateSocketVolume(ctx, l.Run, "sockets")
		if err != nil {
			return err
		}
		s.Volumes = append(s.Volumes[:len(s.Volumes):len(s.Volumes)],
			engine.Mount{Volume: v, Path: c.SocketDir, ReadOnly: !c.EngineSocket})
	}
	s.Address = l.address(c)
	if !c.NameServer && l.hasNameServer() {
		s.DNS = l.nameServer()
	}
	s.Hosts = l.hosts(c)
	if len(c.Files) > 0 {
		v, err := l.eng.CreateVolume(ctx, l.Run, c.Name+"-files")
		if err != nil {
			return err
		}
		s.Files = c.Files
		s.Volumes = append(s.Volumes[:len(s.Volumes):len(s.Volumes)],
			engine.Mount{Volume: v, Path: c.FilesDir})
	}
	made, err := l.eng.Create(ctx, l.Run, s)
	if err != nil {
		return err
	}
	l.mu.Lock()
	u.c = made
	l.mu.Unlock()
	return nil
}

func (l *Lab) hasNameServer() bool {
	for _, c := range l.plat.Containers {
		if c.NameServer {
			return true
		}
	}
	return false
}

// nameServer is the first fixed address of the network.
func (l *Lab) nameServer() netip.Addr { return l.net.Fixed(0) }

// address is the fixed address of a container that others must know before it runs; all the
// others get one by themselves.
func (l *Lab) address(c Container) netip.Addr {
	if c.NameServer {
		return l.nameServer()
	}
	if i := slices.Index(l.plat.targets(), c.Name); i >= 0 {
		return l.net.Fixed(1 + i)
	}
	return netip.Addr{}
}

// hosts resolves the names of a container's Hosts.
func (l *Lab) hosts(c Container) map[string]netip.Addr {
	out := map[string]netip.Addr{}
	for name, target := range c.Hosts {
		if to := l.plat.Find(target); to != nil {
			out[name] = l.address(*to)
		} else if own, err := netip.ParseAddr(target); err == nil {
			out[name] = own
		}
	}
	return out
}

// start starts one container, creates it if that is still to do, and waits until it is
// ready.
func (l *Lab) start(ctx context.Context, u *unit) error {
	if u.c == nil {
		if err := l.create(ctx, u); err != nil {
			return err
		}
	}
	if err := u.c.Start(ctx); err != nil {
		return err
	}
	u.begin()
	if u.want.Ready == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, l.deadline)
	defer cancel()
	return u.c.WaitLine(ctx, u.want.Ready, max(1, u.want.Times))
}

// StartContainer starts a held container and waits until it is ready.
func (l *Lab) StartContainer(ctx context.Context, name string) error {
	u, err := l.known(name)
	if err != nil {
		return err
	}
	if u.up {
		return nil
	}
	if err := l.start(ctx, u); err != nil {
		return err
	}
	u.up = true
	return nil
}

// Container gives the engine's handle of a container, for its logs and streams.
func (l *Lab) Container(name string) (*engine.Container, error) {
	u, err := l.find(name)
	if err != nil {
		return nil, err
	}
	return u.c, nil
}

// known gives a container of the platform, whether it was created or not.
func (l *Lab) known(name string) (*unit, error) {
	u, ok := l.unit[name]
	if !ok {
		return nil, fmt.Errorf("lab %s has no container %s", l.plat.Name, name)
	}
	return u, nil
}

// find gives a container that was created.
func (l *Lab) find(name string) (*unit, error) {
	u, err := l.known(name)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if u.c == nil {
		return nil, fmt.Errorf("container %s of lab %s was not created", name, l.plat.Name)
	}
	return u, nil
}

// World tells which world the lab is in.
func (l *Lab) World() World { return l.world }

// Heal ends the fault.
func (l *Lab) Heal(ctx context.Context) error { return l.Enter(ctx, Healed) }

// Break brings the fault back.
func (l *Lab) Break(ctx context.Context) error { return l.Enter(ctx, Relapsed) }

// Enter starts what belongs to the world and stops what does not, and returns when all
// that was started is ready.
func (l *Lab) Enter(ctx context.Context, w World) error {
	if w == l.world {
		return nil
	}
	g, gctx := errgroup.WithContext(ctx)
	for _, c := range l.plat.Containers {
		if len(c.In) == 0 {
			continue // worlds are not its business
		}
		u, in := l.unit[c.Name], c.runsIn(w)
		switch {
		case in && !u.up && !c.Held:
			g.Go(func() error { return l.raise(gctx, u) })
		case !in && u.up:
			g.Go(func() error { return l.lower(gctx, u) })
		}
	}
	if err := g.Wait(); err != nil {
		return fmt.Errorf("enter world %s: %w", w, err)
	}
	l.world = w
	return nil
}

func (l *Lab) raise(ctx context.Context, u *unit) error {
	err := l.start(ctx, u)
	u.up = err == nil
	return err
}

func (l *Lab) lower(ctx context.Context, u *unit) error {
	ctx, cancel := context.WithTimeout(ctx, l.deadline)
	defer cancel()
	if err := u.c.Stop(ctx); err != nil {
		return err
	}
	_, err := u.c.Wait(ctx)
	u.up = false
	return err
}

// Release lets the lab outlive this process, until its run expires or is removed. Before
// that it dies with the process, whatever ends it.
func (l *Lab) Release(ctx context.Context) error { return l.eng.Release(ctx, l.Run) }

// Close removes every object of the lab's run, also after ctx has ended, and also those
// that a cancelled Start left half made. It may be called more than once.
func (l *Lab) Close(ctx context.Context) error {
	if l == nil {
		return nil
	}
	ctx, cancel := engine.Detach(ctx)
	defer cancel()
	_, err := l.eng.RemoveRun(ctx, l.Run.ID)
	return err
}
