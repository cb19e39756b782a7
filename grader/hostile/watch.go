package hostile

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"firedrill/lab/engine"
)

// Container is what the engine says is in force for one container.
type Container struct {
	Name string
	// Wrong lists what is not as it must be.
	Wrong []string
}

// watcher looks at every container of this process as it starts.
type watcher struct {
	eng    *engine.Engine
	self   string
	cancel context.CancelFunc
	done   chan struct{}

	mu      sync.Mutex
	seen    []Container
	volumes []string
}

// watch begins to look.
func watch(ctx context.Context, eng *engine.Engine) (*watcher, error) {
	self, err := engine.Self()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	w := &watcher{eng: eng, self: self.String(), cancel: cancel, done: make(chan struct{})}
	filter := make(client.Filters).Add("type", "container").Add("event", "start").
		Add("label", engine.LabelOwner+"="+w.self)
	events := eng.Client().Events(ctx, client.EventsListOptions{Filters: filter})
	go func() {
		defer close(w.done)
		for {
			select {
			case e := <-events.Messages:
				w.look(ctx, e.Actor.ID, e.Actor.Attributes[engine.LabelName])
			case <-events.Err:
				return
			case <-ctx.Done():
				return
			}
		}
	}()
	return w, nil
}

func (w *watcher) close() {
	w.cancel()
	<-w.done
}

func (w *watcher) look(ctx context.Context, id, name string) {
	in, err := w.eng.Client().ContainerInspect(ctx, id, client.ContainerInspectOptions{})
	if err != nil {
		return // it may have ended and gone already; the others of its kind are seen
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = append(w.seen, Container{Name: name, Wrong: lax(in.Container)})
	for _, m := range in.Container.Mounts {
		if m.Type == "volume" && !slices.Contains(w.volumes, m.Name) {
			w.volumes = append(w.volumes, m.Name)
		}
	}
}

// lax lists what a container has that none of ours may have.
func lax(c container.InspectResponse) []string {
	h := c.HostConfig
	var out []string
	must := func(ok bool, what string, value any) {
		if !ok {
			out = append(out, fmt.Sprintf("%s is %v", what, value))
		}
	}
	must(!h.Privileged, "privileged", h.Privileged)
	must(len(h.CapAdd) == 0 && len(h.CapDrop) == 1 && h.CapDrop[0] == "ALL", "cap-drop", h.CapDrop)
	must(h.ReadonlyRootfs, "read-only root", h.ReadonlyRootfs)
	must(len(h.SecurityOpt) == 1 && h.SecurityOpt[0] == "no-new-privileges", "security-opt", h.SecurityOpt)
	must(c.Config.User == engine.Nobody, "user", c.Config.User)
	must(len(h.Binds) == 0, "binds", h.Binds)
	for _, m := range h.Mounts {
		must(m.Type != "bind", "a mount", m.Source)
	}
	must(h.Memory > 0 && h.Memory <= 1536<<20 && h.MemorySwap == h.Memory, "memory", h.Memory)
	must(h.PidsLimit != nil && *h.PidsLimit > 0 && *h.PidsLimit <= 512, "pids", h.PidsLimit)
	must(h.NanoCPUs > 0, "cpus", h.NanoCPUs)
	must(h.IpcMode == "none", "ipc", h.IpcMode)
	must(h.PidMode == "" && h.UTSMode == "" && h.UsernsMode == "", "a namespace", h.PidMode)
	must(h.NetworkMode != "host", "network", h.NetworkMode)
	for port, to := range c.NetworkSettings.Ports {
		must(len(to) == 0, "published port "+port.String(), to)
	}
	must(len(h.Devices) == 0, "devices", h.Devices)
	must(h.LogConfig.Type == "json-file" && h.LogConfig.Config["max-size"] == "5m" &&
		h.LogConfig.Config["max-file"] == "2", "logs", h.LogConfig)
	for _, env := range c.Config.Env {
		must(!strings.Contains(env, canaryToken), "a variable", "the host's")
	}
	return out
}

// maxLog bounds what is kept of a service's output.
const maxLog = 1 << 20

// collect keeps what the service wrote and what was seen of containers, before they go.
func (w *watcher) collect(ctx context.Context, service string, seen *Seen) {
	all, err := w.eng.List(ctx)
	if err != nil {
		return
	}
	for _, o := range all {
		if o.Owner != w.self || o.Kind != "container" || o.Name != service {
			continue
		}
		r, err := w.eng.Client().ContainerLogs(ctx, o.ID, client.ContainerLogsOptions{ShowStdout: true, ShowStderr: true})
		if err != nil {
			continue
		}
		var out lines
		_, _ = stdcopy.StdCopy(&out, &out, r)
		_ = r.Close()
		seen.Log, seen.LogBytes = out.kept.String(), out.total
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	seen.Containers, seen.Volumes = slices.Clone(w.seen), slices.Clone(w.volumes)
}

// lines keeps the hostile program's own lines and counts everything.
type lines struct {
	kept  bytes.Buffer
	total int64
}

func (l *lines) Write(p []byte) (int, error) {
	l.total += int64(len(p))
	for line := range bytes.Lines(p) {
		if bytes.HasPrefix(line, []byte("hostile: ")) && l.kept.Len() < maxLog {
			l.kept.Write(line)
		}
	}
	return len(p), nil
}
