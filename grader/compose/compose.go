// Package compose reads what a candidate changed in the compose file.
//
// The file is data: nothing of it is handed to Docker. It is compared with the kit's,
// value by value, and each difference is either on the allow-list, which so far is the
// environment of the candidate's own service, or it is reported as not applied, with its
// line. So a mitigation by a setting counts, and nobody gets a volume, a capability or a
// name of ours by asking for it.
//
// References such as ${NAME:-default} are resolved with the .env file of the submission
// and the default alone. The environment of the machine that grades is never read.
//
// Not here yet: extra_hosts, aliases and stub services of the candidate's own.
package compose

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"firedrill/rubric/strict"
)

// MaxSize bounds the file, in bytes; a larger one is not read.
const MaxSize = 64 << 10

// Change is one difference between the candidate's file and the kit's.
type Change struct {
	Path string // services.NAME.environment.KEY
	Line int    // 1-based in the candidate's file; 0 for what was taken out
	// Value is the candidate's; empty for what was taken out.
	Value string
	// Applied tells whether the service is probed with it; Reason says why not.
	Applied bool
	Reason  string
}

// String says the change in words.
func (c Change) String() string {
	where := fmt.Sprintf("line %d", c.Line)
	if c.Line == 0 {
		where = "taken out"
	}
	if c.Applied {
		return fmt.Sprintf("%s (%s): applied", c.Path, where)
	}
	return fmt.Sprintf("%s (%s): not applied: %s", c.Path, where, c.Reason)
}

// Overrides are the changes that a service is started with.
type Overrides struct {
	// Set holds variables with new values, Unset those that were taken out.
	Set   map[string]string
	Unset []string
}

// Fixed are variables of the platform that a service cannot move: a probe would look for
// it in the wrong place.
var fixed = []string{"PORT", "DATABASE_URL"}

// Compare reads the candidate's compose file against the kit's. service is the name of
// the candidate's own service, dotenv the submission's .env. A file that cannot be read
// has one change that says so; nothing of it is applied.
func Compare(kit, candidate, dotenv []byte, service string) (Overrides, []Change) {
	out := Overrides{Set: map[string]string{}}
	if len(candidate) > MaxSize {
		return out, unreadable(0, fmt.Sprintf("larger than %d KiB", MaxSize>>10))
	}
	was, _, _ := leaves(kit)
	is, line, problem := leaves(candidate)
	if problem != "" {
		return out, unreadable(line, problem)
	}
	vars := parseEnv(dotenv)
	prefix := "services." + service + ".environment."
	var changes []Change
	for _, l := range is {
		if old, ok := find(was, l.Path); ok && old.Value == l.Value {
			continue
		}
		c := Change{Path: l.Path, Line: l.Line, Value: l.Value}
		name, own := strings.CutPrefix(l.Path, prefix)
		switch {
		case !own:
			c.Reason = "only the environment of " + service + " is taken over"
		case slices.Contains(fixed, name):
			c.Reason = "the platform fixes it"
		case !variable.MatchString(name):
			c.Reason = "not the name of a variable"
		default:
			value, err := resolve(l.Value, vars)
			if c.Applied = err == nil; c.Applied {
				out.Set[name] = value
			} else {
				c.Reason = err.Error()
			}
		}
		changes = append(changes, c)
	}
	for _, l := range was {
		if _, ok := find(is, l.Path); ok {
			continue
		}
		c := Change{Path: l.Path, Reason: "only the environment of " + service + " is taken over"}
		if name, own := strings.CutPrefix(l.Path, prefix); own {
			c.Reason = "the platform fixes it"
			if c.Applied = !slices.Contains(fixed, name); c.Applied {
				c.Reason = ""
				out.Unset = append(out.Unset, name)
			}
		}
		changes = append(changes, c)
	}
	return out, changes
}

func unreadable(line int, why string) []Change {
	return []Change{{Path: "the whole file", Line: line, Reason: why}}
}

func find(all []strict.Leaf, path string) (strict.Leaf, bool) {
	i := slices.IndexFunc(all, func(l strict.Leaf) bool { return l.Path == path })
	if i < 0 {
		return strict.Leaf{}, false
	}
	return all[i], true
}

// leaves reads a compose file as scalars with paths. Environments written as a list
// ("NAME=value") get the paths of the mapping form.
func leaves(data []byte) (all []strict.Leaf, line int, problem string) {
	doc, root := strict.Parse(data)
	all = root.Leaves()
	for _, p := range doc.Problems() {
		// A variable without a value is passed on from the host in compose; here it is
		// nothing, like every other key without a value.
		if p.Message != "has no value" {
			return nil, p.Line, strings.TrimSpace(p.Path + " " + p.Message)
		}
	}
	for i, l := range all {
		m := listed.FindStringSubmatch(l.Path)
		name, value, ok := strings.Cut(l.Value, "=")
		if m != nil && ok {
			all[i].Path, all[i].Value = m[1]+"."+name, value
		}
	}
	return all, 0, ""
}

var (
	listed   = regexp.MustCompile(`^(services\..+\.environment)\[\d+\]$`)
	variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,63}$`)
	ref      = regexp.MustCompile(`\$(?:\$|\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?-)([^{}]*))?\}|([A-Za-z_][A-Za-z0-9_]*)|)`)
)

// maxValue bounds a variable's value, in bytes.
const maxValue = 4096

// resolve replaces references in a value.
func resolve(value string, vars map[string]string) (string, error) {
	var bad error
	out := ref.ReplaceAllStringFunc(value, func(m string) string {
		if m == "$$" {
			return "$"
		}
		g := ref.FindStringSubmatch(m)
		name := g[1] + g[4]
		v, set := vars[name]
		switch {
		case name == "":
			bad = fmt.Errorf("the reference at %q cannot be read", m)
		case g[2] == ":-" && v == "", g[2] == "-" && !set:
			return g[3]
		case !set:
			bad = fmt.Errorf("%s is set neither in .env nor by a default", name)
		}
		return v
	})
	if bad == nil && (len(out) > maxValue || strings.ContainsRune(out, 0)) {
		bad = fmt.Errorf("the value is longer than %d bytes or no text", maxValue)
	}
	return out, bad
}

// parseEnv reads NAME=value lines; others are passed over.
func parseEnv(data []byte) map[string]string {
	out := map[string]string{}
	if len(data) > MaxSize {
		return out
	}
	for line := range strings.Lines(string(data)) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if !ok || !variable.MatchString(name) {
			continue
		}
		value = strings.TrimSpace(value)
		if n := len(value); n >= 2 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
			value = value[1 : n-1]
		}
		out[name] = value
	}
	return out
}
