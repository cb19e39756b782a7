package grader

import (
	"context"
	"fmt"
	"math"
	"runtime"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"github.com/shirou/gopsutil/v4/mem"

	"firedrill/grader/build"
)

// perCore is how many grades share a core at most: a grade waits more than it computes, but
// what it waits for has its times.
const perCore = 2

// room is what the machine and its engine have for grades side by side.
type room struct {
	cores int
	// memory is what is free, in bytes; one grade may take each, by the limits of its
	// containers.
	memory, each int64
}

// room finds out what is there. The engine is nil where only notes are read.
func (c Config) room(ctx context.Context) room {
	r := room{cores: runtime.GOMAXPROCS(0), memory: math.MaxInt64} // GOMAXPROCS knows of control groups
	if c.Engine == nil {
		return r
	}
	info := c.Engine.Info()
	if info.CPUs > 0 {
		r.cores = min(r.cores, info.CPUs)
	}
	if info.Memory > 0 {
		r.memory = info.Memory
	}
	if c.Engine.Local() {
		if m, err := mem.VirtualMemoryWithContext(ctx); err == nil {
			r.memory = min(r.memory, int64(m.Available))
		}
		if limit, err := memlimit.FromCgroup(); err == nil && limit < math.MaxInt64 {
			r.memory = min(r.memory, int64(limit))
		}
	}
	r.each = c.Exam.memory()
	return r
}

// fits says how many grades have room: with asked 0 one to a core, else as many as asked, but
// no more than the machine has room for. The reason says what bounds them.
func (r room) fits(asked int) (n int, reason string) {
	n, reason = r.cores, fmt.Sprintf("%d cores", r.cores)
	if asked > 0 {
		n, reason = perCore*r.cores, fmt.Sprintf("%d cores, %d to a core", r.cores, perCore)
	}
	if r.each > 0 {
		if by := max(1, int(r.memory/r.each)); by < n {
			n, reason = by, fmt.Sprintf("%d MiB of memory are free, and each may take %d MiB", r.memory>>20, r.each>>20)
		}
	}
	if asked > 0 && asked <= n {
		return asked, ""
	}
	return n, reason
}

// memory is the most that the containers of one grade may take together, in bytes.
func (e *Exam) memory() int64 {
	sum := int64(build.Memory)
	for _, c := range e.Platform(Parts{}).Containers {
		sum += c.Limits.Bytes()
	}
	return sum
}
