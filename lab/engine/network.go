package engine

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"net/netip"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
)

// Network is a bridge of its own small subnet.
type Network struct {
	ID     string
	Name   string
	Subnet netip.Prefix
	e      *Engine
}

// subnetBits: 32 addresses, the lower half for fixed addresses, the upper for the others.
const subnetBits = 27

// pool is where subnets are cut from. It lies outside Docker's default pools, which end at
// about thirty networks.
var pool = netip.MustParsePrefix("10.213.0.0/16")

// tries bounds the search for a free subnet.
const tries = 256

// CreateNetwork makes the run's network. Exposed ones can publish ports on the host's
// loopback but never reach further than the host; all others are isolated from the host too.
func (e *Engine) CreateNetwork(ctx context.Context, run Run, exposed bool) (*Network, error) {
	opt := client.NetworkCreateOptions{
		Driver:   "bridge",
		Internal: !exposed,
		Options:  e.isolation(),
		Labels:   e.labels(run, "net"),
	}
	if exposed {
		opt.Options = map[string]string{
			"com.docker.network.bridge.enable_ip_masquerade": "false",
			"com.docker.network.bridge.host_binding_ipv4":    "127.0.0.1",
		}
	}
	name := objectName(run, "net")
	first := firstSubnet(run.ID)
	var last error
	for i := range tries {
		sub := nthSubnet(first + i)
		opt.IPAM = &network.IPAM{Config: []network.IPAMConfig{{
			Subnet:  sub,
			IPRange: upperHalf(sub),
			Gateway: sub.Addr().Next(),
		}}}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		whole, cancel := Detach(ctx) // see Create
		res, err := e.cli.NetworkCreate(whole, name, opt)
		cancel()
		if err == nil {
			return &Network{ID: res.ID, Name: name, Subnet: sub, e: e}, nil
		}
		last = err
		if !overlaps(err) {
			break
		}
	}
	return nil, fmt.Errorf("create network %s: %w", name, last)
}

func overlaps(err error) bool {
	s := err.Error()
	return strings.Contains(s, "overlap") || strings.Contains(s, "conflicts with network")
}

// firstSubnet spreads runs over the pool so that parallel ones seldom collide.
func firstSubnet(run string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(run))
	return int(h.Sum32() & 0x7ff)
}

func nthSubnet(n int) netip.Prefix {
	count := 1 << (subnetBits - pool.Bits())
	base := pool.Addr().As4()
	v := binary.BigEndian.Uint32(base[:]) + uint32(n%count)<<(32-subnetBits)
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], v)
	return netip.PrefixFrom(netip.AddrFrom4(b), subnetBits)
}

func upperHalf(p netip.Prefix) netip.Prefix {
	b := p.Addr().As4()
	b[3] |= 1 << (31 - p.Bits())
	return netip.PrefixFrom(netip.AddrFrom4(b), p.Bits()+1)
}

// Fixed gives the n-th fixed address (n from 0), which no container gets by itself.
func (n *Network) Fixed(i int) netip.Addr {
	a := n.Subnet.Addr().Next()
	for range i + 1 {
		a = a.Next()
	}
	return a
}

// Remove deletes the network; one that is gone already is no error.
func (n *Network) Remove(ctx context.Context) error {
	_, err := n.e.cli.NetworkRemove(ctx, n.ID, client.NetworkRemoveOptions{})
	if errdefs.IsNotFound(err) {
		return nil
	}
	return err
}
