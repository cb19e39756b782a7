package rundir

import (
	"fmt"
	"time"

	"firedrill/grader/durable"
	"firedrill/lab/engine"
)

// Run is a grade under way into one directory.
type Run struct {
	dir string
	now func() time.Time
	log *journal
}

// Begin says that this process grades into dir, which is made if need be, for no longer than
// life. A *BusyError tells that another one does. End the run with Done or Fail.
func Begin(dir string, life time.Duration, now func() time.Time) (*Run, error) {
	self, err := engine.Self()
	if err != nil {
		return nil, err
	}
	if err := durable.MkdirAll(dir); err != nil {
		return nil, fmt.Errorf("begin grade: %w", err)
	}
	unlock, err := durable.Lock(dir) // where there is no locking the state is the only guard
	if err != nil {
		return nil, fmt.Errorf("begin grade: %w", err)
	}
	defer unlock()
	state, unread := Look(dir)
	if state.Running(self, now()) {
		busy := &BusyError{Dir: dir, Began: state.Working.Began}
		if owner, err := engine.ParseOwner(state.Working.Owner); err == nil {
			busy.PID = owner.PID
		}
		return nil, busy
	}
	if err := durable.Sweep(dir); err != nil {
		return nil, fmt.Errorf("begin grade: %w", err)
	}
	dead := state.Working
	began := now().UTC()
	state.Working = &Working{Owner: self.String(), Began: began, Expires: began.Add(life)}
	if err := state.write(dir); err != nil {
		return nil, fmt.Errorf("begin grade: %w", err)
	}
	log, err := openJournal(dir)
	if err != nil {
		return nil, fmt.Errorf("begin grade: %w", err)
	}
	r := &Run{dir: dir, now: now, log: log}
	if unread != nil {
		r.Log(Event{Event: Found, Error: unread.Error()})
	}
	if dead != nil {
		r.Log(Event{Event: Found, Text: fmt.Sprintf("a grade begun at %s ended without a result; it is repeated",
			dead.Began.Format(time.RFC3339))})
	}
	r.Log(Event{Event: Begun})
	return r, nil
}

// Log notes an event. The log is for people: what cannot be written is left out.
func (r *Run) Log(e Event) {
	e.Time = r.now().UTC()
	r.log.write(e)
}

// Done says that every file of a result is in the directory.
func (r *Run) Done(w Whole) error {
	w.Made = r.now().UTC()
	r.Log(Event{Event: Done, Run: w.Run, Error: w.Unchecked})
	return r.end(State{Whole: &w})
}

// Fail says that the grade ended without a result. An earlier one stays what it was.
func (r *Run) Fail(why error) error {
	r.Log(Event{Event: Failure, Error: why.Error()})
	state, _ := Look(r.dir) // unreadable: then no result is known to be whole
	state.Working, state.Failed = nil, &Failed{At: r.now().UTC(), Error: why.Error()}
	return r.end(state)
}

func (r *Run) end(s State) error {
	r.log.close()
	if err := s.write(r.dir); err != nil {
		return fmt.Errorf("end grade: %w", err)
	}
	return nil
}
