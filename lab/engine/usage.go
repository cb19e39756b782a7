package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

// Usage is what a running container holds at one moment and took so far, as the kernel counts it.
type Usage struct {
	// Memory is in bytes, without the pages of files that can be dropped at any time.
	Memory int64
	// Threads counts tasks of all its processes.
	Threads int64
	// CPU is the processor time that it took so far, on all processors together.
	CPU time.Duration
}

// Usage asks the engine once; it does not wait for a second sample.
func (c *Container) Usage(ctx context.Context) (Usage, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	res, err := c.e.cli.ContainerStats(ctx, c.ID, client.ContainerStatsOptions{})
	if err != nil {
		return Usage{}, fmt.Errorf("usage of %s: %w", c.Name, err)
	}
	defer res.Body.Close()
	var s container.StatsResponse
	if err := json.NewDecoder(res.Body).Decode(&s); err != nil {
		return Usage{}, fmt.Errorf("usage of %s: %w", c.Name, err)
	}
	if s.MemoryStats.Usage == 0 || s.PidsStats.Current == 0 {
		return Usage{}, fmt.Errorf("usage of %s: the engine counts nothing; does it run?", c.Name)
	}
	return Usage{Memory: int64(resident(s.MemoryStats)), Threads: int64(s.PidsStats.Current),
		CPU: time.Duration(s.CPUStats.CPUUsage.TotalUsage)}, nil
}

// resident is the memory that processes hold: version 1 of control groups calls it rss,
// version 2 anon. Where neither is told, files count as well.
func resident(m container.MemoryStats) uint64 {
	for _, name := range []string{"total_rss", "rss", "anon"} {
		if n, ok := m.Stats[name]; ok {
			return n
		}
	}
	return m.Usage
}
