package engine

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Owner identifies one process across restarts of the machine and reuse of process ids, so
// that what a killed grader left can be told from what a running one uses.
type Owner struct {
	Boot  string // boot id of the kernel
	Space string // process-id namespace: equal pids in two namespaces are two processes
	PID   int
	Start string // start time of the process in clock ticks since boot
}

// Self gives the owner that this process is.
func Self() (Owner, error) {
	pid := os.Getpid()
	start, err := startTime(pid)
	if err != nil {
		return Owner{}, fmt.Errorf("identify own process: %w", err)
	}
	o := Owner{PID: pid, Start: start}
	if boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id"); err == nil {
		o.Boot = strings.TrimSpace(string(boot))
	}
	if space, err := os.Readlink("/proc/self/ns/pid"); err == nil {
		o.Space = space
	}
	return o, nil
}

// String is the form that labels carry.
func (o Owner) String() string {
	return strings.Join([]string{o.Boot, o.Space, strconv.Itoa(o.PID), o.Start}, "/")
}

// ParseOwner reads what String wrote.
func ParseOwner(s string) (Owner, error) {
	part := strings.Split(s, "/")
	if len(part) != 4 {
		return Owner{}, fmt.Errorf("owner %q: want boot/namespace/pid/start", s)
	}
	pid, err := strconv.Atoi(part[2])
	if err != nil || pid <= 0 {
		return Owner{}, fmt.Errorf("owner %q: bad process id", s)
	}
	return Owner{Boot: part[0], Space: part[1], PID: pid, Start: part[3]}, nil
}

// gone reports whether the owner o certainly no longer runs, as seen by self. An owner on
// another machine or in another namespace cannot be judged: only its expiry counts.
func (o Owner) gone(self Owner) bool {
	if o.Boot != self.Boot {
		return false
	}
	if o.Space != self.Space {
		return false
	}
	start, err := startTime(o.PID)
	if errors.Is(err, os.ErrNotExist) {
		return true
	}
	return err == nil && start != o.Start
}

// startTime reads field 22 of /proc/PID/stat. Where there is no /proc, it asks with signal
// 0 and knows no start time.
func startTime(pid int) (string, error) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		if err := syscall.Kill(pid, 0); errors.Is(err, syscall.ESRCH) {
			return "", os.ErrNotExist
		}
		return "", nil
	}
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", err
	}
	// The command name in parentheses may hold anything: fields count from its end.
	_, rest, ok := strings.Cut(string(raw), ") ")
	if i := strings.LastIndex(string(raw), ") "); i >= 0 {
		rest, ok = string(raw)[i+2:], true
	}
	field := strings.Fields(rest)
	if !ok || len(field) < 20 {
		return "", fmt.Errorf("unreadable /proc/%d/stat", pid)
	}
	if field[0] == "Z" || field[0] == "X" {
		return "", os.ErrNotExist
	}
	return field[19], nil
}
