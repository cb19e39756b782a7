package grader

import (
	"context"
	"fmt"

	"firedrill/grader/probe"
	"firedrill/grader/report"
	"firedrill/lab/engine"
)

// isolated reads back what keeps a container apart from the machine.
func (x *examination) isolated(ctx context.Context, c *engine.Container) (*report.Isolation, error) {
	f, err := c.InForce(ctx)
	if err != nil {
		return nil, err
	}
	info := x.eng.Info()
	return &report.Isolation{Engine: info.Version, Runtime: f.Runtime, Kernel: info.Kernel,
		User: f.User, Seccomp: f.Seccomp, AppArmor: f.AppArmor, NoNewPrivileges: f.NoNewPrivileges,
		Capabilities: f.Capabilities, ReadOnlyRoot: f.ReadOnlyRoot, PIDs: f.PIDs, Memory: f.Memory,
		Swap: f.Swap, CPUs: f.CPUs, Internal: f.Internal, Lacks: append([]string{}, f.Lacks()...)}, nil
}

// reachable asks the lab's database by its name before anything of the candidate's is started,
// and seals it.
// Some runtimes do not resolve names on the engine's networks; then no service would work,
// and none is to blame. Once a program of the candidate's runs, the same answer would be its own.
func (x *examination) reachable(ctx context.Context, s *probe.Session) error {
	if x.exam.Database == "" {
		return nil
	}
	if _, err := s.Query(ctx, "SELECT 1"); err != nil {
		return fmt.Errorf("the lab cannot be reached from within, with runtime %s: %w",
			x.eng.Info().Runtime, err)
	}
	return x.seal(ctx, s)
}
