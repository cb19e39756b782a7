package compose

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// hostName is what a container may be called: a name that resolvers take.
var hostName = regexp.MustCompile(`^[a-z0-9]([a-z0-9_.-]{0,61}[a-z0-9])?$`)

// refuseName says why a service of the candidate's cannot have a name.
func (r *reading) refuseName(s string) string {
	_, numeric := netip.ParseAddr(s)
	inKit := slices.ContainsFunc(r.was, func(l leaf) bool { return l.service == s })
	switch {
	case !hostName.MatchString(s) || numeric == nil:
		return fmt.Sprintf("%.80q is no name of a host in lower case", s)
	case s == "localhost" || strings.HasSuffix(s, ".localhost") ||
		strings.HasSuffix(s, ".docker.internal"):
		return s + " is a name of every machine's own"
	case slices.Contains(r.Open, s):
		return ""
	case inKit || slices.Contains(r.Names, s):
		return s + " is a name of the platform"
	}
	return ""
}

func (r *reading) alias(into *[]string, owner, value string) string {
	name, err := resolve(value, r.vars)
	if err != nil {
		return err.Error()
	}
	name = strings.ToLower(name)
	if why := r.refuseName(name); why != "" {
		return why
	}
	switch by, ok := r.taken[name]; {
	case ok && by == owner:
		return ""
	case ok:
		return fmt.Sprintf("%s is a name of %s already", name, by)
	case r.aliases == maxAliases:
		return fmt.Sprintf("more than %d aliases", maxAliases)
	}
	r.aliases++
	r.taken[name] = owner
	*into = append(*into, name)
	return ""
}

// addresses notes where the file places services, for hosts entries.
func (r *reading) addresses() {
	r.at = map[netip.Addr]string{}
	for _, l := range r.is {
		if l.key != "networks.default.ipv4_address" {
			continue
		}
		value, err := resolve(l.Value, r.vars)
		if a, bad := netip.ParseAddr(value); err == nil && bad == nil {
			r.at[a.Unmap()] = l.service
		}
	}
}

// host applies an entry of extra_hosts: name:target in a list, or a mapping.
func (r *reading) host(name, value string) string {
	value, err := resolve(value, r.vars)
	if err != nil {
		return err.Error()
	}
	target := value
	if name == "" {
		i := strings.IndexAny(value, ":=")
		if i < 0 {
			return "not of the form name:address"
		}
		name, target = value[:i], value[i+1:]
	}
	name, target = strings.ToLower(name), strings.Trim(target, "[]")
	if why := r.refuseName(name); why != "" {
		return why
	}
	to, why := r.target(target)
	if why != "" {
		return why
	}
	if _, known := r.out.Hosts[name]; !known && len(r.out.Hosts) == maxHosts {
		return fmt.Sprintf("more than %d entries", maxHosts)
	}
	if r.out.Hosts == nil {
		r.out.Hosts = map[string]string{}
	}
	r.out.Hosts[name] = to
	return ""
}

// target finds where a hosts entry leads.
func (r *reading) target(value string) (to, why string) {
	address, err := netip.ParseAddr(value)
	if err != nil {
		if value = strings.ToLower(value); r.contains(value) {
			return value, ""
		}
		return "", fmt.Sprintf("%.80q is no container of the lab", value)
	}
	if address.Zone() != "" {
		return "", fmt.Sprintf("%.80q names a zone, which no hosts entry can hold", value)
	}
	address = address.Unmap() // a mapped address of version 4 is the same place
	if address.IsLoopback() {
		return address.String(), ""
	}
	if at, ok := r.at[address]; ok && r.contains(at) {
		return at, ""
	}
	return "", fmt.Sprintf("%s is no address that the file gives to a container of the lab", address)
}

// contains reports whether the lab has a container of that name: the kit's, or a further
// service that runs.
func (r *reading) contains(name string) bool {
	for _, x := range r.extra {
		if x.Name == name {
			return x.wrong == ""
		}
	}
	return slices.ContainsFunc(r.was, func(l leaf) bool { return l.service == name }) &&
		slices.Contains(r.Names, name)
}
