package grader

import (
	"bytes"
	"context"

	"firedrill/grader/probe"
	"firedrill/lab"
	"firedrill/lab/engine"
)

// host is what probes can do to the service from outside, see probe.Host.
type host struct {
	lab     *lab.Lab
	service string
}

// Restart ends the service as a crash would, and starts it again.
func (h *host) Restart(ctx context.Context) error { return h.lab.Restart(ctx, h.service) }

// Usage asks the engine about the service's container.
func (h *host) Usage(ctx context.Context) (probe.Usage, error) {
	c, err := h.lab.Container(h.service)
	if err != nil {
		return probe.Usage{}, err
	}
	if up, err := c.Running(ctx); err != nil || !up {
		return probe.Usage{}, err
	}
	u, err := c.Usage(ctx)
	if err != nil { // it may have ended just now
		if up, rerr := c.Running(ctx); rerr == nil && !up {
			return probe.Usage{}, nil
		}
		return probe.Usage{}, err
	}
	return probe.Usage{Running: true, Memory: u.Memory, Threads: u.Threads}, nil
}

// maxOutput bounds what is read of a container's output, in bytes: the engine keeps less.
const maxOutput = 16 << 20

// Output gives what a container wrote.
func (h *host) Output(ctx context.Context, name string) ([]byte, error) {
	c, err := h.lab.Container(name)
	if err != nil {
		return nil, err
	}
	out := head{max: maxOutput}
	err = c.Read(ctx, engine.LogOptions{}, &out)
	return out.data.Bytes(), err
}

// head keeps the first bytes that are written to it and swallows the others.
type head struct {
	data bytes.Buffer
	max  int
}

func (h *head) Write(p []byte) (int, error) {
	h.data.Write(p[:min(len(p), max(0, h.max-h.data.Len()))])
	return len(p), nil
}
