package engine

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
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
	// Machine tells machines apart, whatever kernel they run; empty where they do not say.
	Machine string
}

// Self gives the owner that this process is.
func Self() (Owner, error) { return Of(os.Getpid()) }

// Of gives the owner that a running process of this machine and namespace is.
func Of(pid int) (Owner, error) {
	start, err := startTime(pid)
	if err != nil {
		return Owner{}, fmt.Errorf("identify process %d: %w", pid, err)
	}
	o := Owner{PID: pid, Start: start}
	if boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id"); err == nil {
		o.Boot = strings.TrimSpace(string(boot))
	}
	if space, err := os.Readlink("/proc/self/ns/pid"); err == nil {
		o.Space = space
	}
	o.Machine = machine("/etc/machine-id")
	return o, nil
}

// machine gives a short hash of the machine's id, which itself is nobody's business.
func machine(file string) string {
	id, err := os.ReadFile(file)
	id = bytes.TrimSpace(id)
	if err != nil || len(id) < 32 { // not set up yet
		return ""
	}
	sum := sha256.Sum256(append([]byte("firedrill owner "), id...))
	return hex.EncodeToString(sum[:8])
}

// String is the form that labels carry.
func (o Owner) String() string {
	return strings.Join([]string{o.Boot, o.Space, strconv.Itoa(o.PID), o.Start, o.Machine}, "/")
}

// ParseOwner reads what String wrote.
func ParseOwner(s string) (Owner, error) {
	part := strings.Split(s, "/")
	if len(part) != 5 {
		return Owner{}, fmt.Errorf("owner %q: want boot/namespace/pid/start/machine", s)
	}
	pid, err := strconv.Atoi(part[2])
	if err != nil || pid <= 0 {
		return Owner{}, fmt.Errorf("owner %q: bad process id", s)
	}
	return Owner{Boot: part[0], Space: part[1], PID: pid, Start: part[3], Machine: part[4]}, nil
}

// Gone reports whether the owner o certainly no longer runs, as seen by self: it ended, or
// its machine was started anew. An owner on another machine or in another namespace cannot
// be judged: only its expiry counts.
func (o Owner) Gone(self Owner) bool {
	if o.Boot != self.Boot {
		return o.Machine != "" && o.Machine == self.Machine
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
