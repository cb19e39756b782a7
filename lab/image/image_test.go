package image

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestReferenceNamesEveryInput(t *testing.T) {
	with := func(change func(*Image)) string {
		img := Image{name: "thing", variants: []variant{{
			origin: Local, inputs: []string{"ab", "c"}, needs: []Image{Runtime()},
		}}}
		change(&img)
		return img.Refs()[0]
	}
	same := with(func(*Image) {})
	require.Regexp(t, `^firedrill/thing:[0-9a-f]{12}$`, same)
	require.Equal(t, same, with(func(*Image) {}), "the same inputs give the same reference")

	for name, change := range map[string]func(*Image){
		"name":      func(i *Image) { i.name = "other" },
		"origin":    func(i *Image) { i.variants[0].origin = Debian },
		"content":   func(i *Image) { i.variants[0].inputs[1] = "d" },
		"boundary":  func(i *Image) { i.variants[0].inputs = []string{"a", "bc"} },
		"addition":  func(i *Image) { i.variants[0].inputs = []string{"ab", "c", ""} },
		"parent":    func(i *Image) { i.variants[0].needs = []Image{Base()} },
		"no parent": func(i *Image) { i.variants[0].needs = nil },
	} {
		require.NotEqual(t, same, with(change), name)
	}
}

func TestImagesAreStable(t *testing.T) {
	for _, make := range []func() Image{Base, Postgres, Builder, Runtime} {
		require.Equal(t, make().Refs(), make().Refs(), make().Name())
	}
	require.Len(t, Postgres().Refs(), 2, "upstream and Debian")
}

func programSource(text string) fstest.MapFS {
	return fstest.MapFS{"main.go": {Data: []byte(text)}}
}

func TestToolsCoverTheirSources(t *testing.T) {
	ref := func(ps ...Program) string {
		img, err := Tools(ps...)
		require.NoError(t, err)
		return img.Refs()[0]
	}
	a := Program{"a", programSource("package main")}
	b := Program{"b", programSource("package main // b")}
	require.Equal(t, ref(a, b), ref(b, a), "order does not matter")
	require.NotEqual(t, ref(a, b), ref(a))
	require.NotEqual(t, ref(a), ref(Program{"c", a.Source}))
	require.NotEqual(t, ref(a), ref(Program{"a", b.Source}))

	more := programSource("package main")
	more["main_test.go"] = &fstest.MapFile{Data: []byte("package main // test")}
	more["go.mod"] = &fstest.MapFile{Data: []byte("module x")}
	more["sub/x.go"] = &fstest.MapFile{Data: []byte("package sub")}
	require.Equal(t, ref(a), ref(Program{"a", more}), "only the program's own files count")
	more["plan.json"] = &fstest.MapFile{Data: []byte("{}")}
	require.NotEqual(t, ref(a), ref(Program{"a", more}), "it may embed others")
}

func TestToolsRefuseWhatCannotBeBuilt(t *testing.T) {
	ok := programSource("package main")
	for name, ps := range map[string][]Program{
		`program "": the name must be one path element`:    {{"", ok}},
		`program "a/b": the name must be one path element`: {{"a/b", ok}},
		`program "..": the name must be one path element`:  {{"..", ok}},
		`program "a" is given twice`:                       {{"a", ok}, {"a", ok}},
		`program "a": no Go files`:                         {{"a", fstest.MapFS{"x.md": {}}}},
	} {
		_, err := Tools(ps...)
		require.EqualError(t, err, name)
	}
}

func TestPreparedCoversItsDatabase(t *testing.T) {
	ref := func(d Database) string {
		img, err := Prepared(d)
		require.NoError(t, err)
		return img.Refs()[0]
	}
	script := func(text string) fstest.MapFS { return fstest.MapFS{"a.sql": {Data: []byte(text)}} }
	d := Database{"u", "p", "n", script("SELECT 1")}
	require.Equal(t, ref(d), ref(d))
	require.NotEqual(t, ref(d), ref(Database{"v", "p", "n", d.Scripts}))
	require.NotEqual(t, ref(d), ref(Database{"u", "q", "n", d.Scripts}))
	require.NotEqual(t, ref(d), ref(Database{"u", "p", "m", d.Scripts}))
	require.NotEqual(t, ref(d), ref(Database{"u", "p", "n", script("SELECT 2")}))
}

func TestSubstitute(t *testing.T) {
	for _, name := range []string{
		"postgres:15-alpine", "postgres:15", "postgres:15.4", "library/postgres:15-alpine",
		UpstreamPostgres,
	} {
		img, ok := Substitute(name)
		require.True(t, ok, name)
		require.Equal(t, "postgres", img.Name())
	}
	for _, name := range []string{
		"postgres", "postgres:16-alpine", "postgres:150", "ghcr.io/x/postgres:15", "redis:7", "",
	} {
		_, ok := Substitute(name)
		require.False(t, ok, name)
	}
}

func TestDockerfiles(t *testing.T) {
	upstream := postgresDockerfile(UpstreamPostgres, "")
	debian := postgresDockerfile("base", installPostgres)
	_, sharedUpstream, _ := strings.Cut(upstream, "USER 0:0\n")
	_, rest, _ := strings.Cut(debian, "USER 0:0\n")
	install, sharedDebian, _ := strings.Cut(rest, "\n")
	require.Contains(t, install, "postgresql-15")
	require.Equal(t, sharedUpstream, sharedDebian, "both parents get the same additions")

	for name, text := range map[string]string{
		"postgres": debian, "builder": builderDockerfile(), "tools": toolsDockerfile("b", "s"),
		"prepared": preparedDockerfile("p", map[string]string{"POSTGRES_USER": `a "b" $c`}),
	} {
		user := ""
		for line := range strings.Lines(text) {
			if u, ok := strings.CutPrefix(line, "USER "); ok {
				user = strings.TrimSpace(u)
			}
		}
		require.Contains(t, []string{User, "postgres"}, user, "last user of "+name)
	}
	require.Contains(t, builderDockerfile(),
		`RUN ["/usr/local/go/bin/go","build","-trimpath","-buildvcs=false","-pgo=off",`+
			`"-ldflags=-s -w","std"]`)
	require.Contains(t, preparedDockerfile("p", map[string]string{"K": `a "b" $c`}),
		`ENV K="a \"b\" \$c"`)
}
