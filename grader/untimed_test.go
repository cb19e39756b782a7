package grader

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"firedrill/grader/compose"
)

// TestUntimed: only a source that surely cannot act later by itself counts as such.
func TestUntimed(t *testing.T) {
	kit := fstest.MapFS{
		"service/go.mod":   {Data: []byte("module x\n\ngo 1.26\n")},
		"service/main.go":  {Data: []byte("package main\n\nimport \"time\"\n\nvar pause = 5 * time.Second\n")},
		"service/check.go": {Data: []byte("package main\n\nfunc check() bool { return ask() }\n")},
	}
	x := &examination{exam: &Exam{Kit: func() (fs.FS, error) { return kit, nil }}}
	for name, c := range map[string]struct {
		file, text string
		want       bool
	}{
		"unchanged":         {"check.go", "package main\n\nfunc check() bool { return ask() }\n", true},
		"check removed":     {"check.go", "package main\n\nfunc check() bool { return true }\n", true},
		"indented anew":     {"main.go", "package main\n\nimport \"time\"\n\n\tvar pause = 5 * time.Second\n", true},
		"a ticker":          {"back.go", "package main\n\nvar t = newTicker()\n", false},
		"time renamed":      {"back.go", "package main\n\nimport when \"time\"\n", false},
		"a clock":           {"check.go", "package main\n\nfunc check() bool { return s.now().After(until) }\n", false},
		"a deadline":        {"check.go", "package main\n\nvar c = SetDeadline(x)\n", false},
		"another module":    {"go.mod", "module x\n\ngo 1.26\n\nrequire example.com/breaker v1.0.0\n", false},
		"in a test only":    {"check_test.go", "package main\n\nvar d = time.Minute\n", true},
		"in a package":      {"sub/back.go", "package sub\n\nvar d = time.Minute\n", false},
		"in assembly":       {"back_amd64.s", "CALL runtime·usleep(SB) // sleep\n", false},
		"in something else": {"README.md", "time goes by\n", true},
	} {
		t.Run(name, func(t *testing.T) {
			service, err := fs.Sub(kit, "service")
			require.NoError(t, err)
			src := fstest.MapFS{}
			require.NoError(t, fs.WalkDir(service, ".", func(name string, d fs.DirEntry, err error) error {
				if err == nil && !d.IsDir() {
					data, rerr := fs.ReadFile(service, name)
					src[name], err = &fstest.MapFile{Data: data}, rerr
				}
				return err
			}))
			src[c.file] = &fstest.MapFile{Data: []byte(c.text)}
			got, err := x.untimed(src)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
	for text, want := range map[string]bool{
		"package main\n\nfunc main() { http.ListenAndServe(addr, nil) }\n":    true,
		"package main\n\nfunc main() { http.DefaultClient.Do(r) }\n":          false,
		"package main\n\nfunc main() { c, _ := net.Dial(\"tcp\", addr) }\n":   false,
		"package main\n\nvar p = httputil.NewSingleHostReverseProxy(there)\n": false,
	} {
		service, err := fs.Sub(kit, "service")
		require.NoError(t, err)
		x.files = fstest.MapFS{"stub/main.go": {Data: []byte(text)}}
		x.extras = []extra{{Service: compose.Service{Dir: "stub"}}}
		got, err := x.untimed(service)
		require.NoError(t, err)
		require.Equal(t, want, got, text)
	}
	got, err := (&examination{exam: &Exam{}}).untimed(kit)
	require.NoError(t, err)
	require.False(t, got, "nobody knows what it was like before")
}
