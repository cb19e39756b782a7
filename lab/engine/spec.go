package engine

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/docker/go-units"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/api/types/network"
)

// Spec is the requested state of one container. Its zero values are the strict ones:
// nobody's user, no network, no writable place.
type Spec struct {
	Name       string // name inside the run, and host name
	Image      string
	Entrypoint []string
	Cmd        []string
	Env        map[string]string
	User       string            // default Nobody
	Tmpfs      map[string]string // path to extra mount options; /tmp is always there
	Volumes    []Mount
	Files      []File // laid in before the start; their directory must be on a volume
	Limits     Limits
	Dir        string

	Network *Network
	Address netip.Addr // fixed address, if valid
	Aliases []string
	DNS     netip.Addr            // name server, if valid
	Hosts   map[string]netip.Addr // names that it resolves by itself, before any name server
	Ports   map[string]int        // container port ("8080/tcp") to one of the host's loopback, 0 any

	Stdin bool // keep standard input open for Attach

	// EngineSocket gives the container the engine's own socket, SocketPath, the group that
	// may use it, and the labels of its run (EnvRunLabel, EnvNameLabel). Only for programs
	// of ours that never run a candidate's code; refused together with a network.
	EngineSocket bool
}

// Mount places a volume.
type Mount struct {
	Volume   *Volume
	Path     string
	ReadOnly bool
}

// Limits bound a container. Zero fields take the defaults.
type Limits struct {
	Memory   int64 // bytes, default 256 MiB; swap is never added
	PIDs     int64 // default 128
	NanoCPUs int64 // default 1e9, one core
	FileSize int64 // bytes a single file may have, default 64 MiB
}

// Bytes is the memory that a container of these limits may take.
func (l Limits) Bytes() int64 { return l.orDefault().Memory }

// Nobody is the user that containers run as by default.
const Nobody = "65532:65532"

func (l Limits) orDefault() Limits {
	if l.Memory == 0 {
		l.Memory = 256 << 20
	}
	if l.PIDs == 0 {
		l.PIDs = 128
	}
	if l.NanoCPUs == 0 {
		l.NanoCPUs = 1e9
	}
	if l.FileSize == 0 {
		l.FileSize = 64 << 20
	}
	return l
}

// tmpOptions are the mount options of every /tmp.
const tmpOptions = "rw,noexec,nosuid,nodev,size=64m,nr_inodes=4096,mode=1777"

// harden fills a host configuration. Each setting stands in the threat list with the
// attack that it stops; tests assert them in force, not as asked for.
func (s Spec) harden(h *container.HostConfig) {
	l := s.Limits.orDefault()
	yes, noKill := true, false
	h.ReadonlyRootfs = true
	h.CapDrop = []string{"ALL"}
	h.SecurityOpt = []string{"no-new-privileges"}
	h.IpcMode = "none"
	h.CgroupnsMode = "private"
	h.Init = &yes
	h.OomScoreAdj = 500
	h.OomKillDisable = &noKill
	h.RestartPolicy = container.RestartPolicy{Name: container.RestartPolicyDisabled}
	h.LogConfig = container.LogConfig{
		Type:   "json-file",
		Config: map[string]string{"max-size": "5m", "max-file": "2"},
	}
	h.Resources.Memory = l.Memory
	h.Resources.MemorySwap = l.Memory
	h.Resources.NanoCPUs = l.NanoCPUs
	h.Resources.PidsLimit = &l.PIDs
	h.Resources.Ulimits = []*units.Ulimit{
		{Name: "core", Soft: 0, Hard: 0},
		{Name: "nofile", Soft: 1024, Hard: 1024},
		{Name: "fsize", Soft: l.FileSize, Hard: l.FileSize},
	}
	h.Tmpfs = map[string]string{"/tmp": tmpOptions}
	for path, opt := range s.Tmpfs {
		h.Tmpfs[path] = opt
	}
	for _, m := range s.Volumes {
		h.Mounts = append(h.Mounts, mount.Mount{
			Type: mount.TypeVolume, Source: m.Volume.Name, Target: m.Path, ReadOnly: m.ReadOnly,
		})
	}
}

// volumeOf finds the writable volume that a path lies on.
func (s Spec) volumeOf(path string) (string, bool) {
	for _, m := range s.Volumes {
		if !m.ReadOnly && strings.HasPrefix(path, m.Path+"/") {
			return m.Path, true
		}
	}
	return "", false
}

// connect fills the network part of a host configuration.
func (s Spec) connect(h *container.HostConfig) error {
	if s.Network == nil {
		h.NetworkMode = "none"
		return nil
	}
	h.NetworkMode = container.NetworkMode(s.Network.Name)
	if s.DNS.IsValid() {
		h.DNS = []netip.Addr{s.DNS}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Hosts)) {
		h.ExtraHosts = append(h.ExtraHosts, name+":"+s.Hosts[name].String())
	}
	h.DNSSearch = []string{"."} // the host's search domains are nobody's business
	for port, host := range s.Ports {
		p, err := network.ParsePort(port)
		if err != nil {
			return err
		}
		if h.PortBindings == nil {
			h.PortBindings = network.PortMap{}
		}
		h.PortBindings[p] = []network.PortBinding{hostPort(host)}
	}
	return nil
}

// endpoint gives the container's address and names on its network.
func (s Spec) endpoint() *network.EndpointSettings {
	ep := &network.EndpointSettings{Aliases: s.Aliases, NetworkID: s.Network.ID}
	if s.Address.IsValid() {
		ep.IPAMConfig = &network.EndpointIPAMConfig{IPv4Address: s.Address}
	}
	return ep
}
