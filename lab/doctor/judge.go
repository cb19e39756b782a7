package doctor

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Floors of a machine. A lab takes about 200 MB of memory; grading beside it compiles
// within 1.5 GiB. The images take 1 GB of disk, a lab's logs 10 MB for each container.
const (
	gib        = int64(1) << 30
	memoryBad  = gib / 2
	memoryWarn = 2 * gib
	diskBad    = gib / 2
	diskWarn   = 4 * gib
)

// findings judges a machine.
func (m machine) findings() []Finding {
	out := []Finding{{About: "engine", Level: LevelOK,
		Seen: fmt.Sprintf("docker %s, containerd %s, runc %s, storage %s", m.parts["engine"],
			m.parts["containerd"], m.parts["runc"], m.driver)}}
	out = append(out, m.versions()...)
	out = append(out, m.isolation()...)
	out = append(out, m.imageFindings()...)
	out = append(out, m.portFindings()...)
	out = append(out, m.room()...)
	if m.dead > 0 {
		out = append(out, Finding{"leftovers", LevelNote,
			fmt.Sprintf("%d objects of commands that were killed", m.dead), "lab gc removes them"})
	}
	return out
}

// versions lists what is known against the versions in use.
func (m machine) versions() []Finding {
	var out []Finding
	for _, k := range knownBad() {
		have := m.parts[k.part]
		if have == "" || !k.holds(have) {
			continue
		}
		f := Finding{k.part, k.level, fmt.Sprintf("%s %s: %s", k.part, have, k.what),
			"upgrade to " + k.part + " " + k.fixed + " or later"}
		if patched(have) {
			f.Level = LevelNote
			f.Do = "the distribution patches this version itself; see that its updates are " +
				"installed, or " + f.Do
		}
		out = append(out, f)
	}
	return out
}

// isolation judges what keeps containers apart from the machine.
func (m machine) isolation() []Finding {
	has := func(name string) bool {
		return slices.ContainsFunc(m.security, func(s string) bool {
			return strings.Contains(","+s+",", "name="+name+",")
		})
	}
	var out []Finding
	add := func(ok bool, level Level, good, bad, do string) {
		if ok {
			out = append(out, Finding{"isolation", LevelOK, good, ""})
		} else {
			out = append(out, Finding{"isolation", level, bad, do})
		}
	}
	add(has("seccomp"), LevelBad, "seccomp filters system calls",
		"no seccomp: containers may make every system call",
		"use a kernel with CONFIG_SECCOMP_FILTER and an engine with its default profile")
	add(has("apparmor") || has("selinux"), LevelWarn, "AppArmor or SELinux confines containers",
		"neither AppArmor nor SELinux: one wall less around a candidate's program",
		"install and enable AppArmor (apt-get install apparmor), then restart docker; "+
			"or grade on a machine that has nothing else to lose")
	add(m.swapLimit, LevelWarn, "a container's swap is bounded",
		"no swap accounting: a container may use swap beyond its memory",
		"boot with swapaccount=1 (control groups 1), or run without swap: swapoff -a")
	if m.cgroups == "1" {
		out = append(out, Finding{"isolation", LevelNote, "control groups 1",
			"nothing has to be done; version 2 bounds more exactly"})
	}
	return out
}

func (m machine) imageFindings() []Finding {
	var out []Finding
	for _, role := range slices.Sorted(maps.Keys(m.images)) {
		if ref := m.images[role]; ref != "" {
			out = append(out, Finding{"image", LevelOK, role + ": " + ref, ""})
		} else {
			out = append(out, Finding{"image", LevelBad, role + " is missing, or older than this program",
				"run `make setup`"})
		}
	}
	return out
}

func (m machine) portFindings() []Finding {
	var out []Finding
	for _, p := range m.ports {
		switch {
		case p.lab != "":
			out = append(out, Finding{"port", LevelNote, fmt.Sprintf("%d (%s) is lab %s's", p.port,
				p.door, p.lab), "lab up --ports auto starts one beside it"})
		case p.taken:
			out = append(out, Finding{"port", LevelWarn, fmt.Sprintf("%d (%s) is taken", p.port, p.door),
				fmt.Sprintf("find out by whom: ss -ltnp 'sport = :%d'; or lab up --%s PORT, "+
					"or --ports auto", p.port, p.flag)})
		default:
			out = append(out, Finding{"port", LevelOK, fmt.Sprintf("%d (%s) is free", p.port, p.door), ""})
		}
	}
	return out
}

// room judges disk and memory.
func (m machine) room() []Finding {
	return []Finding{
		amount("disk", m.disk, diskBad, diskWarn, "free in "+m.root,
			"lab gc removes dead labs; docker image prune removes images that nothing uses"),
		amount("memory", m.memory, memoryBad, memoryWarn,
			fmt.Sprintf("available, %d processors", m.cpus),
			"close programs, or use a larger machine; compiling in a grade takes up to 1.5 GiB"),
	}
}

func amount(about string, have, bad, warn int64, what, do string) Finding {
	switch {
	case have < 0:
		return Finding{about, LevelNote, "cannot be seen from here",
			fmt.Sprintf("see that %.1f GiB are free on the engine's machine", gigabytes(warn))}
	case have < bad:
		return Finding{about, LevelBad, fmt.Sprintf("%.1f GiB %s", gigabytes(have), what), do}
	case have < warn:
		return Finding{about, LevelWarn, fmt.Sprintf("%.1f GiB %s", gigabytes(have), what), do}
	}
	return Finding{about, LevelOK, fmt.Sprintf("%.1f GiB %s", gigabytes(have), what), ""}
}

func gigabytes(n int64) float64 { return float64(n) / float64(gib) }
