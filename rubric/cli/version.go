package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Version is that of the program that runs, as the Go tool stamped it: a release, a commit,
// or "(devel)" where neither was known; with the compiler's and the platform.
func Version() string {
	version := "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		version = info.Main.Version
	}
	return fmt.Sprintf("%s, %s %s/%s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
