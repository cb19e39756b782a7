package hostile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"firedrill/grader"
	"firedrill/grader/report"
	"firedrill/grader/report/page"
	"firedrill/grader/rundir"
)

// maxGrowth bounds what one case may leave on the disk, its grade included, in bytes.
const maxGrowth = 50 << 20

// kept are the files of a grade, and all of them.
var kept = []string{report.RecordName, page.FileName, report.FileName, rundir.LogName, rundir.StateName}

// command grades as an examiner does, by the command line, and looks at what it leaves.
func (g Ground) command(ctx context.Context, c Case, s stage, seen *Seen, cleaning func()) error {
	out := filepath.Join(s.dir, "out")
	args := []string{"--out", out}
	if !c.Docker() {
		args = append(args, "--notes-only")
	}
	var printed bytes.Buffer
	err := grader.Command{Exam: *g.exam(c.Scope)}.Run(ctx, append(args, s.submission()),
		strings.NewReader(""), &printed, &steps{cleaning: cleaning})
	seen.refused(err)
	seen.Commanded, seen.Exit = true, exit(err)
	seen.Text = printed.String()
	r, lerr := report.Load(out)
	switch {
	case lerr == nil:
		seen.left(out, r)
		return seen.keep(r)
	case !errors.Is(lerr, fs.ErrNotExist):
		return lerr
	}
	if _, err := os.Lstat(out); !errors.Is(err, fs.ErrNotExist) {
		seen.odd("there is no report, and its directory is left")
	}
	return nil
}

// exit is what the program would end with.
func exit(err error) int {
	var coded interface{ ExitCode() int }
	switch {
	case err == nil:
		return grader.ExitDone
	case errors.As(err, &coded):
		return coded.ExitCode()
	}
	return grader.ExitFailed
}

func (s *Seen) odd(format string, args ...any) { s.Odd = append(s.Odd, fmt.Sprintf(format, args...)) }

// left looks at a grade's directory: it is whole, was written once, and holds no secret.
func (s *Seen) left(dir string, r *report.Report) {
	var names []string
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		names = append(names, e.Name())
		data, rerr := os.ReadFile(filepath.Join(dir, e.Name()))
		err = errors.Join(err, rerr)
		if bytes.Contains(data, []byte(canaryToken)) {
			s.odd("a secret of the host is in %s", e.Name())
		}
		if e.Name() == rundir.LogName {
			if n := bytes.Count(data, []byte(`"event":"`+rundir.Done+`"`)); n != 1 {
				s.odd("the result was written %d times", n)
			}
		}
	}
	slices.Sort(names)
	if !slices.Equal(names, kept) {
		s.odd("the report's directory holds %q, want %q", names, kept)
	}
	state, serr := rundir.Look(dir)
	if err := errors.Join(err, serr); err != nil {
		s.odd("the report's directory: %v", err)
	}
	if state.Whole == nil || state.Whole.Run != r.Run.ID || state.Working != nil || state.Failed != nil {
		s.odd("the result is not told to be whole: %+v", state)
	}
	if r.Record == nil || r.Record.Run != r.Run.ID {
		s.odd("the report has no record")
	}
}

// steps waits for the phase in which containers go, while they are still there.
type steps struct{ cleaning func() }

func (s *steps) Write(p []byte) (int, error) {
	if bytes.HasPrefix(p, []byte("clean ")) {
		s.cleaning()
	}
	return len(p), nil
}

// size is what the files below dir take on the disk, in bytes.
func size(dir string) (n int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if st, ok := info.Sys().(*syscall.Stat_t); ok {
			n += st.Blocks * 512
		}
		return nil
	})
	return n, err
}
