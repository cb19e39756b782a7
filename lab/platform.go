package lab

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"firedrill/lab/engine"
)

// World is a state of the lab, see the constants.
type World string

const (
	Faulty   World = "faulty"   // the fault is there; every lab starts in it
	Healed   World = "healed"   // what was missing is there
	Relapsed World = "relapsed" // the fault has come back
)

// Platform is the requested state of an exam's environment: plain values, nothing running.
type Platform struct {
	// Name is the exam's, e.g. "payment".
	Name string
	// Containers are started together; each waits only for what it needs.
	Containers []Container
	// Exposed lets containers publish ports on the host's loopback. An isolated
	// platform, the default, is reached from inside only.
	Exposed bool
}

// Container is the requested state of one container of a platform.
type Container struct {
	Name       string   // host name, which the others resolve
	Aliases    []string // further names
	Image      string   // reference, as package image gives it
	Entrypoint []string
	Cmd        []string
	Env        map[string]string
	User       string
	Dir        string
	Tmpfs      map[string]string // path to mount options
	Files      []engine.File     // laid in before the start
	FilesDir   string            // the one directory that Files lie in
	Mounts     []engine.Mount    // volumes of the same run
	Limits     engine.Limits
	Ports      map[string]int // "8080/tcp" to loopback port, 0 any; on exposed platforms
	Stdin      bool           // keep standard input open for Attach

	// Ready is a text that the container writes when it is ready, as often as Times
	// says (0 is once); empty: ready when started.
	Ready string
	Times int
	// Needs names containers that must be ready before this one starts.
	Needs []string
	// After names containers that must have been started, ready or not: for those that
	// wait for one another by themselves.
	After []string
	// Hosts are names that the container resolves by itself, before any name server: to
	// another container of the platform, or to an address of its own loopback.
	Hosts map[string]string
	// In lists the worlds in which it runs; empty: all.
	In []World
	// NameServer makes it the name server of all the others.
	NameServer bool
	// EngineSocket gives it the engine's socket and no network; only for our own log proxy,
	// which never runs a candidate's code. See engine.Spec.
	EngineSocket bool
	// SocketDir is where the lab's one volume for Unix sockets is mounted: how others reach
	// a container without network. It is writable beside EngineSocket only.
	SocketDir string
	// Held containers are created with the rest and started by Lab.StartContainer.
	Held bool
	// Late containers are not created before they start for the first time, so that
	// nobody finds them in a world in which they have no business.
	Late bool
}

// runsIn reports whether the container belongs to the world.
func (c Container) runsIn(w World) bool { return len(c.In) == 0 || slices.Contains(c.In, w) }

// Find gives the container of that name, nil if there is none.
func (p *Platform) Find(name string) *Container {
	for i := range p.Containers {
		if p.Containers[i].Name == name {
			return &p.Containers[i]
		}
	}
	return nil
}

// Validate reports what Start could not carry out.
func (p *Platform) Validate() error {
	seen := map[string]bool{}
	servers := 0
	for _, c := range p.Containers {
		switch {
		case c.Name == "":
			return fmt.Errorf("platform %s: a container has no name", p.Name)
		case seen[c.Name]:
			return fmt.Errorf("platform %s: two containers are named %s", p.Name, c.Name)
		case c.Image == "":
			return fmt.Errorf("platform %s: container %s has no image", p.Name, c.Name)
		case len(c.Files) > 0 && c.FilesDir == "":
			return fmt.Errorf("platform %s: files of %s have no directory", p.Name, c.Name)
		}
		for _, need := range slices.Concat(c.Needs, c.After) {
			if !seen[need] {
				return fmt.Errorf("platform %s: %s needs %s, which must stand before it",
					p.Name, c.Name, need)
			}
		}
		seen[c.Name] = true
		if c.NameServer {
			servers++
		}
	}
	if servers > 1 {
		return fmt.Errorf("platform %s: more than one name server", p.Name)
	}
	return p.validateHosts()
}

// maxTargets bounds the containers that Hosts lead to: each has a fixed address, of which a
// network has few.
const maxTargets = 12

func (p *Platform) validateHosts() error {
	for _, c := range p.Containers {
		for name, target := range c.Hosts {
			if p.Find(target) == nil && !loopback(target) {
				return fmt.Errorf("platform %s: %s of %s leads to %s, which is none of its containers",
					p.Name, name, c.Name, target)
			}
		}
	}
	if n := len(p.targets()); n > maxTargets {
		return fmt.Errorf("platform %s: hosts entries lead to %d containers, at most %d can be",
			p.Name, n, maxTargets)
	}
	return nil
}

// loopback reports whether a target is an address of the container's own loopback. The engine
// takes none with a zone.
func loopback(target string) bool {
	a, err := netip.ParseAddr(target)
	return err == nil && a.IsLoopback() && a.Zone() == ""
}

// targets are the containers that Hosts lead to, in the order of the platform.
func (p *Platform) targets() []string {
	var out []string
	for _, c := range p.Containers {
		if slices.ContainsFunc(p.Containers, func(of Container) bool {
			return slices.Contains(slices.Collect(maps.Values(of.Hosts)), c.Name)
		}) {
			out = append(out, c.Name)
		}
	}
	return out
}
