package image

import (
	"context"
	"encoding/json"
	"os"
	"runtime"
	"strings"
)

// Builder compiles Go programs offline. It is made from scratch: the toolchain,
// the module cache and a build cache, nothing else. Without a shell or a C
// compiler there is little in it to abuse.
//
// The toolchain is the one that runs this program, copied from this machine
// where that is possible, else fetched through the module proxy, which checks
// it. A golang image would bring the same files with a whole system around.
//
// The build cache is read-only in a build. The go command works on without
// storing results, provided that it finds the index of every package there; a
// standard package without one counts as missing. Hence all of the standard
// library is compiled, not only what the exam uses. Measured against a cache in
// the container's writable layer this is as fast, and the root stays read-only.
func Builder() Image {
	return Image{name: "builder", variants: []variant{{
		origin: Local,
		inputs: []string{
			toolchain(), runtime.GOARCH, builderDockerfile(), passwd, group,
			allowedMod, allowedSum, string(warmProgram()),
		},
		make: makeBuilder,
	}}}
}

func builderDockerfile() string {
	std := append([]string{GoCommand, "build"}, BuildFlags()...)
	return strings.Join([]string{
		"FROM scratch",
		"COPY root /",
		"COPY go /usr/local/go",
		"COPY mod /go/pkg/mod",
		"COPY warm /warm",
		"ENV " + strings.Join(quoted(GoEnv()), " "),
		"WORKDIR /warm",
		"RUN " + execForm(append(std, "std")),
		"RUN " + execForm(BuildCommand("/dev/null", ".")),
		"WORKDIR " + SourceDir,
		"USER " + User,
		"CMD " + execForm([]string{GoCommand, "version"}),
		"",
	}, "\n")
}

// execForm renders a command for a Dockerfile without a shell.
func execForm(cmd []string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(cmd) // strings always marshal
	return strings.TrimSpace(b.String())
}

// quoted protects the values of an ENV line.
func quoted(env []string) []string {
	out := make([]string, len(env))
	for i, e := range env {
		key, value, _ := strings.Cut(e, "=")
		value = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`).Replace(value)
		out[i] = key + `="` + value + `"`
	}
	return out
}

func makeBuilder(ctx context.Context, w *workshop, ref string) error {
	tmp, err := os.MkdirTemp("", "firedrill-builder-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	goroot, err := w.goroot(ctx, tmp)
	if err != nil {
		return err
	}
	w.say("collect the allowed modules")
	mod, err := w.modules(ctx, tmp)
	if err != nil {
		return err
	}
	w.say("copy %s, compile the standard library and the allowed modules", toolchain())
	return w.build(ctx, ref, "none", func(a *Archive) error {
		if err := a.File("Dockerfile", 0o644, []byte(builderDockerfile())); err != nil {
			return err
		}
		if err := a.emptyRoot("root"); err != nil {
			return err
		}
		if err := a.Tree(goroot, "go", keepOfToolchain); err != nil {
			return err
		}
		if err := a.Tree(mod, "mod", keepOfModules); err != nil {
			return err
		}
		if err := a.module("warm"); err != nil {
			return err
		}
		return a.File("warm/main.go", 0o644, warmProgram())
	})
}
