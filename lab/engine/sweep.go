package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
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
	Of      string
	Expires time.Time
	Created time.Time
	// State is a container's: created, running, exited, …
	State string
	// Ports are a running container's published ones: its own to the host's.
	Ports map[string]int
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
		o := object("container", c.ID, c.Labels)
		o.Created, o.State, o.Ports = time.Unix(c.Created, 0), string(c.State), published(c.Ports)
		out = append(out, o)
	}
	for _, n := range ns.Items {
		o := object("network", n.ID, n.Labels)
		o.Created = n.Created
		out = append(out, o)
	}
	for _, v := range vs.Items {
		o := object("volume", v.Name, v.Labels)
		o.Created, _ = time.Parse(time.RFC3339, v.CreatedAt)
		out = append(out, o)
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
		Owner: l[LabelOwner], Of: l[LabelOf], Expires: exp}
}

func published(all []container.PortSummary) map[string]int {
	out := map[string]int{}
	for _, p := range all {
		if p.PublicPort != 0 {
			out[fmt.Sprintf("%d/%s", p.PrivatePort, p.Type)] = int(p.PublicPort)
		}
	}
	return out
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
	return err == nil && owner.Gone(self)
}

// Dead lists what Sweep would remove.
func (e *Engine) Dead(ctx context.Context, now time.Time) ([]Object, error) {
	all, err := e.List(ctx)
	if err != nil {
		return nil, err
	}
	gone := map[string]bool{}
	for _, o := range all {
		if o.Dead(e.owner, now) {
			gone[o.Run] = true
		}
	}
	if len(gone) == 0 {
		return nil, nil
	}
	// Whether a run was released is looked at after its owner was seen gone: an owner
	// that ends in between has released its run by then, or never will.
	if all, err = e.List(ctx); err != nil {
		return nil, err
	}
	released := map[string]bool{}
	for _, o := range all {
		released[o.Run] = released[o.Run] || o.Released()
	}
	return slices.DeleteFunc(all, func(o Object) bool {
		return !gone[o.Run] || !o.Dead(e.owner, now) || released[o.Run] && !now.After(o.Expires)
	}), nil
}

// Sweep removes every dead object and tells what it removed. Released runs die by their
// expiry only, see Release.
func (e *Engine) Sweep(ctx context.Context, now time.Time) ([]Object, error) {
	dead, err := e.Dead(ctx, now)
	if err != nil {
		return nil, err
	}
	return e.remove(ctx, dead)
}

// Tidy is Sweep for commands that have other work to do: what could not be removed is told on w,
// and no error. An engine may count ends of a network that are gone, and keeps such a network until
// it is started anew; that is no reason to grade nothing. An engine that does not answer is one.
func (e *Engine) Tidy(ctx context.Context, now time.Time, w io.Writer) error {
	_, err := e.Sweep(ctx, now)
	return tidied(err, w)
}

func tidied(err error, w io.Writer) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("not everything that dead runs left was removed: %w", err)
	if errors.Is(err, ErrUnavailable) || errors.Is(err, context.Canceled) {
		return err
	}
	fmt.Fprintf(w, "warning: %v\n"+
		"hint: it takes up little; a network without containers goes when the docker engine is started anew\n", err)
	return nil
}

// RemoveRun removes all objects of one run, whoever owns it.
func (e *Engine) RemoveRun(ctx context.Context, run string) ([]Object, error) {
	all, err := e.List(ctx)
	if err != nil {
		return nil, err
	}
	return e.remove(ctx, slices.DeleteFunc(all, func(o Object) bool { return o.Run != run }))
}

// remove removes objects, first those that hold others.
func (e *Engine) remove(ctx context.Context, all []Object) ([]Object, error) {
	var gone []Object
	var errs []error
	for _, kind := range []string{"container", "network", "volume"} {
		var g errgroup.Group
		g.SetLimit(8)
		fails := make([]error, len(all))
		for i, o := range all {
			if o.Kind != kind {
				continue
			}
			gone = append(gone, o)
			g.Go(func() error { fails[i] = e.removeOne(ctx, o); return nil })
		}
		_ = g.Wait()
		errs = append(errs, fails...)
	}
	return gone, errors.Join(errs...)
}

func (e *Engine) removeOne(ctx context.Context, o Object) error {
	var err error
	switch o.Kind {
	case "container":
		_, err = e.cli.ContainerRemove(ctx, o.ID, client.ContainerRemoveOptions{
			Force: true, RemoveVolumes: true,
		})
		if errdefs.IsConflict(err) { // somebody else removes it: what it holds waits for that
			err = e.awaitRemoved(ctx, o.ID)
		}
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

func (e *Engine) awaitRemoved(ctx context.Context, id string) error {
	w := e.cli.ContainerWait(ctx, id, client.ContainerWaitOptions{
		Condition: container.WaitConditionRemoved,
	})
	select {
	case err := <-w.Error:
		return err
	case <-w.Result:
		return nil
	}
}
