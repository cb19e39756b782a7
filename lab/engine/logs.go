package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/client"
)

// Logs gives the last lines that the container wrote, stdout and stderr as they came, at
// most max bytes; more than that is cut off at the end. It does not follow.
func (c *Container) Logs(ctx context.Context, lines int, max int64) ([]byte, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	r, err := c.e.cli.ContainerLogs(ctx, c.ID, client.ContainerLogsOptions{
		ShowStdout: true, ShowStderr: true, Tail: strconv.Itoa(lines),
	})
	if err != nil {
		return nil, fmt.Errorf("logs of %s: %w", c.Name, err)
	}
	defer r.Close()
	buf := capped{left: max}
	if _, err := stdcopy.StdCopy(&buf, &buf, r); err != nil && !errors.Is(err, errFull) {
		return buf.data, fmt.Errorf("logs of %s: %w", c.Name, err)
	}
	return buf.data, nil
}

var errFull = errors.New("limit reached")

// capped keeps the first bytes written to it and then refuses.
type capped struct {
	data []byte
	left int64
}

func (c *capped) Write(p []byte) (int, error) {
	n := min(int64(len(p)), c.left)
	c.data = append(c.data, p[:n]...)
	c.left -= n
	if n < int64(len(p)) {
		return int(n), errFull
	}
	return len(p), nil
}

// Follow streams the container's output from its latest start until ctx ends or it stops.
func (c *Container) Follow(ctx context.Context, w io.Writer) error {
	r, err := c.e.cli.ContainerLogs(ctx, c.ID, client.ContainerLogsOptions{
		ShowStdout: true, ShowStderr: true, Follow: true, Since: c.since,
	})
	if err != nil {
		return fmt.Errorf("follow %s: %w", c.Name, err)
	}
	defer r.Close()
	_, err = stdcopy.StdCopy(w, w, r)
	return err
}

// LogOptions choose what Read gives.
type LogOptions struct {
	Lines  int  // how many of the last ones; 0 is all
	Follow bool // and what is still written, until the container ends
	Times  bool // each line begins with its time, RFC 3339 with nanoseconds, and a blank
}

// Read writes the container's output, of all its starts, to w.
func (c *Container) Read(ctx context.Context, o LogOptions, w io.Writer) error {
	if !o.Follow {
		var cancel context.CancelFunc
		ctx, cancel = bounded(ctx)
		defer cancel()
	}
	tail := "all"
	if o.Lines > 0 {
		tail = strconv.Itoa(o.Lines)
	}
	r, err := c.e.cli.ContainerLogs(ctx, c.ID, client.ContainerLogsOptions{
		ShowStdout: true, ShowStderr: true, Follow: o.Follow, Tail: tail, Timestamps: o.Times,
	})
	if err != nil {
		return fmt.Errorf("logs of %s: %w", c.Name, err)
	}
	defer r.Close()
	if _, err = stdcopy.StdCopy(w, w, r); err != nil {
		return fmt.Errorf("logs of %s: %w", c.Name, err)
	}
	return nil
}
