package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
	"golang.org/x/sync/errgroup"
)

// Object is something of ours that the engine holds.
type Object struct {
	Kind    string // container, network or volume
	ID      string
	Run     string
	Name    string
	Owner   string
	Expires time.Time
}

// List gives every object that carries our labels, containers first, in a stable order.
func (e *Engine) List(ctx context.Context) ([]Object, error) {
	filter := make(client.Filters).Add("label", LabelRun)
	cs, err := e.cli.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: filter})
	if err != nil {
		return nil, fmt.Errorf("list containers: %w", err)
	}
	ns, err := e.cli.NetworkList(ctx, client.NetworkListOptions{Filters: filter})
	if err != nil {
		return nil, fmt.Errorf("list networks: %w", err)
	}
	vs, err := e.cli.VolumeList(ctx, client.VolumeListOptions{Filters: filter})
	if err != nil {
		return nil, fmt.Errorf("list volumes: %w", err)
	}
	var out []Object
	for _, c := range cs.Items {
		out = append(out, object("container", c.ID, c.Labels))
	}
	for _, n := range ns.Items {
		out = append(out, object("network", n.ID, n.Labels))
	}
	for _, v := range vs.Items {
		out = append(out, object("volume", v.Name, v.Labels))
	}
	slices.SortStableFunc(out, func(a, b Object) int {
		return kindOrder[a.Kind] - kindOrder[b.Kind]
	})
	return out, nil
}

// kindOrder is the order of removal: networks and volumes are held by containers.
var kindOrder = map[string]int{"container": 0, "network": 1, "volume": 2}

func object(kind, id string, l map[string]string) Object {
	exp, err := time.Parse(time.RFC3339, l[LabelExpires])
	if err != nil {
		exp = time.Time{}
	}
	return Object{Kind: kind, ID: id, Run: l[LabelRun], Name: l[LabelName],
		Owner: l[LabelOwner], Expires: exp}
}

// Dead reports whether nobody needs the object any more: it expired, or its owner ended.
// A label that cannot be read keeps the object until it expires; one without an expiry
// was not made by us.
func (o Object) Dead(self Owner, now time.Time) bool {
	if o.Expires.IsZero() {
		return false
	}
	if now.After(o.Expires) {
		return true
	}
	owner, err := ParseOwner(o.Owner)
	return err == nil && owner.gone(self)
}

// Sweep removes every dead object and tells what it removed.
func (e *Engine) Sweep(ctx context.Context, now time.Time) ([]Object, error) {
	return e.removeIf(ctx, func(o Object) bool { return o.Dead(e.owner, now) })
}

// RemoveRun removes all objects of one run, whoever owns it.
func (e *Engine) RemoveRun(ctx context.Context, run string) ([]Object, error) {
	return e.removeIf(ctx, func(o Object) bool { return o.Run == run })
}

func (e *Engine) removeIf(ctx context.Context, which func(Object) bool) ([]Object, error) {
	all, err := e.List(ctx)
	if err != nil {
		return nil, err
	}
	var gone []Object
	var errs []error
	for _, kind := range []string{"container", "network", "volume"} {
		var g errgroup.Group
		g.SetLimit(8)
		fails := make([]error, len(all))
		for i, o := range all {
			if o.Kind != kind || !which(o) {
				continue
			}
			gone = append(gone, o)
			g.Go(func() error { fails[i] = e.remove(ctx, o); return nil })
		}
		_ = g.Wait()
		errs = append(errs, fails...)
	}
	return gone, errors.Join(errs...)
}

func (e *Engine) remove(ctx context.Context, o Object) error {
	var err error
	switch o.Kind {
	case "container":
		_, err = e.cli.ContainerRemove(ctx, o.ID, client.ContainerRemoveOptions{
			Force: true, RemoveVolumes: true,
		})
	case "network":
		_, err = e.cli.NetworkRemove(ctx, o.ID, client.NetworkRemoveOptions{})
	case "volume":
		_, err = e.cli.VolumeRemove(ctx, o.ID, client.VolumeRemoveOptions{Force: true})
	}
	if err != nil && !errdefs.IsNotFound(err) && !errdefs.IsConflict(err) {
		return fmt.Errorf("remove %s %s: %w", o.Kind, o.Name, err)
	}
	return nil
}
