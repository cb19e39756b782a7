package hostile

// moreBuildCases are those of group D that reach for the toolchain's own files: its linker,
// its caches, its settings.
func moreBuildCases() []Case {
	usual := Want{Class: AsUsual}
	return []Case{
		{ID: "D syso", Threat: "an object that the go command links unseen, for which the linker runs another compiler",
			Base: Strong, Scope: FirstProbe, Make: func(t *Tree) {
				for _, arch := range []string{"amd64", "arm64"} {
					t.Write("service/evil_linux_"+arch+".syso", "INPUT(/etc/passwd) OUTPUT(/go/cache/x)\n")
				}
			}, Want: Want{Class: BuildFailed, Reason: `exec: "gcc": executable file not found`}, Defence: goOnly},
		{ID: "D embed-link", Threat: "embeds a link to a secret file of the host", Base: Strong,
			Make: func(t *Tree) {
				t.Symlink("service/secret.txt", t.Canary)
				t.Write("service/extra.go", "package main\n\nimport _ \"embed\"\n\n//go:embed secret.txt\nvar stolen string\n")
			}, Want: rejected("symbolic link"), Defence: linksUnfollowed},
		{ID: "D embed-link-directory", Threat: "embeds all that a link to a directory of the host leads to", Base: Strong,
			Make: func(t *Tree) {
				t.Symlink("service/static", "../../host")
				t.Write("service/extra.go", "package main\n\nimport \"embed\"\n\n//go:embed static/*\nvar stolen embed.FS\n")
			}, Want: rejected("symbolic link"), Defence: linksUnfollowed},
		{ID: "D own-cache", Threat: "brings a module cache with a poisoned router, a build cache and settings that name them",
			Base: Strong, Scope: FirstProbe, Make: ownCache, Want: usual, Defence: buildEnv("GOMODCACHE", "/src/pkg/mod")},
		{ID: "D cgo-flags", Threat: "flags that have a C compiler load a plugin and write into the build cache",
			Base: Strong, Scope: FirstProbe, Make: func(t *Tree) {
				t.Write("service/extra.go", "package main\n\n// #cgo CFLAGS: -fplugin=/src/evil.so\n"+
					"// #cgo LDFLAGS: -Wl,--output=/go/cache/evil\nimport \"C\"\n")
			}, Want: usual, Defence: buildEnv("CGO_ENABLED", "1")},
		{ID: "D module-settings", Threat: "a go.mod that sets the runtime and names tools to be run",
			Base: Strong, Scope: FirstProbe, Make: func(t *Tree) {
				t.Append("service/go.mod", "\ngodebug (\n\tdefault=go1.21\n\tpanicnil=1\n)\n\ntool payment-processor/evil\n")
				t.Write("service/evil/main.go", "package main\n\nfunc main() { panic(\"ran\") }\n")
			}, Want: usual, Defence: onlyCompiles},
	}
}

// ownCache puts what a go command would find in its caches where a submission can.
func ownCache(t *Tree) {
	const router = "service/pkg/mod/github.com/go-chi/chi/v5@v5.5.0/"
	t.Write(router+"go.mod", "module github.com/go-chi/chi/v5\n\ngo 1.23\n")
	t.Write(router+"chi.go", "package chi\n\nfunc init() { panic(\"poisoned\") }\n")
	t.Write("service/pkg/mod/cache/download/github.com/go-chi/chi/v5/@v/v5.5.0.ziphash", "h1:AAAA\n")
	t.Write("service/go-build/00/0000000000000000000000000000000000000000000000000000000000000000-a", "v1 poisoned\n")
	t.Write("service/go.env", "GOMODCACHE=/src/pkg/mod\nGOCACHE=/src/go-build\nGOFLAGS=-modcacherw\n")
	t.Write("service/go.work.sum", "github.com/go-chi/chi/v5 v5.5.0 h1:AAAA\n")
}
