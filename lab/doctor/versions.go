package doctor

import (
	"regexp"
	"strconv"
	"strings"
)

// known is something that is known against versions of a part of the engine.
type known struct {
	part  string
	from  string // first version concerned; empty: all before fixed
	fixed string // first version that is not
	level Level
	what  string
}

// knownBad lists what matters to labs: who gets out of a container, and who gets in. The
// sources are the projects' own advisories.
func knownBad() []known {
	const masked = "CVE-2025-31133, -52565, -52881: a container may write to the machine's /proc"
	return []known{
		{"engine", "", "20.10.0", LevelBad, "too old for what labs ask of it"},
		// docs.docker.com/engine/release-notes/28: from 28.0.0 on, ports on loopback stay there.
		{"engine", "", "28.0.0", LevelNote,
			"ports on 127.0.0.1 can be reached by machines on the same network segment"},
		// github.com/moby/moby/security/advisories/GHSA-v23v-6jw2-98fq
		{"engine", "", "23.0.15", LevelNote, authZ},
		{"engine", "24.0.0", "25.0.6", LevelNote, authZ},
		{"engine", "26.0.0", "26.1.5", LevelNote, authZ},
		{"engine", "27.0.0", "27.1.1", LevelNote, authZ},
		// github.com/moby/moby/security/advisories/GHSA-x4rx-4gw3-53p4
		{"engine", "28.2.0", "28.3.3", LevelWarn,
			"CVE-2025-54388: after a reload of firewalld, ports on 127.0.0.1 are open to the network"},
		// github.com/opencontainers/runc/security/advisories/GHSA-xr7r-f8xq-vfvv
		{"runc", "", "1.1.12", LevelWarn,
			"CVE-2024-21626: a container may get at the machine's files"},
		// github.com/opencontainers/runc/security/advisories: GHSA-9493-h29p-rfm2,
		// GHSA-qw9x-cqr3-wc7r, GHSA-cgrx-mc8f-2prm
		{"runc", "", "1.2.8", LevelWarn, masked},
		{"runc", "1.3.0", "1.3.3", LevelWarn, masked},
		// github.com/containerd/containerd/security/advisories/GHSA-pwhc-rpq9-4c8w
		{"containerd", "", "1.7.29", LevelWarn, containerdDirs},
		{"containerd", "2.0.0", "2.0.7", LevelWarn, containerdDirs},
		{"containerd", "2.1.0", "2.1.5", LevelWarn, containerdDirs},
	}
}

const (
	authZ = "CVE-2024-41110: requests may pass authorization plugins (harmless where there are none)"

	containerdDirs = "CVE-2024-25621: users of this machine may read and write containerd's directories"
)

// holds reports whether a version is concerned. One that cannot be read is not: nothing is
// said about what is not known.
func (k known) holds(version string) bool {
	have, ok := numbers(version)
	fixed, _ := numbers(k.fixed)
	if !ok || !less(have, fixed) {
		return false
	}
	from, limited := numbers(k.from)
	return !limited || !less(have, from)
}

var versionNumber = regexp.MustCompile(`^v?(\d+)\.(\d+)(?:\.(\d+))?`)

// numbers reads the first three numbers of a version.
func numbers(version string) (out [3]int, ok bool) {
	m := versionNumber.FindStringSubmatch(version)
	if m == nil {
		return out, false
	}
	for i := range out {
		out[i], _ = strconv.Atoi(m[i+1]) // digits, or nothing: 0
	}
	return out, true
}

func less(a, b [3]int) bool {
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

// patched reports whether a version is a distribution's, which mends it under its number.
func patched(version string) bool {
	for _, mark := range []string{"deb", "ubuntu", "dfsg", "+ds", "~ds", ".el", ".fc"} {
		if strings.Contains(version, mark) {
			return true
		}
	}
	return false
}
