package image

// Names inside our images that builds and containers rely on.
const (
	// User is the unprivileged user and group of every container of ours
	// except PostgreSQL, as "uid:gid". All images name it "nonroot".
	User = "65532:65532"
	// GoCommand is the go command in the builder image.
	GoCommand = "/usr/local/go/bin/go"
	// SourceDir is where a build expects the module that it compiles.
	SourceDir = "/src"
	// AppDir is where the runtime image expects a candidate's program.
	AppDir = "/app"
)

// GoEnv is the whole environment of a build in the builder image: offline, with
// the image's toolchain, modules and cache only. It is also set in the image.
func GoEnv() []string {
	return []string{
		"CGO_ENABLED=0",
		"GO111MODULE=on",
		"GOCACHE=/go/cache",
		"GODEBUG=",
		"GOENV=off",
		"GOFLAGS=-mod=readonly",
		"GOMODCACHE=/go/pkg/mod",
		"GOPATH=/go",
		"GOPROXY=off",
		"GOSUMDB=off",
		"GOTELEMETRY=off",
		"GOTOOLCHAIN=local",
		"GOWORK=off",
		"HOME=/tmp",
		"PATH=/usr/local/go/bin",
		"TMPDIR=/tmp",
	}
}

// BuildFlags are the flags of every build. The cache is warm for exactly these:
// another -trimpath or -pgo would compile the standard library again.
func BuildFlags() []string {
	return []string{"-trimpath", "-buildvcs=false", "-pgo=off", "-ldflags=-s -w"}
}

// BuildCommand is the command that compiles pkg (".") into the file or directory out.
func BuildCommand(out, pkg string) []string {
	cmd := append([]string{GoCommand, "build"}, BuildFlags()...)
	return append(cmd, "-o", out, pkg)
}
