package setup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"firedrill/lab/image"
)

// fakeMachine simulates a machine: its files, programs and engine.
type fakeMachine struct {
	files     fstest.MapFS
	root      bool
	named     bool
	installed map[string]bool // programs
	answers   bool            // an engine answers
	refusal   error           // why it does not
	aptFails  bool
	dies      bool // dockerd ends at once
	deaf      bool // dockerd never answers
	starts    bool // installing docker.io starts dockerd, as its init script may
	faster    bool // and it does so while set-up starts one, too
	late      bool // the faster one answers once it is waited for
	did       []string
}

const debian = "PRETTY_NAME=\"Debian\"\nID=debian\n"

func bare() *fakeMachine {
	return &fakeMachine{
		files:     fstest.MapFS{"etc/os-release": {Data: []byte(debian)}},
		root:      true,
		installed: map[string]bool{},
		refusal:   errors.New("connect: no such file or directory"),
	}
}

func (m *fakeMachine) host() *host {
	return &host{
		address: "unix:///var/run/docker.sock", named: m.named, root: m.root, files: m.files,
		say: func(format string, args ...any) { m.did = append(m.did, fmt.Sprintf(format, args...)) },
		ping: func(context.Context) (string, error) {
			if m.answers {
				return "20.10.24", nil
			}
			m.answers = m.late && strings.Contains(strings.Join(m.did, " "), "faster")
			return "", m.refusal
		},
		run: m.run,
		look: func(program string) error {
			if m.installed[program] {
				return nil
			}
			return os.ErrNotExist
		},
		remove: func(file string) error { delete(m.files, file); return nil },
		spawn: func() (<-chan error, error) {
			m.did = append(m.did, "spawn dockerd")
			ended := make(chan error, 1)
			if m.dies {
				ended <- errors.New("dockerd: exit status 1\nfailed to mount overlay")
			}
			if m.faster {
				m.put("run/docker.pid", "88")
				m.put("proc/88/comm", "dockerd\n")
				m.put("proc/88/stat", "88 (dockerd) S 1 88 88 0")
				ended <- errors.New("dockerd: exit status 1\nprocess with PID 88 is still running")
				m.late = true
				return ended, nil
			}
			m.answers = !m.dies && !m.deaf
			return ended, nil
		},
		patience: 200 * time.Millisecond, pause: time.Millisecond,
	}
}

func (m *fakeMachine) run(_ context.Context, c image.Command) error {
	m.did = append(m.did, c.String())
	switch {
	case m.aptFails && c.Name == "apt-get":
		return errors.New("apt-get: exit status 100\nE: Unable to fetch some archives")
	case c.Name == "apt-get" && strings.Contains(c.String(), "docker.io"):
		m.installed["dockerd"], m.installed["cgroupfs-mount"] = true, true
		m.answers = m.starts
	case c.Name == "systemctl":
		m.answers = true
	}
	return nil
}

func (m *fakeMachine) put(file, text string) { m.files[file] = &fstest.MapFile{Data: []byte(text)} }

const (
	opts   = "-qq -o DPkg::Lock::Timeout=120"
	update = "apt-get " + opts + " update"
	getAll = "apt-get " + opts + " install -y --no-install-recommends "
	list   = "docker.io iptables ca-certificates cgroupfs-mount debootstrap debian-archive-keyring"
	say    = "install docker.io, iptables, ca-certificates, cgroupfs-mount, debootstrap, " +
		"debian-archive-keyring"
	starts  = "start the docker engine, log in /var/log/firedrill-dockerd.log"
	spawned = "spawn dockerd"
)

func TestEngineIsFoundOrStarted(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*fakeMachine)
		did    []string
	}{
		"an engine that answers is left alone": {func(m *fakeMachine) { m.answers = true }, nil},
		"and so is one that is named": {
			func(m *fakeMachine) { m.answers, m.named, m.root = true, true, false }, nil,
		},
		"a bare Debian": {
			func(*fakeMachine) {},
			[]string{say, update, getAll + list, starts, "cgroupfs-mount", spawned},
		},
		"a bare Ubuntu": {
			func(m *fakeMachine) { m.put("etc/os-release", "ID=ubuntu\nID_LIKE=debian\n") },
			[]string{say, update, getAll + list, starts, "cgroupfs-mount", spawned},
		},
		"installing starts it already": {
			func(m *fakeMachine) {
				m.starts = true
				m.put("run/docker.pid", "77")
				m.put("proc/77/comm", "dockerd\n")
				m.put("proc/77/stat", "77 (dockerd) S 1 77 77 0")
			},
			[]string{say, update, getAll + list, "wait for the docker engine"},
		},
		"installing starts it, but slowly": {
			func(m *fakeMachine) { m.faster = true },
			[]string{
				say, update, getAll + list, starts, "cgroupfs-mount", spawned,
				"wait for the docker engine that was faster",
			},
		},
		"installed but not running": {
			func(m *fakeMachine) { m.installed["dockerd"] = true },
			[]string{starts, spawned},
		},
		"killed, its numbers given to others": {
			func(m *fakeMachine) {
				m.installed["dockerd"] = true
				m.put("run/docker.pid", "12\n")
				m.put("proc/12/comm", "bash\n")
				m.put("run/docker/containerd/containerd.pid", "13")
			},
			[]string{
				"remove stale /run/docker.pid", "remove stale /run/docker/containerd/containerd.pid",
				starts, spawned,
			},
		},
		"killed, and its parent has not noticed": {
			func(m *fakeMachine) {
				m.installed["dockerd"] = true
				m.put("run/docker.pid", "12\n")
				m.put("proc/12/comm", "dockerd\n")
				m.put("proc/12/stat", "12 (dockerd) Z 1 12 12 0")
			},
			[]string{"remove stale /run/docker.pid", starts, spawned},
		},
		"systemd runs": {
			func(m *fakeMachine) {
				m.installed["dockerd"] = true
				m.put("run/systemd/system/x", "")
			},
			[]string{"start the docker engine by systemd", "systemctl start docker"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := bare()
			tc.change(m)
			version, err := m.host().engine(t.Context())
			require.NoError(t, err)
			require.Equal(t, "20.10.24", version)
			require.Equal(t, tc.did, m.did)
			_, err = m.host().engine(t.Context())
			require.NoError(t, err)
			require.Equal(t, tc.did, m.did, "a second run does nothing")
		})
	}
}

