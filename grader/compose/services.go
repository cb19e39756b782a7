package compose

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// extra is a further service with what is wrong with it as a whole.
type extra struct {
	Service
	wrong string
}

// announce finds the further services, so that others may refer to them, and what keeps
// each from running.
func (r *reading) announce(services []service) {
	r.taken = map[string]string{}
	for _, s := range services {
		if inKit := slices.ContainsFunc(r.was, func(l leaf) bool { return l.service == s.name }); inKit {
			continue
		}
		x := &extra{Service: Service{Name: s.name, Line: s.line, Env: map[string]string{}}}
		x.wrong = r.unsound(x)
		r.extra = append(r.extra, x)
	}
	sound := 0
	for _, x := range r.extra {
		if x.wrong == "" {
			if sound++; sound > MaxServices {
				x.wrong = fmt.Sprintf("more than %d services of one's own", MaxServices)
			}
		}
		if x.wrong == "" {
			r.taken[x.Name] = x.Name
		}
	}
}

// unsound says why a further service cannot run, and finds its source.
func (r *reading) unsound(x *extra) string {
	if why := r.refuseName(x.Name); why != "" {
		return why
	}
	build, ok := find(r.is, "services."+x.Name+".build.context")
	if !ok {
		build, ok = find(r.is, "services."+x.Name+".build")
	}
	if !ok {
		return "only services built from Go source in the submission are run: build: ./DIR"
	}
	value, err := resolve(build.Value, r.vars)
	if err != nil {
		return err.Error()
	}
	dir := path.Clean(strings.TrimPrefix(value, "./"))
	if !fs.ValidPath(dir) || dir == "." || path.IsAbs(value) {
		return fmt.Sprintf("%q is no directory of the submission", value)
	}
	if r.files.Submission == nil {
		return "the submission holds no further files"
	}
	if _, err := fs.Stat(r.files.Submission, path.Join(dir, "go.mod")); err != nil {
		return dir + " holds no go.mod: only Go source is built"
	}
	x.Dir = dir
	return ""
}

// further applies a value of a further service.
func (r *reading) further(x *extra, l leaf) string {
	kind, rest := l.kind()
	switch kind {
	case "environment":
		return r.variable(x.Env, rest, l.Value)
	case "alias":
		return r.alias(&x.Aliases, x.Name, l.Value)
	case "build", "network", "address":
		return ""
	case "container_name":
		if value, err := resolve(l.Value, r.vars); err == nil && value == x.Name {
			return ""
		}
		return r.alias(&x.Aliases, x.Name, l.Value)
	case "expose":
		return r.port(x, l.Value)
	case "ports":
		if why := r.port(x, l.Value); why != "" {
			return why
		}
		return "nothing is published on the host; the lab's containers reach every port"
	}
	return "a service of one's own is built from Go source and run as the lab runs the service"
}

func (r *reading) port(x *extra, value string) string {
	value, err := resolve(value, r.vars)
	if err != nil {
		return err.Error()
	}
	value, _, _ = strings.Cut(value[strings.LastIndexByte(value, ':')+1:], "/")
	port, err := strconv.Atoi(value)
	switch {
	case err != nil || port < 1 || port > 65535:
		return "not the number of a port"
	case len(x.Ports) == maxPorts:
		return fmt.Sprintf("more than %d ports", maxPorts)
	case !slices.Contains(x.Ports, port):
		x.Ports = append(x.Ports, port)
	}
	return ""
}
