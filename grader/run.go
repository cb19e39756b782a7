package grader

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"firedrill/grader/report"
	"firedrill/grader/rundir"
	"firedrill/grader/submission"
	"firedrill/lab"
)

// job is one submission that is graded into a directory of its own.
type job struct {
	cfg    Config
	out    string
	repeat int
	// page writes what is to be read beside the report.
	page func(*report.Report) error
}

// do grades and keeps the result, and what happened, in the job's directory. The report is
// nil when there is no grade; an error that comes with a report is that of Repeat, or says
// that the report could not be kept. A submission that is rejected leaves no directory.
func (j job) do(ctx context.Context) (r *report.Report, file string, err error) {
	key, err := j.key()
	if err != nil {
		return nil, "", err
	}
	run, err := rundir.Begin(j.out, j.life(), j.cfg.Now)
	if err != nil {
		return nil, "", &placeError{err}
	}
	cfg := j.cfg
	say := cfg.Progress
	cfg.Progress = func(phase, text string) {
		run.Log(rundir.Event{Event: rundir.Phase, Phase: phase, Text: report.Clean(text)})
		if say != nil {
			say(phase, text)
		}
	}
	r, err = Repeat(ctx, cfg, j.repeat)
	if r == nil {
		if ferr := run.Fail(err); ferr != nil {
			return nil, "", fmt.Errorf("%w; %w", err, ferr)
		}
		return nil, "", err
	}
	for i, a := range r.Run.Attempts {
		run.Log(rundir.Event{Event: rundir.Attempt, Attempt: i + 1, Run: a.Run, Error: a.Error})
	}
	file, werr := r.Write(j.out)
	if werr == nil {
		werr = j.page(r)
	}
	if werr != nil {
		_ = run.Fail(werr) // on the same disk, for the same reason
		return r, "", &keepError{werr, err}
	}
	whole := rundir.Whole{Key: key, Run: r.Run.ID}
	whole.Key.Submission = r.Submission.Hash
	whole.Unchecked = unchecked(err)
	if werr := run.Done(whole); werr != nil {
		return r, file, &keepError{werr, err}
	}
	return r, file, err
}

// kept gives the report of an earlier start, if it is whole, with the record that it was made
// of, and would be made again as it is.
func (j job) kept() (*report.Report, bool) {
	key, err := j.key()
	if err != nil {
		return nil, false
	}
	state, err := rundir.Look(j.out)
	if err != nil || !state.Has(key) {
		return nil, false
	}
	if err := report.Settle(j.out); err != nil {
		return nil, false
	}
	r, err := report.Load(j.out)
	if err != nil || r.Record == nil || r.Run.ID != state.Whole.Run ||
		r.Submission.Hash != key.Submission || r.Rubric.Hash != key.Rubric {
		return nil, false
	}
	return r, true
}

// key is all that the job's result depends on.
func (j job) key() (rundir.Key, error) {
	rub, err := j.cfg.against()
	if err != nil {
		return rundir.Key{}, err
	}
	sub, err := submission.Open(j.cfg.Dir, submission.DefaultLimits())
	if err != nil {
		return rundir.Key{}, &SubmissionError{Err: err}
	}
	program, err := identity()
	if err != nil {
		return rundir.Key{}, err
	}
	return rundir.Key{Submission: sub.Hash(), Rubric: rub.Hash, Grader: program,
		NotesOnly: j.cfg.NotesOnly, Seed: j.cfg.Seed, Repeat: j.repeat}, nil
}

// life bounds how long the job is believed to be under way where nobody can see its process.
func (j job) life() time.Duration { return time.Duration(j.repeat*(1+retries)) * lab.Life }

// placeError says that there is no place for a grade, so that none was made.
type placeError struct{ err error }

func (e *placeError) Error() string { return e.err.Error() }

// Unwrap gives the reason.
func (e *placeError) Unwrap() error { return e.err }

// keepError says that a grade was made and could not be kept. Made is the grade's own error.
type keepError struct{ err, made error }

func (e *keepError) Error() string { return "the grade was made but not kept: " + e.err.Error() }

// Unwrap gives both reasons, that of the file first.
func (e *keepError) Unwrap() []error { return []error{e.err, e.made} }

// identity is the hash of this very program: another one may grade otherwise.
var identity = sync.OnceValues(func() (string, error) {
	f, err := os.Open("/proc/self/exe") // also where it was replaced meanwhile
	if err != nil {
		var name string
		if name, err = os.Executable(); err == nil {
			f, err = os.Open(name)
		}
	}
	if err != nil {
		return "", fmt.Errorf("identify the grader: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("identify the grader: %w", err)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil)), nil
})
