// Package engine is the layer between firedrill and a Docker engine: containers through
// testcontainers-go, networks, volumes and attached streams through the client beneath it.
//
// Everything that it creates is hardened the same way, carries the labels of its run, owner
// and expiry, and can be swept by them when its owner died. That is its whole purpose: a
// caller cannot forget a limit, because there is no way to create a container without.
//
// It knows nothing of exams, worlds or grades (package lab does), and it never pulls or
// builds an image: a missing one is an error that names `make setup`.
//
// Networks are made with the client and not with testcontainers' network package, because
// isolation needs driver options (inhibit_ipv4, gateway_mode_ipv4) that it does not pass.
package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
	tclog "github.com/testcontainers/testcontainers-go/log"
)

// Engine is a connection to a Docker engine on behalf of one owner.
type Engine struct {
	cli      *client.Client
	provider provider
	owner    Owner
	info     Info
	runtime  string // that containers are made for; empty takes the engine's default
}

// Info describes the engine that answered.
type Info struct {
	Version string `json:"version"` // engine version, e.g. 20.10.24
	Runtime string `json:"runtime"` // container runtime in use, e.g. runc
	Kernel  string `json:"kernel"`
	Driver  string `json:"driver"` // storage driver
	CPUs    int    `json:"cpus"`
	Memory  int64  `json:"memory"` // bytes

	Runtimes []string `json:"runtimes"` // all that it has, sorted
	Security []string `json:"security"` // e.g. "name=seccomp,profile=default"
}

// ErrUnavailable marks every error of an engine that cannot be reached.
var ErrUnavailable = errors.New("docker engine not available")

// Connect reaches the engine that DOCKER_HOST or the default socket names. The error wraps
// ErrUnavailable when none answers.
func Connect(ctx context.Context) (*Engine, error) { return connect(ctx, false) }

// ConnectLasting is Connect for a process whose objects are to outlive it, see Release:
// testcontainers' reaper, which removes them when a process ends, stays off.
func ConnectLasting(ctx context.Context) (*Engine, error) { return connect(ctx, true) }

func connect(ctx context.Context, lasting bool) (*Engine, error) {
	owner, err := Self()
	if err != nil {
		return nil, err
	}
	cli, err := connection()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	e := &Engine{cli: cli, owner: owner}
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	if err := e.settleReaper(ctx, lasting); err != nil {
		_ = cli.Close()
		return nil, err
	}
	silence()
	e.provider.begin(cli)
	res, err := cli.Info(ctx, client.InfoOptions{})
	if err != nil {
		_ = cli.Close()
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	e.info = Info{
		Version: res.Info.ServerVersion,
		Runtime: res.Info.DefaultRuntime,
		Kernel:  res.Info.KernelVersion,
		Driver:  res.Info.Driver,
		CPUs:    res.Info.NCPU,
		Memory:  res.Info.MemTotal,

		Runtimes: slices.Sorted(maps.Keys(res.Info.Runtimes)),
		Security: res.Info.SecurityOptions,
	}
	return e, nil
}

// silence turns off testcontainers' own log, which greets every process: progress is the
// caller's to tell. The package keeps it in an unguarded variable, so it is set only once.
var silence = sync.OnceFunc(func() { tclog.SetDefault(tclog.NewNoopLogger()) })

// reaperImage is what testcontainers-go v0.45 starts to clean up after a test process.
const reaperImage = "testcontainers/ryuk:0.14.0"

// settleReaper turns testcontainers' reaper off where its image is not present and nobody
// said otherwise. Our own labels and Sweep do its work then. testcontainers reads this
// setting once per process and from the environment only.
func (e *Engine) settleReaper(ctx context.Context, lasting bool) error {
	const key = "TESTCONTAINERS_RYUK_DISABLED"
	if lasting {
		return os.Setenv(key, "true")
	}
	if os.Getenv(key) != "" {
		return nil
	}
	_, err := e.cli.ImageInspect(ctx, reaperImage)
	switch {
	case err == nil:
		return nil
	case errdefs.IsNotFound(err):
		return os.Setenv(key, "true")
	default:
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
}

// Info tells which engine this is.
func (e *Engine) Info() Info { return e.info }

// Local reports whether the engine shares this machine's kernel, and so its memory.
func (e *Engine) Local() bool {
	return runtime.GOOS == "linux" && strings.HasPrefix(e.cli.DaemonHost(), "unix://")
}

// Client is the client beneath, for callers that provide images.
func (e *Engine) Client() *client.Client { return e.cli }

// Close lets go of the connection. Containers stay.
func (e *Engine) Close() error { return e.cli.Close() }

// HasImage reports whether the engine holds the image.
func (e *Engine) HasImage(ctx context.Context, ref string) (bool, error) {
	_, err := e.cli.ImageInspect(ctx, ref)
	if errdefs.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// isolation gives the driver options of a network that the host neither reaches nor is
// reached from. `internal` alone leaves the gateway address on the host.
func (e *Engine) isolation() map[string]string {
	if e.major() >= 28 {
		return map[string]string{"com.docker.network.bridge.gateway_mode_ipv4": "isolated"}
	}
	return map[string]string{"com.docker.network.bridge.inhibit_ipv4": "true"}
}

func (e *Engine) major() int {
	head, _, _ := strings.Cut(e.info.Version, ".")
	n, err := strconv.Atoi(head)
	if err != nil {
		return 0
	}
	return n
}

// cleanupTime bounds every clean-up, which runs even when the caller's context has ended.
// Then somebody waits for it, and hurriedTime is what they have patience for.
const (
	cleanupTime = 30 * time.Second
	hurriedTime = 10 * time.Second
)

// Detach gives a context for cleaning up: it keeps the values of ctx but not its end.
func Detach(ctx context.Context) (context.Context, context.CancelFunc) {
	d := cleanupTime
	if ctx.Err() != nil {
		d = hurriedTime
	}
	return context.WithTimeout(context.WithoutCancel(ctx), d)
}
