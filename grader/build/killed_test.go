package build

import (
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/lab/engine"
)

// TestKilled: a compiler that the machine ended says nothing about the candidate's source; one
// that took more than it may, or a message that only looks like it, does.
func TestKilled(t *testing.T) {
	const line = "net/http: /usr/local/go/pkg/tool/linux_amd64/compile: signal: killed\n"
	for name, c := range map[string]struct {
		exit engine.Exit
		out  string
		want bool
	}{
		"compiler killed":           {engine.Exit{Code: 1}, "# x\n" + line, true},
		"all killed":                {engine.Exit{Code: 137}, "", true},
		"by its own memory":         {engine.Exit{Code: 1, OOMKilled: true}, line, false},
		"all by its own memory":     {engine.Exit{Code: 137, OOMKilled: true}, "", false},
		"does not compile":          {engine.Exit{Code: 1}, "main.go:1:2: undefined: x\n", false},
		"the candidate's own words": {engine.Exit{Code: 1}, "main.go:1:2: undefined: signal: killed\n", false},
	} {
		require.Equal(t, c.want, killed(c.exit, c.out), name)
	}
}
