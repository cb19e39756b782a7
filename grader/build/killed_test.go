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
		"compiler killed":       {engine.Exit{Code: 1}, "# x\n" + line, true},
		"all killed":            {engine.Exit{Code: 137}, "", true},
		"by its own memory":     {engine.Exit{Code: 1, OOMKilled: true}, line, false},
		"all by its own memory": {engine.Exit{Code: 137, OOMKilled: true}, "", false},
		"does not compile":      {engine.Exit{Code: 1}, "main.go:1:2: undefined: x\n", false},
		"a file that looks like it": {engine.Exit{Code: 1}, "x y.go:5:12: pattern z*: cannot embed file z: signal: killed: " +
			"invalid name z: signal: killed\n", false},
		"a path that looks like it": {engine.Exit{Code: 1}, "x y.go:5:12: pattern z*/*: cannot embed file z: /usr/local/go/pkg/tool/" +
			"linux_amd64/compile: signal: killed: invalid name z: /usr/local/go/pkg/tool/linux_amd64/compile: signal: killed\n", false},
		"the candidate's own words": {engine.Exit{Code: 1}, "main.go:1:2: undefined: signal: killed\n", false},
	} {
		require.Equal(t, c.want, killed(c.exit, c.out), name)
	}
}

// TestUnfit: only the go command's own words of its cache speak of the builder image.
func TestUnfit(t *testing.T) {
	for line, want := range map[string]bool{
		"open /go/cache/ab/cd-d: read-only file system":                                                              true,
		"net/http: open /go/cache/ab/cd-d: read-only file system":                                                    true,
		"go: failed to trim cache: open /go/cache/trim.txt: read-only file system":                                   true,
		"go: writing stat cache: mkdir /go/pkg/mod/cache: read-only file system":                                     true,
		"x.go:1:2: open /go/cache/x: read-only file system":                                                          false,
		"x y.go:5:12: pattern z*: cannot embed file z: read-only file system: invalid name z: read-only file system": false,
		"z: read-only file system": false,
	} {
		_, got := unfit("# x\n" + line + "\n")
		require.Equal(t, want, got, line)
	}
}

// TestForged: where a file is called as a machine in trouble speaks, no line of the build is
// the machine's word. That the engine says how it ended remains.
func TestForged(t *testing.T) {
	for _, said := range []string{
		"x: /usr/local/go/pkg/tool/linux_amd64/compile: signal: killed\n", "open /go/cache/x: read-only file system\n",
	} {
		_, err := service().judge(engine.Exit{Code: 1}, said, false)
		require.Error(t, err, said)
		res, err := service().judge(engine.Exit{Code: 1}, said, true)
		require.NoError(t, err, said)
		require.Contains(t, res.Reason, "does not compile", said)
	}
	_, err := service().judge(engine.Exit{Code: 137}, "", true)
	require.ErrorIs(t, err, engine.ErrKilled)
	require.True(t, forged([]engine.File{{Path: "/src/a"}, {Path: "/src/z: signal: killed"}}))
	require.True(t, forged([]engine.File{{Path: "/src/z: read-only file system/a"}}))
	require.False(t, forged([]engine.File{{Path: "/src/killed.go"}}))
}
