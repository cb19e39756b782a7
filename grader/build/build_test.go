package build_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"firedrill/grader/build"
	"firedrill/lab/engine"
	"firedrill/lab/image"
)

// module is a small service that compiles.
func module() fstest.MapFS {
	return fstest.MapFS{
		"go.mod":  {Data: []byte("module payment-processor\n\ngo 1.26.0\n")},
		"main.go": {Data: []byte("package main\n\nimport \"net/http\"\n\nfunc main() { _ = http.ListenAndServe(\":8080\", nil) }\n")},
	}
}

// compile builds src and gives the result and what the output volume holds.
func compile(t *testing.T, src fs.FS) build.Result {
	t.Helper()
	e, err := engine.Connect(t.Context())
	require.NoError(t, err, "run `make setup` first")
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	builder, err := image.NewStore(e.Client(), nil).Find(t.Context(), image.Builder())
	require.NoError(t, err, "run `make setup` first")
	run := engine.NewRun(time.Now().Add(10 * time.Minute))
	defer func() {
		ctx, cancel := engine.Detach(t.Context())
		defer cancel()
		gone, err := e.RemoveRun(ctx, run.ID)
		require.NoError(t, err)
		require.Len(t, gone, 1, "a build leaves nothing but its output")
	}()
	out, err := e.CreateVolume(t.Context(), run, "app")
	require.NoError(t, err)
	res, err := build.Build(t.Context(), e, run, builder, src, out)
	require.NoError(t, err)
	return res
}

func TestBuild(t *testing.T) {
	res := compile(t, module())
	require.True(t, res.OK, res.Output)
	require.Empty(t, res.Reason)
}

// TestBuildRefuses: each of these is the candidate's fault, with the toolchain's words.
func TestBuildRefuses(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	for _, c := range []struct {
		name, says string
		change     func(m fstest.MapFS)
	}{
		{"no files", "no files", func(m fstest.MapFS) { clear(m) }},
		{"no module", "go.mod file not found", func(m fstest.MapFS) { delete(m, "go.mod") }},
		{"syntax", "main.go:1:14: syntax error", func(m fstest.MapFS) { m["main.go"] = file("package main }") }},
		{"a module that the exam does not allow", "example.com/x", func(m fstest.MapFS) {
			m["go.mod"] = file("module x\n\ngo 1.26.0\n\nrequire example.com/x v1.0.0\n")
			m["main.go"] = file("package main\n\nimport _ \"example.com/x\"\n\nfunc main() {}\n")
		}},
		{"a toolchain to download", "go.mod requires go >= 1.99", func(m fstest.MapFS) {
			m["go.mod"] = file("module x\n\ngo 1.99.0\ntoolchain go1.99.0\n")
		}},
		{"a path of the machine", "/etc/go.mod: no such file", func(m fstest.MapFS) {
			m["go.mod"] = file("module x\n\ngo 1.26.0\n\nrequire y v0.0.0\n\nreplace y => /etc\n")
			m["main.go"] = file("package main\n\nimport _ \"y\"\n\nfunc main() {}\n")
		}},
		{"words of the machine", `cannot use "open /x: read-only file system"`, func(m fstest.MapFS) {
			m["x.go"] = file("package main\n\nvar x int = \"open /x: read-only file system\"\n")
		}},
		{"a file named as the machine speaks", `invalid name z: signal: killed`, func(m fstest.MapFS) {
			m["x y.go"] = file("package main\n\nimport _ \"embed\"\n\n//go:embed z*\nvar x string\n")
			m["z: signal: killed"] = file("x")
		}},
		{"cgo", "build constraints exclude all Go files", func(m fstest.MapFS) {
			m["main.go"] = file("package main\n\nimport \"C\"\n\nfunc main() {}\n")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := module()
			c.change(m)
			res := compile(t, m)
			require.False(t, res.OK)
			require.Contains(t, res.Reason+"\n"+res.Output, c.says)
			require.NotContains(t, res.Reason, "\n")
		})
	}
}

// TestBuildRunsNothing: go generate, tests and tools of the candidate's are never run, and
// hidden files are not even there.
func TestBuildRunsNothing(t *testing.T) {
	m := module()
	m["gen.go"] = &fstest.MapFile{Data: []byte("package main\n\n//go:generate touch /out/bin/generated\n")}
	m["main_test.go"] = &fstest.MapFile{Data: []byte("package main\n\nfunc init() { panic(\"run\") }\n")}
	m[".env"] = &fstest.MapFile{Data: []byte("GOFLAGS=-toolexec=/bin/false")}
	m["go.env"] = &fstest.MapFile{Data: []byte("GOFLAGS=-toolexec=/bin/false")}
	m["go.work"] = &fstest.MapFile{Data: []byte("go 1.99\n")}
	res := compile(t, m)
	require.True(t, res.OK, res.Output)
}

func TestOutputIsBounded(t *testing.T) {
	m := module()
	m["main.go"] = &fstest.MapFile{Data: []byte("package main\n\nfunc main() {\n" +
		strings.Repeat("\tvar _ int = \"x\"\n", 20000) + "}\n")}
	m["go.mod"] = &fstest.MapFile{Data: []byte("module x\n\ngo 1.26.0\n")}
	res := compile(t, m)
	require.False(t, res.OK)
	require.LessOrEqual(t, len(res.Output), 64<<10)
}
