package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
)

// Container is a created container.
type Container struct {
	ID    string
	Name  string // name inside the run
	e     *Engine
	tc    testcontainers.Container
	since string // end of its last life, empty in its first
	lives int
}

// MissingImageError says that an image was not provided yet.
type MissingImageError struct{ Image string }

func (e *MissingImageError) Error() string { return "image " + e.Image + " is missing" }

// Hint says what to do about it.
func (e *MissingImageError) Hint() string { return "run `make setup` to provide the images" }

// Create makes a container without starting it. On error nothing is left behind.
func (e *Engine) Create(ctx context.Context, run Run, s Spec) (*Container, error) {
	if ok, err := e.HasImage(ctx, s.Image); err != nil {
		return nil, fmt.Errorf("create %s: %w", s.Name, err)
	} else if !ok {
		return nil, &MissingImageError{Image: s.Image}
	}
	req, err := s.request(e, run)
	if err != nil {
		return nil, fmt.Errorf("create %s: %w", s.Name, err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// The engine finishes what it began, also when nobody listens any more. Whoever lets
	// go half way could not remove what it does not know.
	whole, cancel := Detach(ctx)
	defer cancel()
	provider, err := e.provider.get(whole, e.cli)
	if err != nil {
		return nil, fmt.Errorf("create %s: %w", s.Name, err)
	}
	tc, err := provider.CreateContainer(whole, req)
	if err != nil {
		err = fmt.Errorf("create %s: %w", s.Name, err)
		if tc != nil {
			c := &Container{ID: tc.GetContainerID(), Name: s.Name, e: e}
			err = errors.Join(err, c.Remove(whole))
		}
		return nil, err
	}
	c := &Container{ID: tc.GetContainerID(), Name: s.Name, e: e, tc: tc}
	if len(s.Files) > 0 {
		if err := c.put(whole, s); err != nil {
			return nil, errors.Join(fmt.Errorf("create %s: %w", s.Name, err), c.Remove(whole))
		}
	}
	return c, nil
}

// request translates a spec into what testcontainers takes.
func (s Spec) request(e *Engine, run Run) (testcontainers.ContainerRequest, error) {
	if err := s.checkSocket(); err != nil {
		return testcontainers.ContainerRequest{}, err
	}
	req := testcontainers.ContainerRequest{
		Name:       objectName(run, s.Name),
		Image:      s.Image,
		Entrypoint: s.Entrypoint,
		Cmd:        s.Cmd,
		Env:        s.environment(run),
		Labels:     e.labels(run, s.Name),
	}
	req.ExposedPorts = slices.Sorted(maps.Keys(s.Ports))
	var bad error
	req.ConfigModifier = func(c *container.Config) {
		c.User = s.User
		if c.User == "" {
			c.User = Nobody
		}
		c.Hostname = s.Name
		c.WorkingDir = s.Dir
		c.OpenStdin, c.StdinOnce = s.Stdin, s.Stdin
		c.AttachStdin = s.Stdin
		slices.Sort(c.Env)
	}
	req.HostConfigModifier = func(h *container.HostConfig) {
		h.Runtime = e.runtime
		s.harden(h)
		s.giveSocket(e, h)
		bad = s.connect(h)
	}
	if s.Network != nil {
		req.Networks = []string{s.Network.Name}
		req.EndpointSettingsModifier = func(m map[string]*network.EndpointSettings) {
			m[s.Network.Name] = s.endpoint()
		}
	}
	for port := range s.Ports {
		if _, err := network.ParsePort(port); err != nil {
			return req, fmt.Errorf("port %q: %w", port, err)
		}
	}
	return req, bad
}

// put lays files into a container that has not started yet. Copying into a running one is
// never done: engines before 29.5.1 follow links that it swaps meanwhile.
func (c *Container) put(ctx context.Context, s Spec) error {
	byMount := map[string][]File{}
	for _, f := range s.Files {
		dir, ok := s.volumeOf(f.Path)
		if !ok {
			return fmt.Errorf("file %s lies on no volume", f.Path)
		}
		f.Path = strings.TrimPrefix(f.Path, dir)
		byMount[dir] = append(byMount[dir], f)
	}
	for _, dir := range slices.Sorted(maps.Keys(byMount)) {
		buf, err := pack(byMount[dir])
		if err != nil {
			return err
		}
		_, err = c.e.cli.CopyToContainer(ctx, c.ID, client.CopyToContainerOptions{
			DestinationPath: dir, Content: buf,
		})
		if err != nil {
			return fmt.Errorf("copy files to %s: %w", dir, err)
		}
	}
	return nil
}

// Start runs the container; it does not wait for more than the engine's word.
func (c *Container) Start(ctx context.Context) error {
	if c.lives > 0 {
		if err := c.endOfLife(ctx); err != nil {
			return err
		}
	}
	if err := c.run(ctx); err != nil {
		return fmt.Errorf("start %s: %w", c.Name, portTaken(err))
	}
	c.lives++
	return nil
}

// endOfLife notes when the last life ended: what is written later belongs to the next one.
// The time at which that started would not do, as a quick program writes before the engine
// has noted it.
func (c *Container) endOfLife(ctx context.Context) error {
	in, err := c.e.cli.ContainerInspect(ctx, c.ID, client.ContainerInspectOptions{})
	if err != nil {
		return fmt.Errorf("start %s: %w", c.Name, err)
	}
	c.since = ""
	end, err := time.Parse(time.RFC3339Nano, in.Container.State.FinishedAt)
	if err == nil && !end.IsZero() {
		c.since = in.Container.State.FinishedAt
	}
	return nil
}

func (c *Container) run(ctx context.Context) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	if c.tc != nil {
		return c.tc.Start(ctx)
	}
	_, err := c.e.cli.ContainerStart(ctx, c.ID, client.ContainerStartOptions{})
	return err
}

// Exit is how a container ended.
type Exit struct {
	Code      int64
	OOMKilled bool
}

// Wait blocks until the container is not running.
func (c *Container) Wait(ctx context.Context) (Exit, error) {
	w := c.e.cli.ContainerWait(ctx, c.ID, client.ContainerWaitOptions{
		Condition: container.WaitConditionNotRunning,
	})
	select {
	case err := <-w.Error:
		return Exit{}, fmt.Errorf("wait for %s: %w", c.Name, err)
	case res := <-w.Result:
		in, err := c.e.cli.ContainerInspect(ctx, c.ID, client.ContainerInspectOptions{})
		if err != nil {
			return Exit{}, fmt.Errorf("inspect %s: %w", c.Name, err)
		}
		return Exit{Code: res.StatusCode, OOMKilled: in.Container.State.OOMKilled}, nil
	}
}

// Running reports whether the container runs now.
func (c *Container) Running(ctx context.Context) (bool, error) {
	in, err := c.e.cli.ContainerInspect(ctx, c.ID, client.ContainerInspectOptions{})
	if errdefs.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("inspect %s: %w", c.Name, err)
	}
	return in.Container.State.Running, nil
}

// Stop ends the container at once (SIGKILL). One that does not run is no error.
func (c *Container) Stop(ctx context.Context) error {
	_, err := c.e.cli.ContainerKill(ctx, c.ID, client.ContainerKillOptions{Signal: "SIGKILL"})
	if err != nil && !errdefs.IsConflict(err) && !errdefs.IsNotFound(err) {
		return fmt.Errorf("stop %s: %w", c.Name, err)
	}
	return nil
}

// Remove ends and deletes the container with its anonymous volumes. One that is gone
// already, or that somebody else is removing, is no error.
func (c *Container) Remove(ctx context.Context) error {
	_, err := c.e.cli.ContainerRemove(ctx, c.ID, client.ContainerRemoveOptions{
		Force: true, RemoveVolumes: true,
	})
	if err == nil || errdefs.IsNotFound(err) || errdefs.IsConflict(err) {
		return nil
	}
	return fmt.Errorf("remove %s: %w", c.Name, err)
}
