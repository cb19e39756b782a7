package setup

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"
)

// enginePackages are what a machine without an engine gets. debootstrap makes
// our base image, the keyring lets it check what it downloads (Ubuntu lacks it).
func enginePackages() []string {
	return []string{
		"docker.io", "iptables", "ca-certificates", "cgroupfs-mount",
		"debootstrap", "debian-archive-keyring",
	}
}

// engine returns the version of the engine that answers, after it was installed
// and started if need be.
func (h *host) engine(ctx context.Context) (string, error) {
	version, err := h.ping(ctx)
	if err == nil {
		return version, nil
	}
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	err = fmt.Errorf("no docker engine answers at %s: %w", h.address, err)
	switch {
	case h.named:
		return "", noEngine(err, "start the engine that DOCKER_HOST names, or unset DOCKER_HOST")
	case !h.root && strings.Contains(err.Error(), "permission denied"):
		return "", noEngine(err, "add your user to the group docker, or run `make setup` as root")
	case !h.root:
		return "", noEngine(err, "start docker, or run `make setup` as root on Debian or Ubuntu")
	case !h.debian():
		return "", noEngine(err, "install docker and start it; only on Debian and Ubuntu "+
			"`make setup` does that by itself")
	}
	if h.look("dockerd") != nil {
		if err := h.install(ctx, enginePackages()...); err != nil {
			return "", noEngine(err, "check this machine's apt sources, or install docker yourself")
		}
	}
	return h.start(ctx)
}

// start starts the engine, unless its installation did, and waits for its answer.
func (h *host) start(ctx context.Context) (string, error) {
	running, err := h.sweepPidFiles()
	if err != nil {
		return "", noEngine(err, "remove the file, then run `make setup` again")
	}
	var ended <-chan error
	switch {
	case running:
		h.say("wait for the docker engine")
	case h.systemd():
		h.say("start the docker engine by systemd")
		err = h.run(ctx, command("systemctl", "start", "docker"))
	default:
		h.say("start the docker engine, log in %s", dockerdLog)
		h.mountCgroups(ctx)
		ended, err = h.spawn()
	}
	if err != nil {
		return "", noEngine(fmt.Errorf("start docker engine: %w", err), logHint)
	}
	return h.await(ctx, ended)
}

// logHint is where a failed start is explained.
const logHint = "see " + dockerdLog + " or `journalctl -u docker`; " +
	"an engine needs a kernel that it may control, which many containers lack"

// await waits until the engine answers, ends or takes too long.
func (h *host) await(ctx context.Context, ended <-chan error) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, h.patience)
	defer cancel()
	again := time.NewTicker(h.pause)
	defer again.Stop()
	for {
		version, err := h.ping(ctx)
		if err == nil {
			return version, nil
		}
		select {
		case err := <-ended:
			ended = nil
			if other, _ := h.sweepPidFiles(); !other {
				return "", noEngine(fmt.Errorf("docker engine ended at once: %w", err), logHint)
			}
			h.say("wait for the docker engine that was faster") // started by its package
		case <-ctx.Done():
			err = fmt.Errorf("docker engine does not answer after %s: %w", h.patience, err)
			return "", noEngine(err, logHint)
		case <-again.C:
		}
	}
}

// systemd tells whether services are systemd's business here.
func (h *host) systemd() bool {
	_, err := fs.Stat(h.files, "run/systemd/system")
	return err == nil
}

// mountCgroups mounts the control groups where no init has. The engine's own
// error is the better one if that fails.
func (h *host) mountCgroups(ctx context.Context) {
	if h.look("cgroupfs-mount") == nil {
		_ = h.run(ctx, command("cgroupfs-mount"))
	}
}

// sweepPidFiles removes what a killed engine left behind and tells whether one
// is running. Only the process's name tells a living engine from a process that
// got its number after a restart.
func (h *host) sweepPidFiles() (running bool, err error) {
	for _, f := range []struct{ pid, program string }{
		{"run/docker.pid", "dockerd"},
		{"run/docker/containerd/containerd.pid", "containerd"},
	} {
		pid, err := fs.ReadFile(h.files, f.pid)
		if err != nil {
			continue
		}
		if h.runs(strings.TrimSpace(string(pid)), f.program) {
			running = running || f.program == "dockerd"
			continue
		}
		h.say("remove stale /%s", f.pid)
		if err := h.remove(f.pid); err != nil {
			return false, fmt.Errorf("remove stale pid file: %w", err)
		}
	}
	return running, nil
}

// runs tells whether a process with this number runs this program. A killed one that its
// parent has not noticed yet still has its name but is a zombie.
func (h *host) runs(pid, program string) bool {
	comm, err := fs.ReadFile(h.files, path.Join("proc", pid, "comm"))
	if err != nil || strings.TrimSpace(string(comm)) != program {
		return false
	}
	stat, err := fs.ReadFile(h.files, path.Join("proc", pid, "stat"))
	if err != nil {
		return false
	}
	state := string(stat[bytes.LastIndexByte(stat, ')')+1:])
	return !strings.HasPrefix(strings.TrimSpace(state), "Z") &&
		!strings.HasPrefix(strings.TrimSpace(state), "X")
}
