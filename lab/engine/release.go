package engine

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/moby/moby/client"
)

// unowned stands in the owner's label of what belongs to no process.
const unowned = "none"

// keeperName is the name of the volume by which a run is released.
const keeperName = "lab"

// Release lets a run outlive this process: from now on only its expiry counts. Until then
// its objects die with the process that made them, so that one which is killed half way
// leaves nothing for good.
//
// An object's labels never change. A run is therefore released by one more object, an
// empty volume that belongs to nobody; it holds nothing and costs nothing.
func (e *Engine) Release(ctx context.Context, run Run) error {
	labels := e.labels(run, keeperName)
	labels[LabelOwner] = unowned
	_, err := e.cli.VolumeCreate(ctx, client.VolumeCreateOptions{
		Name: objectName(run, keeperName), Labels: labels,
	})
	if err != nil {
		return fmt.Errorf("release run %s: %w", run.ID, err)
	}
	return nil
}

// Released reports whether the object is one by which a run was released.
func (o Object) Released() bool { return o.Owner == unowned }

// OpenContainer gives the handle of a container that another process made.
func (e *Engine) OpenContainer(o Object) *Container {
	// Its first start was before our time: what it writes from the next one on counts.
	return &Container{ID: o.ID, Name: o.Name, e: e, lives: 1}
}

// OpenNetwork gives the handle of a run's network that another process made.
func (e *Engine) OpenNetwork(ctx context.Context, o Object) (*Network, error) {
	in, err := e.cli.NetworkInspect(ctx, o.ID, client.NetworkInspectOptions{})
	if err != nil {
		return nil, fmt.Errorf("inspect network %s: %w", o.Name, err)
	}
	n := &Network{ID: o.ID, Name: in.Network.Name, e: e}
	for _, c := range in.Network.IPAM.Config {
		n.Subnet = c.Subnet
	}
	if n.Subnet == (netip.Prefix{}) {
		return nil, fmt.Errorf("network %s has no subnet", n.Name)
	}
	return n, nil
}
