// Package compose reads what a candidate changed in the compose file.
//
// The file is data: nothing of it is handed to Docker. It is compared with the kit's, value
// by value, and each difference is either on the allow-list or reported as not applied, with
// its line. So a mitigation by a setting counts, and nobody gets a volume, a capability, a
// path of the host or a name of ours by asking for it.
//
// # What is applied
//
// Of the candidate's own service: its environment; network aliases; and extra_hosts, whose
// names may lead to a container of the lab (by its name, or by the address that the file
// gives it) or to the service's own loopback.
//
// Of services that the kit does not have, a few: each is built from Go source in the
// submission (`build: ./DIR`, with a go.mod), offline and in the sandbox like the service
// itself, and runs on the lab's network with its environment, under its names. Dockerfile,
// image, command, ports of the host and everything else are not read.
//
// # Names
//
// No name of the platform can be taken, neither by an alias nor by a hosts entry, but for
// those that the exam leaves open: the name whose absence is the fault. Whoever takes that
// one owns it for good: in every world the name leads to the candidate's own container and
// to no other, also once the real one is back. It would be so outside the lab: Docker answers
// a container's name before it asks any name server, and a hosts entry comes before both.
// Two addresses under one name, now this and now that, would be an accident of the lab. What
// such a stub costs is for the probes to show.
//
// References such as ${NAME:-default} are resolved with the .env file of the submission and
// the default alone. The environment of the machine that grades is never read.
package compose

import (
	"fmt"
	"io/fs"
	"net/netip"
	"slices"
)

// Limits of what is taken over.
const (
	// MaxSize bounds the file, in bytes; a larger one is not read.
	MaxSize = 64 << 10
	// MaxServices bounds the candidate's further services.
	MaxServices = 3
	maxAliases  = 8  // of all services together
	maxHosts    = 8  // entries of extra_hosts
	maxPorts    = 4  // of one service, to be waited for
	maxEnv      = 64 // variables of one service
)

// Lab is what changes are applied to.
type Lab struct {
	// Service is the candidate's own service.
	Service string
	// Names are all names of the platform; Open those among them that services of the
	// candidate's may take.
	Names, Open []string
}

// Files are the files that are compared and read.
type Files struct {
	Kit, Candidate, DotEnv []byte
	// Submission holds the directories that services may be built from.
	Submission fs.FS
}

// Overrides are the changes that the lab is started with.
type Overrides struct {
	// Set holds variables with new values, Unset those that were taken out.
	Set   map[string]string
	Unset []string
	// Aliases are further names of the candidate's service.
	Aliases []string
	// Hosts are names that the service resolves by itself: to a container of the lab, or to
	// an address of its loopback.
	Hosts map[string]string
	// Services are the candidate's further services, in the order of the file.
	Services []Service
}

// Service is one further service of the candidate's.
type Service struct {
	// Name is its name in the file, Line the line on which it begins.
	Name string
	Line int
	// Dir is the directory of its Go source, relative to the submission.
	Dir     string
	Env     map[string]string
	Aliases []string
	// Ports are those that the file says it listens on.
	Ports []int
}

// Names are all names that services of the candidate's take.
func (o Overrides) Names() []string {
	out := slices.Clone(o.Aliases)
	for _, s := range o.Services {
		out = append(append(out, s.Name), s.Aliases...)
	}
	return out
}

// Fixed are variables of the platform that a service cannot move: a probe would look for
// it in the wrong place.
var fixed = []string{"PORT", "DATABASE_URL"}

// Compare reads the candidate's compose file against the kit's. A file that cannot be read
// has one change that says so; nothing of it is applied.
func Compare(f Files, lab Lab) (Overrides, []Change) {
	none := Overrides{Set: map[string]string{}}
	if len(f.Candidate) > MaxSize {
		return none, unreadable(0, fmt.Sprintf("larger than %d KiB", MaxSize>>10))
	}
	was, _, _, _ := leaves(f.Kit)
	is, services, line, problem := leaves(f.Candidate)
	if problem != "" {
		return none, unreadable(line, problem)
	}
	r := &reading{Lab: lab, files: f, vars: parseEnv(f.DotEnv), out: none, was: was, is: is}
	r.addresses()
	r.announce(services)
	changes := r.empty()
	for _, l := range is {
		if old, ok := find(was, l.Path); !ok || old.Value != l.Value {
			c := Change{Path: l.Path, Line: l.Line, Value: l.Value}
			c.decide(r.apply(l))
			changes = append(changes, c)
		}
	}
	for _, l := range was {
		if _, ok := find(is, l.Path); !ok {
			c := Change{Path: l.Path}
			c.decide(r.without(l))
			changes = append(changes, c)
		}
	}
	return r.result(), changes
}

// reading is the state of one comparison.
type reading struct {
	Lab
	files   Files
	vars    map[string]string
	was, is []leaf
	out     Overrides
	// extra are the candidate's further services by name, sound or not, in order.
	extra []*extra
	// at gives the service that the file places at an address.
	at map[netip.Addr]string
	// taken are names that the candidate's services have got so far, by whom; aliases counts
	// those that are aliases.
	taken   map[string]string
	aliases int
}

// result leaves out what is not sound.
func (r *reading) result() Overrides {
	for _, x := range r.extra {
		if x.wrong == "" {
			r.out.Services = append(r.out.Services, x.Service)
		}
	}
	return r.out
}

// empty lists the services that hold nothing at all.
func (r *reading) empty() []Change {
	var out []Change
	for _, x := range r.extra {
		if !slices.ContainsFunc(r.is, func(l leaf) bool { return l.service == x.Name }) {
			out = append(out, Change{Path: "services." + x.Name, Line: x.Line, Reason: x.wrong})
		}
	}
	return out
}

// apply takes one changed value over, or says why not.
func (r *reading) apply(l leaf) (why string) {
	if l.service == r.Service {
		return r.own(l)
	}
	for _, x := range r.extra {
		if x.Name != l.service {
			continue
		}
		if x.wrong != "" {
			return x.wrong
		}
		return r.further(x, l)
	}
	return "only changes of " + r.Service + " and services of one's own are taken over"
}

// own applies a value of the candidate's own service.
func (r *reading) own(l leaf) string {
	kind, rest := l.kind()
	switch kind {
	case "environment":
		if slices.Contains(fixed, rest) {
			return "the platform fixes it"
		}
		return r.variable(r.out.Set, rest, l.Value)
	case "alias":
		return r.alias(&r.out.Aliases, r.Service, l.Value)
	case "host":
		return r.host(rest, l.Value)
	case "network":
		return ""
	}
	return "only environment, extra_hosts and aliases of " + r.Service + " are taken over"
}

// without applies the absence of a value that the kit has.
func (r *reading) without(l leaf) string {
	kind, name := l.kind()
	switch {
	case l.service != r.Service || kind != "environment":
		return "only the environment of " + r.Service + " can be taken out"
	case slices.Contains(fixed, name):
		return "the platform fixes it"
	}
	r.out.Unset = append(r.out.Unset, name)
	return ""
}

func (r *reading) variable(into map[string]string, name, value string) string {
	if !variable.MatchString(name) {
		return "not the name of a variable"
	}
	if len(into) == maxEnv {
		return fmt.Sprintf("more than %d variables", maxEnv)
	}
	value, err := resolve(value, r.vars)
	if err != nil {
		return err.Error()
	}
	into[name] = value
	return ""
}

func find(all []leaf, path string) (leaf, bool) {
	i := slices.IndexFunc(all, func(l leaf) bool { return l.Path == path })
	if i < 0 {
		return leaf{}, false
	}
	return all[i], true
}
