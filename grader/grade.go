// Package grader grades what a candidate hands in.
//
// Grade opens the submission as data, reads the notes, compiles and probes the mitigated
// service in throw-away containers, and scores all of it against a rubric. The notes and
// the service are examined side by side, and neither can stop the other: a service that
// does not compile leaves the notes' points as they are.
//
// Three things are kept apart throughout. What the candidate's work is (outcomes met and
// not met), what a person must decide (needs_review), and what could not be checked
// (not_gradable, with the reason). Only the first costs points.
//
// Nothing of the candidate's runs in this process or on this machine outside a hardened
// container, and no verdict comes out of one. The package knows no exam by name: an Exam
// is a value that its package gives.
package grader

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"golang.org/x/sync/errgroup"

	"firedrill/grader/build"
	"firedrill/grader/claims"
	"firedrill/grader/compose"
	"firedrill/grader/diff"
	"firedrill/grader/notes"
	"firedrill/grader/report"
	"firedrill/grader/submission"
	"firedrill/lab"
	"firedrill/lab/engine"
	"firedrill/lab/image"
	"firedrill/rubric"
	"firedrill/rubric/marks"
)

// Config is what a grade is asked for.
type Config struct {
	// Exam that the submission belongs to.
	Exam *Exam
	// Dir is the submission's directory.
	Dir string
	// Rubric to score against; nil takes the exam's own.
	Rubric *rubric.Rubric
	// Marks are what people decided; nil when nobody did.
	Marks *marks.Sheet
	// NotesOnly leaves the service alone: its criteria are not gradable.
	NotesOnly bool
	// Engine runs the containers; not needed with NotesOnly.
	Engine *engine.Engine
	// Seed makes the probes' requests; the same seed, the same requests.
	Seed uint64
	// Progress is told what happens, from several goroutines; nil for nobody.
	Progress func(phase, text string)
	// Now is the clock; nil takes time.Now.
	Now func() time.Time
}

// UncheckedError says that a grade was made but part of it could not be checked, for a
// reason that is not the candidate's. The report is valid and says which part.
type UncheckedError struct{ Err error }

func (e *UncheckedError) Error() string {
	return "part of the grade could not be checked: " + e.Err.Error()
}

// Unwrap gives the reason.
func (e *UncheckedError) Unwrap() error { return e.Err }

// Hint says what to do about it.
func (e *UncheckedError) Hint() string {
	const always = "the criteria concerned are not_gradable and cost nothing; "
	switch {
	case engine.Full(e.Err):
		return always + "the docker engine's disk is full: make room (`docker system df` tells where), then grade again"
	case errors.Is(e.Err, engine.ErrUnavailable):
		return always + "the docker engine does not answer: see that `docker info` does, then grade again"
	}
	return always + "grade again when the cause is gone"
}

// SubmissionError says that a submission cannot be read, or was rejected, as a whole.
type SubmissionError struct{ Err error }

func (e *SubmissionError) Error() string { return e.Err.Error() }

// Unwrap gives the reason.
func (e *SubmissionError) Unwrap() error { return e.Err }

// Hint says what to do about it.
func (e *SubmissionError) Hint() string {
	var hinted interface{ Hint() string }
	if errors.As(e.Err, &hinted) {
		return hinted.Hint()
	}
	return "a submission is a directory with incident-notes.md and service/, as in the kit"
}

