package compose

import (
	"fmt"
	"regexp"
	"strings"
)

var (
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
