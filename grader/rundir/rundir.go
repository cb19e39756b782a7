// Package rundir keeps, beside a report, what happened to the grade: so that a grader that
// was killed, or whose machine lost power, leaves something to go by.
//
//	state.json   who is at work here, which result is whole, how the last one failed
//	run.jsonl    one event a line, of every grade into this directory: begun, phases,
//	             attempts with reasons, done or failed
//
// A result is whole when state.json says so, which is written after all files of the result
// are on the disk. Whoever begins a grade says so first; one that began and did not end, and
// whose process is gone, is repeated. The old result stays where it is until a new one takes
// its place, file by file. Nothing here judges, and nothing is read back from run.jsonl: it
// is for people.
package rundir

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"firedrill/grader/durable"
	"firedrill/lab/engine"
)

// The files of the package.
const (
	StateName = "state.json"
	LogName   = "run.jsonl"
)

// version of state.json's form.
const version = 1

// Key is all that a grade depends on: with the same key, a whole result need not be made again.
type Key struct {
	// Submission and Rubric are content hashes, Grader is the program's.
	Submission string `json:"submission"`
	Rubric     string `json:"rubric"`
	Grader     string `json:"grader"`
	NotesOnly  bool   `json:"notes_only,omitempty"`
	Seed       uint64 `json:"seed"`
	Repeat     int    `json:"repeat"`
}

// State is what is known of a directory; the zero value: nothing was begun.
type State struct {
	State int `json:"state"`
	// Working is a grade that began and has not ended. Whether it still runs is for Running.
	Working *Working `json:"working,omitempty"`
	// Whole is the result that lies in the directory, also while a new one is made.
	Whole *Whole `json:"whole,omitempty"`
	// Failed is how the last grade ended, where it gave no result.
	Failed *Failed `json:"failed,omitempty"`
}

// Working is a grade under way.
type Working struct {
	Owner   string    `json:"owner"` // see engine.Owner
	Began   time.Time `json:"began"`
	Expires time.Time `json:"expires"`
}

// Whole is a result of which every file is there.
type Whole struct {
	Key Key `json:"key"`
	// Run is the id in report.json: a report of another run is not this result.
	Run  string    `json:"run"`
	Made time.Time `json:"made"`
	// Unchecked says why part of it could not be checked; empty when all was.
	Unchecked string `json:"unchecked,omitempty"`
}

// Failed is the end of a grade without a result.
type Failed struct {
	At    time.Time `json:"at"`
	Error string    `json:"error"`
}

// Look reads the state of a directory. One that is not there, or holds no state, is not
// begun; so is one whose state cannot be read, and then the error says why.
func Look(dir string) (State, error) {
	file := filepath.Join(dir, StateName)
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return State{}, nil
	}
	if err != nil {
		return State{}, err
	}
	defer f.Close()
	const most = 1 << 20
	data, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return State{}, err
	}
	var s State
	if err := json.Unmarshal(data, &s); err != nil {
		return State{}, fmt.Errorf("%s: not a whole state: %w", file, err)
	}
	if s.State != version {
		return State{}, fmt.Errorf("%s: version %d of the state's form, want %d", file, s.State, version)
	}
	return s, nil
}

// Running reports whether a grade is certainly or possibly under way: its process runs, or
// cannot be seen from here and has not expired.
func (s State) Running(self engine.Owner, now time.Time) bool {
	if s.Working == nil || now.After(s.Working.Expires) {
		return false
	}
	owner, err := engine.ParseOwner(s.Working.Owner)
	return err != nil || !owner.Gone(self)
}

// Has reports whether the directory holds a whole result for the key, all of which could be
// checked. A grade that began later and died counts against it: it was asked for.
func (s State) Has(k Key) bool {
	return s.Working == nil && s.Whole != nil && s.Whole.Key == k && s.Whole.Unchecked == ""
}

// BusyError says that another process grades into the directory.
type BusyError struct {
	Dir   string
	PID   int
	Began time.Time
}

func (e *BusyError) Error() string {
	return fmt.Sprintf("%s is being written by process %d since %s", e.Dir, e.PID, e.Began.Format(time.RFC3339))
}

// Hint says what to do about it.
func (e *BusyError) Hint() string {
	return "wait for it, stop it, or name another directory with --out"
}

// write keeps the state.
func (s State) write(dir string) error {
	s.State = version
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return durable.Replace(dir, StateName, append(data, '\n'))
}
