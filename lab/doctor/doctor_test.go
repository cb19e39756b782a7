package doctor

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// fit is a machine with nothing to say against it.
func fit() machine {
	return machine{
		parts:     map[string]string{"engine": "29.5.1", "containerd": "2.1.5", "runc": "1.3.4"},
		security:  []string{"name=apparmor", "name=seccomp,profile=builtin", "name=cgroupns"},
		swapLimit: true, cgroups: "2", driver: "overlay2", cpus: 4,
		memory: 8 * gib, disk: 80 * gib, root: "/var/lib/docker",
		images: map[string]string{"programs": "firedrill/x:1"},
		ports:  []portUse{{door: "service", flag: "port", port: 8080}},
	}
}

func TestFindings(t *testing.T) {
	for _, f := range fit().findings() {
		require.Equal(t, LevelOK, f.Level, f)
		require.Empty(t, f.Do, f)
	}
	require.NoError(t, Verdict(fit().findings()))
	for name, c := range map[string]struct {
		change func(*machine)
		about  string
		level  Level
		do     string // a part of what is to be done
	}{
		"old runc": {func(m *machine) { m.parts["runc"] = "1.1.11" },
			"runc", LevelWarn, "1.1.12"},
		"newer bad runc": {func(m *machine) { m.parts["runc"] = "1.3.2" },
			"runc", LevelWarn, "1.3.3"},
		"old containerd": {func(m *machine) { m.parts["containerd"] = "2.0.6" },
			"containerd", LevelWarn, "2.0.7"},
		"patched runc": {func(m *machine) { m.parts["runc"] = "1.1.5+ds1" },
			"runc", LevelNote, "distribution"},
		"firewalld": {func(m *machine) { m.parts["engine"] = "28.3.0" },
			"engine", LevelWarn, "28.3.3"},
		"ancient engine": {func(m *machine) { m.parts["engine"] = "19.03.8" },
			"engine", LevelBad, "20.10"},
		"no seccomp": {func(m *machine) { m.security = []string{"name=apparmor"} },
			"isolation", LevelBad, "SECCOMP"},
		"no apparmor": {func(m *machine) { m.security = []string{"name=seccomp"} },
			"isolation", LevelWarn, "AppArmor"},
		"no swap limit": {func(m *machine) { m.swapLimit = false },
			"isolation", LevelWarn, "swapaccount"},
		"old groups": {func(m *machine) { m.cgroups = "1" }, "isolation", LevelNote, "nothing"},
		"image missing": {func(m *machine) { m.images["programs"] = "" },
			"image", LevelBad, "make setup"},
		"port taken": {func(m *machine) { m.ports[0].taken = true },
			"port", LevelWarn, "--port PORT"},
		"port of a lab": {func(m *machine) { m.ports[0].lab = "3f2a" },
			"port", LevelNote, "--ports auto"},
		"disk nearly full": {func(m *machine) { m.disk = gib }, "disk", LevelWarn, "lab gc"},
		"disk full":        {func(m *machine) { m.disk = gib / 100 }, "disk", LevelBad, "lab gc"},
		"disk elsewhere":   {func(m *machine) { m.disk = -1 }, "disk", LevelNote, "4.0 GiB"},
		"no memory": {func(m *machine) { m.memory = gib / 4 },
			"memory", LevelBad, "larger machine"},
		"little memory": {func(m *machine) { m.memory = gib }, "memory", LevelWarn, "1.5 GiB"},
		"leftovers":     {func(m *machine) { m.dead = 3 }, "leftovers", LevelNote, "lab gc"},
	} {
		t.Run(name, func(t *testing.T) {
			m := fit()
			c.change(&m)
			var said []string
			for _, f := range m.findings() {
				if f.Level == LevelOK {
					continue
				}
				said = append(said, f.Do)
				if f.About == c.about && f.Level == c.level {
					require.Contains(t, f.Do, c.do)
					if c.level == LevelBad {
						require.ErrorContains(t, Verdict(m.findings()), c.about)
					}
					return
				}
			}
			require.Fail(t, "not found", "%v", said)
		})
	}
}

func TestKnownBad(t *testing.T) {
	k := known{part: "runc", from: "1.3.0", fixed: "1.3.3"}
	for version, want := range map[string]bool{"1.3.0": true, "v1.3.2": true, "1.3.2-rc.1": true,
		"1.3.3": false, "1.2.9": false, "1.4": false, "": false, "unknown": false} {
		require.Equal(t, want, k.holds(version), version)
	}
	var said []string
	for _, k := range knownBad() {
		if k.part == "engine" && k.holds("27.1.0") {
			said = append(said, k.what)
		}
	}
	require.Contains(t, said, authZ)
	for _, k := range knownBad() {
		_, ok := numbers(k.fixed)
		require.True(t, ok, k.what)
		require.NotEmpty(t, k.what)
	}
}
