// Package doctor looks at a machine and its engine for what keeps labs from working, or makes
// them less safe than they should be, and says of each thing what to do.
//
// It changes nothing. What it looks at are plain values, judged apart from where they come
// from, so that every judgement can be tried without such a machine. What is known against
// versions stands in one table, with sources; what cannot be read is not judged.
//
// Both lab doctor and grader doctor print what it finds.
package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"firedrill/lab/engine"
	"firedrill/lab/image"
)

// Subject is what is asked about besides the engine.
type Subject struct {
	// Exam is its name, by which its labs are known.
	Exam string
	// Images must be there, by the role that they are shown with.
	Images map[string]image.Image
	// Doors are the ports that should be free.
	Doors []Door
	// Now is the clock; nil takes time.Now.
	Now func() time.Time
}

// Door is a port of this machine and the flag of lab up that names another one.
type Door struct {
	Name, Flag string
	Port       int
}

// Level says how much a finding matters.
type Level string

const (
	LevelOK   Level = "ok"
	LevelNote Level = "note" // good to know
	LevelWarn Level = "warn" // labs work, with less safety or speed
	LevelBad  Level = "bad"  // labs do not work
)

// aboutEngine is what a finding of the engine itself is about.
const aboutEngine = "engine"

// Finding is what is said of one thing.
type Finding struct {
	About string `json:"about"`
	Level Level  `json:"level"`
	Seen  string `json:"seen"`
	Do    string `json:"do,omitempty"` // empty where nothing is to be done
}

// Examine looks at everything. An engine that does not answer is a finding; an error is one
// of asking it.
func Examine(ctx context.Context, s Subject) ([]Finding, error) {
	if s.Now == nil {
		s.Now = time.Now
	}
	eng, err := engine.ConnectLasting(ctx)
	if err != nil {
		line, _, _ := strings.Cut(err.Error(), "\n")
		return []Finding{{aboutEngine, LevelBad, line,
			"start docker, or run `make setup`, which installs it on Debian and Ubuntu"}}, nil
	}
	defer eng.Close()
	m, err := s.examine(ctx, eng)
	if err != nil {
		return nil, err
	}
	return m.findings(), nil
}

// Print writes findings for people, or as JSON.
func Print(w io.Writer, all []Finding, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(all)
	}
	for _, f := range all {
		if _, err := fmt.Fprintf(w, "%-4s  %-10s %s\n", f.Level, f.About, f.Seen); err != nil {
			return err
		}
		if f.Do == "" {
			continue
		}
		if _, err := fmt.Fprintf(w, "%16s → %s\n", "", f.Do); err != nil {
			return err
		}
	}
	return nil
}

// UnfitError says that labs do not work on a machine.
type UnfitError struct {
	About    []string // what is bad
	NoEngine bool     // there is no engine to ask
}

func (e *UnfitError) Error() string {
	return "labs will not work here: " + strings.Join(e.About, ", ")
}

// Hint says what to do.
func (e *UnfitError) Hint() string { return "the lines marked bad say what to do" }

// Verdict is an *UnfitError where anything is bad.
func Verdict(all []Finding) error {
	var e UnfitError
	for _, f := range all {
		if f.Level == LevelBad {
			e.About = append(e.About, f.About)
			e.NoEngine = e.NoEngine || f.About == aboutEngine
		}
	}
	if len(e.About) == 0 {
		return nil
	}
	return &e
}
