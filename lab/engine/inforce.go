package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

// InForce is what keeps a container apart from the machine, as the engine tells it of the
// container that it made, not as it was asked for: an engine leaves out what its kernel cannot
// do, and says so only there.
type InForce struct {
	Runtime         string   `json:"runtime"`
	User            string   `json:"user"`
	Seccomp         string   `json:"seccomp"`      // profile: default, none, or a file
	AppArmor        string   `json:"apparmor"`     // profile; empty where there is none
	NoNewPrivileges bool     `json:"no_new_privs"` // no program gains rights by its file's mode
	Privileged      bool     `json:"privileged"`
	Capabilities    []string `json:"capabilities"` // that it has; empty is best
	ReadOnlyRoot    bool     `json:"read_only_root"`
	PIDs            int64    `json:"pids"`     // most processes; 0 for no bound
	Memory          int64    `json:"memory"`   // bytes; 0 for no bound
	Swap            int64    `json:"swap"`     // bytes beside the memory; -1 for no bound
	CPUs            float64  `json:"cpus"`     // 0 for no bound
	Internal        bool     `json:"internal"` // its networks lead nowhere
}

// InForce asks the engine about a container that was made.
func (c *Container) InForce(ctx context.Context) (InForce, error) {
	in, err := c.e.cli.ContainerInspect(ctx, c.ID, client.ContainerInspectOptions{})
	if err != nil {
		return InForce{}, fmt.Errorf("inspect %s: %w", c.Name, err)
	}
	h := in.Container.HostConfig
	out := InForce{
		Runtime: h.Runtime, User: in.Container.Config.User, AppArmor: in.Container.AppArmorProfile,
		Seccomp: c.e.seccomp(h), Privileged: h.Privileged, Capabilities: capabilities(h),
		NoNewPrivileges: hasOption(h, "no-new-privileges"), ReadOnlyRoot: h.ReadonlyRootfs,
		Memory: h.Memory, Swap: -1, CPUs: float64(h.NanoCPUs) / 1e9, Internal: true,
	}
	if h.PidsLimit != nil && *h.PidsLimit > 0 {
		out.PIDs = *h.PidsLimit
	}
	if h.Memory > 0 && h.MemorySwap >= h.Memory {
		out.Swap = h.MemorySwap - h.Memory
	}
	for name := range in.Container.NetworkSettings.Networks {
		if name == "none" {
			continue
		}
		net, err := c.e.cli.NetworkInspect(ctx, name, client.NetworkInspectOptions{})
		if err != nil {
			return InForce{}, fmt.Errorf("inspect network of %s: %w", c.Name, err)
		}
		out.Internal = out.Internal && net.Network.Internal
	}
	return out, nil
}

// seccomp names the profile. The engine's own is in force unless the container has another.
func (e *Engine) seccomp(h *container.HostConfig) string {
	for _, o := range h.SecurityOpt {
		if profile, ok := strings.CutPrefix(strings.ReplaceAll(o, "seccomp:", "seccomp="), "seccomp="); ok {
			return profile
		}
	}
	for _, o := range e.info.Security {
		if name, rest, _ := strings.Cut(o, ","); name == "name=seccomp" && !h.Privileged {
			_, profile, _ := strings.Cut(rest, "profile=")
			return profile
		}
	}
	return "none"
}

// hasOption reports whether a security option is on: "o", "o:true" or "o=true".
func hasOption(h *container.HostConfig, option string) bool {
	return slices.ContainsFunc(h.SecurityOpt, func(s string) bool {
		return s == option || s == option+":true" || s == option+"=true"
	})
}

// capabilities are those that are left: what was added, and the engine's usual ones unless
// all were dropped.
func capabilities(h *container.HostConfig) []string {
	out := append([]string{}, h.CapAdd...)
	if !slices.Contains(h.CapDrop, "ALL") && !slices.Contains(h.CapDrop, "CAP_ALL") {
		out = append(out, "the engine's default")
	}
	return out
}

// Lacks says in words what is weaker than it should be; nothing where all is as it should be.
// A machine without AppArmor is none of it: SELinux may stand in its place.
func (f InForce) Lacks() []string {
	var out []string
	add := func(bad bool, what string) {
		if bad {
			out = append(out, what)
		}
	}
	add(f.Privileged, "the container is privileged")
	add(f.Seccomp == "none" || f.Seccomp == "unconfined", "no seccomp profile")
	add(!f.NoNewPrivileges, "programs may gain rights")
	add(len(f.Capabilities) > 0, "capabilities: "+strings.Join(f.Capabilities, ", "))
	add(!f.ReadOnlyRoot, "a writable root")
	add(f.PIDs == 0, "no bound on processes")
	add(f.Memory == 0, "no bound on memory")
	add(f.Swap != 0, "swap beyond the memory")
	add(!f.Internal, "a network that leads out")
	return out
}
