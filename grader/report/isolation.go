package report

import (
	"fmt"
	"strings"
)

// Isolation is what kept the candidate's program apart from the machine that graded it.
type Isolation struct {
	// Engine and Kernel are versions, Runtime is a name: runc, runsc.
	Engine  string `json:"engine"`
	Runtime string `json:"runtime"`
	Kernel  string `json:"kernel"`
	User    string `json:"user"`
	// Seccomp and AppArmor name profiles; "none", and an empty one, are no protection.
	Seccomp         string `json:"seccomp"`
	AppArmor        string `json:"apparmor"`
	NoNewPrivileges bool   `json:"no_new_privs"`
	// Capabilities are those that it had.
	Capabilities []string `json:"capabilities"`
	ReadOnlyRoot bool     `json:"read_only_root"`
	// PIDs bounds processes, Memory bytes, CPUs cores; 0 is no bound. Swap is what it may have
	// beside the memory, in bytes; -1 is no bound.
	PIDs   int64   `json:"pids"`
	Memory int64   `json:"memory"`
	Swap   int64   `json:"swap"`
	CPUs   float64 `json:"cpus"`
	// Internal tells that no network of it led anywhere else.
	Internal bool `json:"internal"`
	// Lacks says what was weaker than it should be.
	Lacks []string `json:"lacks"`
}

// String spells it in one line.
func (i *Isolation) String() string {
	parts := []string{"runtime " + i.Runtime, "seccomp " + i.Seccomp, "AppArmor " + orNone(i.AppArmor),
		"user " + i.User, fmt.Sprintf("%d processes", i.PIDs), fmt.Sprintf("%d MiB", i.Memory>>20),
		fmt.Sprintf("%g cores", i.CPUs)}
	if len(i.Lacks) > 0 {
		parts = append(parts, "weaker than it should be: "+strings.Join(i.Lacks, ", "))
	}
	return strings.Join(parts, ", ")
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
