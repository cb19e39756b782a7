package doctor

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/moby/moby/client"

	"firedrill/lab/engine"
	"firedrill/lab/image"
)

// machine is what doctor looks at: plain values, so that every judgement on them can be
// tried without such a machine.
type machine struct {
	parts     map[string]string // version by part: engine, containerd, runc
	security  []string          // the engine's, e.g. "name=apparmor"
	swapLimit bool              // whether a container's swap can be bounded
	cgroups   string            // version of control groups
	driver    string            // of storage
	cpus      int
	memory    int64             // bytes that are available, -1 unknown
	disk      int64             // bytes that are free where the engine keeps its data, -1 unknown
	root      string            // that place
	images    map[string]string // reference by role; empty where it is missing
	ports     []portUse
	dead      int // objects that lab gc would remove
}

// portUse is a door's usual port on this machine.
type portUse struct {
	door, flag string
	port       int
	taken      bool
	lab        string // id of the lab of ours that holds it
}

// examine asks the engine and the machine.
func (s Subject) examine(ctx context.Context, eng *engine.Engine) (machine, error) {
	m := machine{parts: map[string]string{}, memory: -1, disk: -1, images: map[string]string{}}
	v, err := eng.Client().ServerVersion(ctx, client.ServerVersionOptions{})
	if err != nil {
		return m, fmt.Errorf("ask for versions: %w", err)
	}
	for _, p := range v.Components {
		m.parts[strings.ToLower(p.Name)] = p.Version
	}
	m.parts["engine"] = v.Version
	res, err := eng.Client().Info(ctx, client.InfoOptions{})
	if err != nil {
		return m, fmt.Errorf("ask for the engine's state: %w", err)
	}
	in := res.Info
	m.security, m.swapLimit, m.cgroups = in.SecurityOptions, in.SwapLimit, in.CgroupVersion
	m.driver, m.cpus, m.root = in.Driver, in.NCPU, in.DockerRootDir
	m.memory = in.MemTotal
	if strings.HasPrefix(eng.Client().DaemonHost(), "unix://") {
		m.disk = freeDisk(m.root)
		if free := freeMemory(); free >= 0 {
			m.memory = free
		}
	}
	if err := s.lookForImages(ctx, eng, m.images); err != nil {
		return m, err
	}
	return m, s.lookAtObjects(ctx, eng, &m)
}

func (s Subject) lookForImages(ctx context.Context, eng *engine.Engine,
	to map[string]string) error {
	store := image.NewStore(eng.Client(), nil)
	for _, role := range slices.Sorted(maps.Keys(s.Images)) {
		ref, err := store.Find(ctx, s.Images[role])
		var missing *image.MissingError
		if err != nil && !errors.As(err, &missing) {
			return err
		}
		to[role] = ref
	}
	return nil
}

// lookAtObjects counts what is dead and finds out who holds the usual ports.
func (s Subject) lookAtObjects(ctx context.Context, eng *engine.Engine, m *machine) error {
	all, err := eng.List(ctx)
	if err != nil {
		return err
	}
	dead, err := eng.Dead(ctx, s.Now())
	if err != nil {
		return err
	}
	m.dead = len(dead)
	for _, d := range s.Doors {
		u := portUse{door: d.Name, flag: d.Flag, port: d.Port}
		var listen net.ListenConfig
		l, err := listen.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(d.Port)))
		if err == nil {
			_ = l.Close()
		}
		u.taken = errors.Is(err, syscall.EADDRINUSE)
		for _, o := range all {
			for _, p := range o.Ports {
				if p == d.Port && o.Of == s.Exam {
					u.lab = o.Run
				}
			}
		}
		m.ports = append(m.ports, u)
	}
	return nil
}

// freeDisk is -1 where the place cannot be looked at.
func freeDisk(dir string) int64 {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return -1
	}
	return int64(st.Bavail) * int64(st.Bsize)
}

// freeMemory is what the kernel calls available, -1 where it does not say.
func freeMemory() int64 {
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return -1
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		field := strings.Fields(lines.Text())
		if len(field) >= 2 && field[0] == "MemAvailable:" {
			if kb, err := strconv.ParseInt(field[1], 10, 64); err == nil {
				return kb << 10
			}
		}
	}
	return -1
}
