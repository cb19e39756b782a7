package grader

import (
	"context"
	"crypto/rand"
	"fmt"

	"firedrill/grader/probe"
)

// Seal takes a lab's database out of a candidate's hands before anything of theirs runs: the
// service's user becomes an ordinary owner, and probes look through one that it cannot be,
// stop, or change the rights of. What the service finds is otherwise as in the lab that
// candidates had.
type Seal struct {
	// Steps are carried out in order, by the user that the lab began with.
	Steps []probe.Statement
	// Database is the connection URL of the probes from then on.
	Database string
}

// seal carries an exam's out with a password that is this examination's alone.
func (x *examination) seal(ctx context.Context, s *probe.Session) error {
	if x.exam.Seal == nil {
		return nil
	}
	seal := x.exam.Seal(rand.Text())
	for i, step := range seal.Steps {
		if err := s.Execute(ctx, step); err != nil {
			return fmt.Errorf("seal the database, step %d: %w", i+1, err)
		}
	}
	s.Target.DSN = seal.Database
	_, err := s.Query(ctx, "SELECT 1")
	return err
}