func TestEngineThatCannotBe(t *testing.T) {
	for name, tc := range map[string]struct {
		change    func(*fakeMachine)
		err, hint string
	}{
		"named but silent": {
			func(m *fakeMachine) { m.named = true },
			"no docker engine answers at unix:///var/run/docker.sock: connect: no such file",
			"start the engine that DOCKER_HOST names, or unset DOCKER_HOST",
		},
		"no right to use it": {
			func(m *fakeMachine) { m.root, m.refusal = false, errors.New("permission denied") },
			"permission denied", "add your user to the group docker, or run `make setup` as root",
		},
		"no right to install": {
			func(m *fakeMachine) { m.root = false },
			"no docker engine answers", "start docker, or run `make setup` as root on Debian",
		},
		"another distribution": {
			func(m *fakeMachine) { m.put("etc/os-release", "ID=fedora\nID_LIKE=\"rhel\"\n") },
			"no docker engine answers", "install docker and start it; only on Debian and Ubuntu",
		},
		"another system": {
			func(m *fakeMachine) { delete(m.files, "etc/os-release") },
			"no docker engine answers", "install docker and start it",
		},
		"packages cannot be had": {
			func(m *fakeMachine) { m.aptFails = true },
			"update list of packages: apt-get: exit status 100\nE: Unable to fetch",
			"check this machine's apt sources",
		},
		"the engine dies": {
			func(m *fakeMachine) { m.installed["dockerd"], m.dies = true, true },
			"docker engine ended at once: dockerd: exit status 1\nfailed to mount overlay",
			"see /var/log/firedrill-dockerd.log",
		},
		"the engine never answers": {
			func(m *fakeMachine) { m.installed["dockerd"], m.deaf = true, true },
			"docker engine does not answer after 200ms", "see /var/log/firedrill-dockerd.log",
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := bare()
			tc.change(m)
			_, err := m.host().engine(t.Context())
			var e *Error
			require.ErrorAs(t, err, &e)
			require.Contains(t, err.Error(), tc.err)
			require.Contains(t, e.Hint(), tc.hint)
			require.Equal(t, ExitNoEngine, e.ExitCode())
		})
	}
}

func TestEngineStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m := bare()
	_, err := m.host().engine(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, m.did, "nothing is installed any more")
}

func TestInstallNeedsRightsAndDebian(t *testing.T) {
	m := bare()
	m.root = false
	err := m.host().install(t.Context(), "debootstrap")
	require.EqualError(t, err, "packages debootstrap are missing")
	require.Empty(t, m.did)
}

func TestImagesGetTheProgramThatTheyNeed(t *testing.T) {
	m := bare()
	h := m.host()
	missing := true
	h.ensure = func(_ context.Context, img image.Image) (string, error) {
		if img.Name() == "postgres" && missing {
			missing = false
			return "", fmt.Errorf("make: %w", &image.NeedError{Package: "debootstrap"})
		}
		return img.Name(), nil
	}
	refs, err := h.images(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, []string{"runtime", "builder", "postgres"}, refs)
	require.Equal(t, []string{"install debootstrap", update, getAll + "debootstrap"}, m.did)
}

func TestImagesThatCannotBeMade(t *testing.T) {
	m := bare()
	m.root = false
	h := m.host()
	h.ensure = func(_ context.Context, img image.Image) (string, error) {
		if img.Name() == "postgres" {
			return "", &image.NeedError{Program: "debootstrap", Package: "debootstrap", Image: "base"}
		}
		return img.Name(), nil
	}
	_, err := h.images(t.Context(), nil)
	var e *Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, ExitFailed, e.ExitCode())
	require.Contains(t, err.Error(), "debootstrap is not installed")
	require.Contains(t, e.Hint(), "install debootstrap")
	require.Empty(t, m.did)
}
