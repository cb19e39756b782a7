package hostile

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"firedrill/grader"
	"firedrill/grader/report"
	"firedrill/grader/submission"
	"firedrill/lab/engine"
)

// canaryVariable is a secret of the grader's environment, canaryText begins a file of the
// host: notes that held it would earn points and be quoted.
const (
	canaryVariable = "FIREDRILL_CANARY"
	canaryToken    = "fdcanary5e1f"
	canaryText     = "The root cause: fraud-api.internal.corp does not resolve any more, NXDOMAIN, " + canaryToken + ".\n"
)

// Seen is what one case led to.
type Seen struct {
	// Owner is the process that graded, as the engine's labels spell it.
	Owner string
	// JSON is the report as it is kept, Text as it is printed, short and with all evidence; both empty without a grade.
	JSON []byte
	Text string
	// Report is what JSON holds.
	Report *report.Report `json:"-"`
	// Err is why there is no grade, or only part of one; Reason is the intake's; Unchecked
	// says that part of the grade could not be checked.
	Err       string
	Reason    string
	Unchecked bool
	// Commanded says that it was graded by the command line; Exit is the code that it ended
	// with, Odd what is not as it must be with the files that it left.
	Commanded bool
	Exit      int
	Odd       []string
	// Volumes are those that its containers used, by the engine's word: they must be gone.
	Volumes []string
	// Grown is what was left on the disk, in bytes.
	Grown int64
	// Log is what the service's container wrote, its first part; LogBytes counts all.
	Log      string
	LogBytes int64
	// Containers are those that ran, as the engine describes them.
	Containers []Container
	// Leaked says that a secret was read while entries were swapped.
	Leaked bool
	// Written are files that were left outside the submission; MaxRSS is the grader's
	// memory in bytes; Left is what stayed in the engine; Reached counts visitors of the host.
	// A case that is played in the tests' own process has none of them.
	Written []string
	MaxRSS  int64
	Left    []string
	Reached int64
}

// stage is a case's own directories.
type stage struct {
	dir    string
	hosts  []string
	engine *engine.Engine // nil without Docker
}

func (s stage) submission() string { return filepath.Join(s.dir, "submission") }
func (s stage) canary() string     { return filepath.Join(s.dir, "host", "secret.md") }

// prepare makes the submission and the host's secret.
func (g Ground) prepare(c Case, s stage) (*Tree, error) {
	if err := os.MkdirAll(filepath.Dir(s.canary()), 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(s.canary(), []byte(canaryText), 0o600); err != nil {
		return nil, err
	}
	base, err := fs.Sub(g.Examples, c.Base)
	if err != nil {
		return nil, err
	}
	t, err := newTree(s.submission(), base)
	if err != nil {
		return nil, err
	}
	t.Canary, t.Hosts = s.canary(), s.hosts
	if t.Papers, err = g.Exam.Papers(); err != nil {
		return nil, err
	}
	if c.Make != nil {
		c.Make(t)
	}
	return t, t.err
}

// exam gives the exam with as many probes as the scope asks for.
func (g Ground) exam(scope Scope) *grader.Exam {
	e := g.Exam
	if scope == FirstProbe {
		e.Probes = e.Probes[:1]
	}
	return &e
}

// play makes the submission, grades it and tells what happened.
func (g Ground) play(ctx context.Context, c Case, s stage) (*Seen, error) {
	t, err := g.prepare(c, s)
	if err != nil {
		return nil, fmt.Errorf("make %s: %w", c.ID, err)
	}
	seen := &Seen{}
	if t.Background != nil {
		seen.Leaked = swapped(t)
	}
	cleaning := func() {}
	if s.engine != nil {
		w, err := watch(ctx, s.engine)
		if err != nil {
			return nil, err
		}
		defer w.close()
		cleaning = func() { w.collect(ctx, g.Exam.Service, seen) }
	}
	if g.Rubric == nil {
		err = g.command(ctx, c, s, seen, cleaning)
	} else {
		err = g.grade(ctx, c, s, seen)
	}
	if data, rerr := os.ReadFile(s.canary()); rerr != nil || string(data) != canaryText {
		err = errors.Join(err, fmt.Errorf("the host's file changed: %w", rerr))
	}
	return seen, err
}

// grade grades without a command and an engine, under the ground's own rubric.
func (g Ground) grade(ctx context.Context, c Case, s stage, seen *Seen) error {
	r, err := grader.Grade(ctx, grader.Config{Exam: g.exam(c.Scope), Rubric: g.Rubric,
		Dir: s.submission(), Seed: 1, NotesOnly: true})
	seen.refused(err)
	if r == nil {
		return nil
	}
	return seen.keep(r)
}

// swapped opens the submission many times while its entries are exchanged, and reports
// whether any of what was read is the host's secret.
func swapped(t *Tree) bool {
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { t.Background(stop) })
	leaked := false
	for range 500 {
		sub, err := submission.Open(t.Dir, submission.DefaultLimits())
		if err == nil && bytes.Contains(sub.Notes(), []byte(canaryToken)) {
			leaked = true
		}
	}
	close(stop)
	wg.Wait()
	return leaked
}

func (s *Seen) refused(err error) {
	if err == nil {
		return
	}
	s.Err = err.Error()
	var no *submission.RejectedError
	if errors.As(err, &no) {
		s.Reason = string(no.Reason)
	}
	var unchecked *grader.UncheckedError
	s.Unchecked = errors.As(err, &unchecked)
}

func (s *Seen) keep(r *report.Report) error {
	var err error
	if s.JSON, err = r.JSON(); err != nil {
		return err
	}
	var text strings.Builder
	if err := r.Text(&text, 100); err != nil {
		return err
	}
	s.Text += text.String()
	return s.read()
}

// read fills Report from JSON.
func (s *Seen) read() error {
	if len(s.JSON) == 0 {
		return nil
	}
	s.Report = &report.Report{}
	return json.Unmarshal(s.JSON, s.Report)
}