// Grade grades one submission. The report is nil when nothing could be graded; with an
// *UncheckedError it is there as well.
func Grade(ctx context.Context, c Config) (*report.Report, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Progress == nil {
		c.Progress = func(string, string) {}
	}
	started := c.Now()
	if err := c.Exam.Validate(); err != nil {
		return nil, err
	}
	rub, err := c.against()
	if err != nil {
		return nil, err
	}
	sub, err := submission.Open(c.Dir, submission.DefaultLimits())
	if err != nil {
		return nil, &SubmissionError{Err: err}
	}
	run := engine.NewRun(started.Add(lab.Life))
	in := rubric.Inputs{NotesFile: submission.NotesFile}
	if err := c.decide(rub, sub, &in); err != nil {
		return nil, err
	}
	out := &report.Report{
		Run:        report.Run{ID: run.ID, Started: started.UTC()},
		Submission: submitted(sub),
		Notices:    ownMarks(sub.Files()),
	}
	set, settings, err := c.settings(sub)
	if err != nil {
		return nil, err
	}
	out.Settings = settings
	if out.Diff, err = c.diff(sub); err != nil {
		return nil, err
	}
	var g errgroup.Group
	var said []rubric.Said
	g.Go(func() error {
		if rub.Rules == nil {
			return nil // no criterion is judged from the notes
		}
		return alone(ctx, func() error {
			c.Progress("notes", "reading "+submission.NotesFile)
			papers, err := c.papers()
			if err != nil {
				return err
			}
			opts := notes.Options{Papers: papers}
			read := notes.Judge(sub.Notes(), rub.Rules, opts)
			in.Findings = read.Findings
			said = claims.Read(sub.Notes(), rub, opts)
			out.Notices = append(out.Notices, flags(read.Flags)...)
			return nil
		})
	})
	var seen service
	g.Go(func() (err error) {
		seen, err = c.service(ctx, run, sub, set)
		return err
	})
	err = g.Wait()
	if ctx.Err() != nil {
		var left *LeftoverError
		if errors.As(err, &left) {
			return nil, errors.Join(ctx.Err(), left)
		}
		return nil, ctx.Err()
	}
	var unchecked *UncheckedError
	if err != nil && !errors.As(err, &unchecked) {
		return nil, err
	}
	in.Observations = seen.observations
	in.Claims = rubric.CheckClaims(rub, said, seen.observations)
	out.Claims = in.Claims
	out.Notices = append(out.Notices, seen.notices...)
	out.Grade = rubric.Score(rub, in)
	out.Record = &report.Record{Run: run.ID, Submission: out.Submission, Seed: c.Seed,
		Rubric: out.Grade.Rubric, Notes: sub.Notes(), Findings: in.Findings, Said: said, Observations: in.Observations,
		Marks: in.Marks, Conduct: in.Conduct}
	out.Run.Engine, out.Run.Versions, out.Run.Attempts = seen.engine, seen.versions, seen.attempts
	out.Run.Isolation = seen.isolation
	out.Run.Finished = c.Now().UTC()
	return out, err
}

// against gives the rubric to score against.
func (c Config) against() (*rubric.Rubric, error) {
	r := c.Rubric
	if r == nil {
		var err error
		if r, err = rubric.Load(c.Exam.Rubrics, c.Exam.Rubric); err != nil {
			return nil, err
		}
	}
	if r.Exam != c.Exam.Name {
		return nil, fmt.Errorf("rubric %s is for the exam %q, not for %q", r.Name, r.Exam, c.Exam.Name)
	}
	return r, nil
}

func (c Config) papers() ([]string, error) {
	if c.Exam.Papers == nil {
		return nil, nil
	}
	return c.Exam.Papers()
}

func submitted(s *submission.Submission) report.Submission {
	out := report.Submission{Hash: s.Hash(), Notes: submission.NotesFile}
	for _, k := range s.Skipped() {
		out.Skipped = append(out.Skipped, report.Skip{Path: k.Path, Reason: string(k.Reason)})
	}
	return out
}

// flags turns what the notes' reader noticed into notices for the examiner.
func flags(all []notes.Flag) []report.Notice {
	var out []report.Notice
	for _, f := range all {
		text := f.Kind + ": " + f.Reason
		if len(f.Lines) > 0 {
			text += fmt.Sprintf(" (line %d)", f.Lines[0])
		}
		out = append(out, report.Notice{About: "notes", Text: text})
	}
	return out
}

// service is what was learnt about a candidate's service.
type service struct {
	observations []rubric.Observation
	notices      []report.Notice
	engine       string
	isolation    *report.Isolation
	attempts     []report.Attempt
	versions     map[string]string
}

