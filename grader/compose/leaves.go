package compose

import (
	"regexp"
	"strings"

	"firedrill/rubric/strict"
)

// leaf is one scalar of a compose file, with the service that it belongs to.
type leaf struct {
	strict.Leaf
	service string // empty outside services
	// key is the rest of the path under the service: environment.NAME.
	key string
}

// service is one entry under services.
type service struct {
	name string
	line int
}

var (
	environmentItem = regexp.MustCompile(`^environment\[\d+\]$`)
	hostItem        = regexp.MustCompile(`^extra_hosts\[\d+\]$`)
	aliasItem       = regexp.MustCompile(`^networks\.default\.aliases\[\d+\]$`)
	networkItem     = regexp.MustCompile(`^networks\[\d+\]$`)
	exposeItem      = regexp.MustCompile(`^expose\[\d+\]$`)
	portItem        = regexp.MustCompile(`^ports\[\d+\](\.target)?$`)
)

// kind tells what a leaf of a service sets, with the name where it sets a named thing.
func (l leaf) kind() (kind, name string) {
	if rest, ok := strings.CutPrefix(l.key, "environment."); ok {
		return "environment", rest
	}
	if rest, ok := strings.CutPrefix(l.key, "extra_hosts."); ok {
		return "host", rest
	}
	switch {
	case hostItem.MatchString(l.key):
		return "host", ""
	case aliasItem.MatchString(l.key):
		return "alias", ""
	case networkItem.MatchString(l.key) && l.Value == "default",
		l.Value == "" && (l.key == "networks.default" || l.key == "networks.default.aliases"):
		return "network", ""
	case l.key == "networks.default.ipv4_address":
		return "address", ""
	case l.key == "build", l.key == "build.context":
		return "build", ""
	case l.key == "container_name":
		return "container_name", ""
	case exposeItem.MatchString(l.key):
		return "expose", ""
	case portItem.MatchString(l.key):
		return "ports", ""
	}
	return "", ""
}

// leaves reads a compose file as scalars with paths. Environments written as a list
// ("NAME=value") get the paths of the mapping form.
func leaves(data []byte) (all []leaf, services []service, line int, problem string) {
	doc, root := strict.Parse(data)
	plain := root.Leaves()
	for _, p := range doc.Problems() {
		// A variable without a value is passed on from the host in compose; here it is
		// nothing, like every other key without a value.
		if p.Message != "has no value" {
			return nil, nil, p.Line, strings.TrimSpace(p.Path + " " + p.Message)
		}
	}
	if root.Present() {
		list := root.Map(root.Keys()...).Get("services")
		if list.Present() {
			for _, name := range list.Keys() {
				services = append(services, service{name, doc.Line("services." + name)})
			}
		}
	}
	for _, l := range plain {
		all = append(all, placed(l, services))
	}
	return all, services, 0, ""
}

// placed finds the service of a leaf: names may hold dots, so the longest one that fits.
func placed(l strict.Leaf, services []service) leaf {
	out := leaf{Leaf: l}
	for _, s := range services {
		rest, ok := strings.CutPrefix(l.Path, "services."+s.name)
		switch {
		case !ok || len(s.name) < len(out.service):
		case rest == "":
			out.service, out.key = s.name, ""
		case rest[0] == '.':
			out.service, out.key = s.name, rest[1:]
		}
	}
	name, value, ok := strings.Cut(l.Value, "=")
	if ok && environmentItem.MatchString(out.key) {
		out.key = "environment." + name
		out.Path, out.Value = "services."+out.service+"."+out.key, value
	}
	return out
}
