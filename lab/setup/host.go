package setup

import (
	"bufio"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"firedrill/lab/image"
)

// host is the machine as set-up sees and changes it. Tests put their own
// functions and file tree in place of the real ones.
type host struct {
	address string // where the engine is expected
	named   bool   // DOCKER_HOST names it
	root    bool   // this process is root
	files   fs.FS  // the machine's files, from /
	cache   string // directory for what can be had again
	say     func(format string, args ...any)

	ensure func(context.Context, image.Image) (ref string, err error)
	ping   func(context.Context) (version string, err error)
	run    image.Runner
	look   func(program string) error             // whether a program is installed
	remove func(file string) error                // deletes a file named as in files
	spawn  func() (ended <-chan error, err error) // starts dockerd detached

	patience time.Duration // how long a started engine may take to answer
	pause    time.Duration // between two questions whether it answers
}

// machine is the host that this process runs on.
func machine(p *printer) *host {
	return &host{
		named:    os.Getenv("DOCKER_HOST") != "",
		root:     os.Geteuid() == 0,
		files:    os.DirFS("/"),
		cache:    cache(),
		say:      p.Say,
		run:      image.Exec,
		look:     func(program string) error { _, err := exec.LookPath(program); return err },
		remove:   func(file string) error { return os.Remove("/" + file) },
		spawn:    func() (<-chan error, error) { return spawnDockerd(dockerdLog) },
		patience: time.Minute,
		pause:    50 * time.Millisecond,
	}
}

// debian tells whether the machine's distribution is Debian or derived from it.
func (h *host) debian() bool {
	f, err := h.files.Open("etc/os-release")
	if err != nil {
		return false
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		key, value, _ := strings.Cut(s.Text(), "=")
		names := strings.Fields(strings.Trim(value, `"'`))
		if (key == "ID" || key == "ID_LIKE") && slices.Contains(names, "debian") {
			return true
		}
	}
	return false
}

// lockWait is how long apt-get waits for another one, in seconds.
const lockWait = "120"

// install installs packages of the distribution.
func (h *host) install(ctx context.Context, packages ...string) error {
	if !h.root || !h.debian() {
		return fmt.Errorf("packages %s are missing", strings.Join(packages, ", "))
	}
	h.say("install %s", strings.Join(packages, ", "))
	get := func(args ...string) error {
		opts := []string{"-qq", "-o", "DPkg::Lock::Timeout=" + lockWait}
		return h.run(ctx, image.Command{
			Name: "apt-get", Args: append(opts, args...),
			Env: []string{"DEBIAN_FRONTEND=noninteractive", "NEEDRESTART_SUSPEND=1"},
		})
	}
	if err := get("update"); err != nil {
		return fmt.Errorf("update list of packages: %w", err)
	}
	args := append([]string{"install", "-y", "--no-install-recommends"}, packages...)
	if err := get(args...); err != nil {
		return fmt.Errorf("install packages: %w", err)
	}
	return nil
}
