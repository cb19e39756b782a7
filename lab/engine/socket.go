package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/client"
)

// SocketPath is where the engine's socket lies in a container that has it.
const SocketPath = "/var/run/docker.sock"

// What a container with the engine's socket finds in its environment.
const (
	EnvRunLabel  = "LAB_RUN_LABEL"  // label of all objects of its own run, as key=value
	EnvNameLabel = "LAB_NAME_LABEL" // key of the label with an object's name inside the run
)

// engineSocket says where the engine's socket lies on its machine and which group may use
// it. An engine elsewhere, or in a virtual machine, has it in the usual place; there it
// belongs to root's group.
func (e *Engine) engineSocket() (path, group string) {
	path = SocketPath
	if local, ok := strings.CutPrefix(e.cli.DaemonHost(), "unix://"); ok && runtime.GOOS == "linux" {
		path = local
		if info, err := os.Stat(local); err == nil {
			if stat, ok := info.Sys().(*syscall.Stat_t); ok {
				return path, strconv.FormatUint(uint64(stat.Gid), 10)
			}
		}
	}
	return path, "0"
}

// checkSocket refuses the engine's socket where anybody else could talk to its holder. Who
// holds it is root on the machine, whatever the mount's mode says; hence it goes only to a
// container that is on no network and is reached through nothing but its volumes.
func (s Spec) checkSocket() error {
	if s.EngineSocket && (s.Network != nil || s.Stdin || len(s.Files) > 0) {
		return errors.New("the engine's socket goes to no container with network, input or files")
	}
	return nil
}

// environment is the container's, with the labels of its run where it has the socket.
func (s Spec) environment(run Run) map[string]string {
	if !s.EngineSocket {
		return s.Env
	}
	env := maps.Clone(s.Env)
	if env == nil {
		env = map[string]string{}
	}
	env[EnvRunLabel], env[EnvNameLabel] = LabelRun+"="+run.ID, LabelName
	return env
}

// giveSocket mounts the engine's socket.
func (s Spec) giveSocket(e *Engine, h *container.HostConfig) {
	if !s.EngineSocket {
		return
	}
	path, group := e.engineSocket()
	h.Mounts = append(h.Mounts, mount.Mount{
		Type: mount.TypeBind, Source: path, Target: SocketPath, ReadOnly: true,
	})
	h.GroupAdd = []string{group}
}

// SocketVolumeOptions are the options of Docker's local volume driver for a volume that
// only Unix sockets lie on: in memory, too small for data, and Nobody's alone.
func SocketVolumeOptions() map[string]string {
	user, group, _ := strings.Cut(Nobody, ":")
	return map[string]string{
		"type": "tmpfs", "device": "tmpfs",
		"o": "size=64k,nr_inodes=16,mode=0700,noexec,nosuid,nodev,uid=" + user + ",gid=" + group,
	}
}

// CreateSocketVolume makes the run's volume of that name for Unix sockets between
// containers. Asking for one that is there already gives the same.
func (e *Engine) CreateSocketVolume(ctx context.Context, run Run, name string) (*Volume, error) {
	full := objectName(run, name)
	_, err := e.cli.VolumeCreate(ctx, client.VolumeCreateOptions{
		Name: full, Driver: "local", DriverOpts: SocketVolumeOptions(), Labels: e.labels(run, name),
	})
	if err != nil {
		return nil, fmt.Errorf("create volume %s: %w", full, err)
	}
	return &Volume{Name: full, e: e}, nil
}
