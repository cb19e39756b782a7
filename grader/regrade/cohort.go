package regrade

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"firedrill/grader/report"
	"firedrill/rubric"
)

// reportSuffix is what `grader` adds to a submission's name for its report's directory.
const reportSuffix = "-report"

// Cohort is a set of graded submissions, found but not read yet.
type Cohort struct {
	// Dirs are the reports' directories that hold a record, sorted.
	Dirs []string
	// Without are those that hold a report and no record: grades from before records were
	// kept. They cannot be scored again.
	Without []string
}

// ErrNoRecords says that there is nothing to score again.
var ErrNoRecords = errors.New("no graded submissions found")

// deep bounds how far below a directory reports are looked for.
const deep = 4

// Find looks for reports in directories and below. Links are not followed. Candidates'
// directories are safe to search, but a record in one would be the candidate's: a directory
// that holds notes is no report and is not entered.
func Find(dirs ...string) (Cohort, error) {
	var c Cohort
	for _, dir := range dirs {
		if err := c.find(dir, deep); err != nil {
			return Cohort{}, err
		}
	}
	slices.Sort(c.Dirs)
	c.Dirs = slices.Compact(c.Dirs)
	if len(c.Dirs) == 0 {
		return c, fmt.Errorf("%w in %s", ErrNoRecords, strings.Join(dirs, ", "))
	}
	return c, nil
}

func (c *Cohort) find(dir string, deeper int) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	has := map[string]bool{}
	for _, e := range entries {
		if e.Type().IsRegular() {
			has[e.Name()] = true
		}
	}
	switch {
	case has[notesFile]:
		return nil
	case has[report.RecordName]:
		c.Dirs = append(c.Dirs, filepath.Clean(dir))
		return nil
	case has[report.FileName]:
		c.Without = append(c.Without, filepath.Clean(dir))
		return nil
	}
	for _, e := range entries {
		if e.IsDir() && deeper > 0 {
			if err := c.find(filepath.Join(dir, e.Name()), deeper-1); err != nil {
				return err
			}
		}
	}
	return nil
}

// Name is what a report's directory is called after: jane for season/jane-report.
func Name(dir string) string {
	base := filepath.Base(dir)
	if name := strings.TrimSuffix(base, reportSuffix); name != "" {
		return name
	}
	return base
}

// Each reads every record and calls f with it, several at a time; i is the place in Dirs.
// What f makes of it is for f to store by i: the order of calls is not fixed.
func (c Cohort) Each(ctx context.Context, f func(i int, rec *report.Record) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, dir := range c.Dirs {
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			rec, err := report.LoadRecord(dir)
			if errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("%s: the record is gone: %w", dir, err)
			}
			if err != nil {
				return err
			}
			return f(i, rec)
		})
	}
	return g.Wait()
}

// Graded is one submission's grade.
type Graded struct {
	Name  string
	Grade rubric.Grade
}

// Grade scores the whole cohort, in the order of its directories.
func (c Cohort) Grade(ctx context.Context, g *Grader) ([]Graded, error) {
	out := make([]Graded, len(c.Dirs))
	err := c.Each(ctx, func(i int, rec *report.Record) error {
		out[i] = Graded{Name: Name(c.Dirs[i]), Grade: g.Grade(rec)}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