// service examines the submission's service. An *UncheckedError comes with observations
// that say what could not be checked.
func (c Config) service(ctx context.Context, run engine.Run, sub *submission.Submission,
	set compose.Overrides) (service, error) {
	examine := func(run engine.Run) *examination {
		return &examination{eng: c.Engine, exam: c.Exam, run: run, set: set, files: sub.Files(),
			seed: c.Seed, say: c.Progress, now: c.Now}
	}
	x := examine(run)
	if c.NotesOnly {
		return service{observations: x.complete(nil, errors.New("only the notes were graded"))}, nil
	}
	src, ok := sub.Service()
	if !ok {
		const missing = "the submission has no files in service/"
		c.Progress("service", missing)
		return service{observations: x.down(missing),
			notices: []report.Notice{{About: "service", Text: missing}}}, nil
	}
	out, attempts, err := c.again(ctx, run, func(ctx context.Context, run engine.Run) (service, error) {
		return c.look(ctx, examine(run), src)
	})
	out.attempts = attempts
	var missing *image.MissingError
	if err != nil && !errors.As(err, &missing) {
		err = &UncheckedError{Err: err}
	}
	return out, err
}

// look examines the service once.
func (c Config) look(ctx context.Context, x *examination, src fs.FS) (out service, err error) {
	info := c.Engine.Info()
	out.engine = fmt.Sprintf("docker %s, %s, linux %s", info.Version, info.Runtime, info.Kernel)
	if x.images, err = find(ctx, image.NewStore(c.Engine.Client(), nil), c.Exam); err != nil {
		out.observations = x.complete(nil, err)
		return out, err
	}
	obs, built, err := x.observe(ctx, src)
	out.observations, out.versions, out.isolation = obs, x.images.versions(), x.isolation
	out.notices = append(buildNotices(built), x.notices...)
	return out, err
}

// keptChanges bounds how many changes of the compose file a report holds.
const keptChanges = 200

// settings compares the candidate's compose file with the kit's: what the lab is started
// with, and what the examiner is told about each change.
func (c Config) settings(sub *submission.Submission) (compose.Overrides, []report.Setting, error) {
	name, data, ok := sub.Compose()
	if !ok || c.Exam.Kit == nil {
		return compose.Overrides{}, nil, nil
	}
	kit, err := c.Exam.Kit()
	if err != nil {
		return compose.Overrides{}, nil, err
	}
	original, err := fs.ReadFile(kit, c.Exam.Compose)
	if err != nil {
		return compose.Overrides{}, nil, err
	}
	dotenv, err := fs.ReadFile(sub.Files(), ".env")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return compose.Overrides{}, nil, err
	}
	names, open := c.Exam.names()
	set, changes := compose.Compare(
		compose.Files{Kit: original, Candidate: data, DotEnv: dotenv, Submission: sub.Files()},
		compose.Lab{Service: c.Exam.Service, Names: names, Open: open})
	var out []report.Setting
	for _, ch := range changes[:min(len(changes), keptChanges)] {
		out = append(out, report.Setting{File: name, Line: ch.Line, Path: ch.Path, Value: ch.Value,
			Applied: ch.Applied, Reason: ch.Reason})
	}
	if more := len(changes) - len(out); more > 0 {
		out = append(out, report.Setting{File: name, Path: fmt.Sprintf("%d further changes", more),
			Reason: "too many to be listed"})
	}
	return set, out, nil
}

// diff compares the submission with the kit. The notes are shown with the criteria.
func (c Config) diff(sub *submission.Submission) ([]diff.File, error) {
	if c.Exam.Kit == nil {
		return nil, nil
	}
	kit, err := c.Exam.Kit()
	if err != nil {
		return nil, err
	}
	return diff.Compare(kit, sub.Files(),
		diff.Options{Ignore: []string{submission.NotesFile}, Machine: c.Exam.Machine})
}

func buildNotices(b build.Result) []report.Notice {
	if b.OK || b.Reason == "" {
		return nil
	}
	return []report.Notice{{About: "build", Text: b.Reason, Output: b.Output}}
}

func (i images) versions() map[string]string {
	return map[string]string{"builder": i.builder, "tools": i.tools, "grading": i.grading,
		"postgres": i.postgres, "runtime": i.runtime}
}
