package engine

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestOwnerRoundTrip(t *testing.T) {
	self, err := Self()
	require.NoError(t, err)
	require.Equal(t, os.Getpid(), self.PID)
	again, err := ParseOwner(self.String())
	require.NoError(t, err)
	require.Equal(t, self, again)
	for _, bad := range []string{"", "a/b/c", "boot/ns/zero/1/m", "boot/ns/-4/1/m", "a/b/1/2", "a/b/1/2/3/4"} {
		_, err := ParseOwner(bad)
		require.Error(t, err, bad)
	}
}

func TestOwnerGone(t *testing.T) {
	self, err := Self()
	require.NoError(t, err)
	require.False(t, self.Gone(self), "a running process")

	reused := self
	reused.Start = "1"
	require.True(t, reused.Gone(self), "the same pid, started at another time")

	child := exec.Command("sleep", "600")
	require.NoError(t, child.Start())
	start, err := startTime(child.Process.Pid)
	require.NoError(t, err)
	other := Owner{Machine: "m", Boot: self.Boot, Space: self.Space, PID: child.Process.Pid, Start: start}
	require.False(t, other.Gone(self))
	require.NoError(t, child.Process.Kill())
	_ = child.Wait()
	require.True(t, other.Gone(self), "a killed process")

	elsewhere := other
	elsewhere.Boot = "another machine"
	require.False(t, elsewhere.Gone(self), "cannot be judged from here")
	rebooted := self
	rebooted.Boot, rebooted.Machine = "before the power went", "m"
	here := self
	here.Machine = "m"
	require.True(t, rebooted.Gone(here), "this machine was started anew since")
	rebooted.Machine, here.Machine = "", ""
	require.False(t, rebooted.Gone(here), "machines that do not say who they are")

	elsewhere = other
	elsewhere.Space = "pid:[1]"
	require.False(t, elsewhere.Gone(self), "cannot be judged from here")
}

func TestMachine(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		full := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(full, []byte(text), 0o600))
		return full
	}
	const id = "0123456789abcdef0123456789abcdef"
	require.Equal(t, machine(file("one", id+"\n")), machine(file("same", id)))
	require.NotEqual(t, machine(file("one", id)), machine(file("two", "f"+id[1:])))
	require.NotContains(t, machine(file("one", id)), id[:8])
	require.Empty(t, machine(file("new", "uninitialized\n")))
	require.Empty(t, machine(filepath.Join(dir, "none")))
}

func TestDead(t *testing.T) {
	now := time.Date(2026, 3, 4, 13, 52, 0, 0, time.UTC)
	self, err := Self()
	require.NoError(t, err)
	gone := self
	gone.Start = "1"
	for name, c := range map[string]struct {
		o    Object
		want bool
	}{
		"running owner":  {Object{Owner: self.String(), Expires: now.Add(time.Hour)}, false},
		"expired":        {Object{Owner: self.String(), Expires: now.Add(-time.Second)}, true},
		"owner gone":     {Object{Owner: gone.String(), Expires: now.Add(time.Hour)}, true},
		"owner unknown":  {Object{Owner: "?", Expires: now.Add(time.Hour)}, false},
		"without expiry": {Object{Owner: gone.String()}, false},
	} {
		require.Equal(t, c.want, c.o.Dead(self, now), name)
	}
}

func TestSubnets(t *testing.T) {
	seen := map[netip.Prefix]bool{}
	for i := range 2048 {
		p := nthSubnet(i)
		require.True(t, pool.Contains(p.Addr()), p)
		require.Equal(t, p.Masked(), p)
		require.False(t, seen[p], p)
		seen[p] = true
	}
	require.Equal(t, nthSubnet(0), nthSubnet(2048), "the pool is a ring")

	p := netip.MustParsePrefix("10.213.0.32/27")
	require.Equal(t, netip.MustParsePrefix("10.213.0.48/28"), upperHalf(p))
	n := Network{Subnet: p}
	require.Equal(t, "10.213.0.34", n.Fixed(0).String(), "after network and gateway")
	require.False(t, upperHalf(p).Contains(n.Fixed(12)), "no container gets it by itself")
}

func TestLineWatch(t *testing.T) {
	found := 0
	w := &lineWatch{want: []byte("ready"), left: 2, found: func() { found++ }}
	for _, part := range []string{"not yet\nrea", "dy once\n", "more\n"} {
		_, _ = w.Write([]byte(part))
	}
	require.False(t, w.seen, "it came only once")
	_, _ = w.Write([]byte("ready twice\nready thrice\n"))
	require.True(t, w.seen)
	require.Equal(t, 1, found)

	long := &lineWatch{want: []byte("ready"), left: 1, found: func() {}}
	for range 10000 {
		_, _ = long.Write([]byte("a line that is not what we wait for\n"))
	}
	require.LessOrEqual(t, cap(long.rest), 4*watchKeep, "memory stays bounded")
	require.Contains(t, long.tail(), "not what we wait for")
}

func TestSpecRefusesFilesOutsideVolumes(t *testing.T) {
	s := Spec{Volumes: []Mount{{Path: "/data"}, {Path: "/ro", ReadOnly: true}}}
	dir, ok := s.volumeOf("/data/x/y")
	require.True(t, ok)
	require.Equal(t, "/data", dir)
	for _, bad := range []string{"/database/x", "/ro/x", "/data"} {
		_, ok = s.volumeOf(bad)
		require.False(t, ok, bad)
	}
}

func TestPortTaken(t *testing.T) {
	for said, port := range map[string]int{
		"driver failed programming external connectivity on endpoint fd-1-x (0a): Bind for " +
			"127.0.0.1:8080 failed: port is already allocated": 8080,
		"Error starting userland proxy: listen tcp4 127.0.0.1:5432: bind: address already in use": 5432,
		"no space left on device": 0,
	} {
		err := portTaken(errors.New(said))
		var taken *PortTakenError
		if port == 0 {
			require.False(t, errors.As(err, &taken))
			continue
		}
		require.ErrorAs(t, err, &taken)
		require.Equal(t, port, taken.Port)
	}
	require.NoError(t, portTaken(nil))
}

func TestObjectNamesTellNothing(t *testing.T) {
	run := NewRun(time.Now().Add(time.Hour))
	require.Regexp(t, `^fd-[0-9a-f]{12}-payment-db$`, objectName(run, "payment-db"))
	require.NotEqual(t, run.ID, NewRun(run.Expires).ID)
}

// TestTidied: what cannot be removed keeps nobody from grading, an engine that is away does.
func TestTidied(t *testing.T) {
	var said strings.Builder
	require.NoError(t, tidied(nil, &said))
	require.Empty(t, said.String())
	require.NoError(t, tidied(errors.New("remove network net: it has active endpoints"), &said))
	require.Contains(t, said.String(), "warning: not everything that dead runs left was removed: "+
		"remove network net: it has active endpoints\nhint: ")
	said.Reset()
	for _, err := range []error{fmt.Errorf("%w: no answer", ErrUnavailable), fmt.Errorf("list: %w", context.Canceled)} {
		require.ErrorIs(t, tidied(err, &said), err)
		require.Empty(t, said.String())
	}
}
