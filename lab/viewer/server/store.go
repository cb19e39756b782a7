package main

import (
	"cmp"
	"slices"
	"sync"
)

// Container is what is known of a container.
type Container struct {
	Name   string           `json:"name"`
	State  string           `json:"state"` // as the engine says: running, exited, …
	Status string           `json:"status"`
	Lines  uint64           `json:"lines"`  // that it wrote as far as was seen
	Levels map[Level]uint64 `json:"levels"` // how many of each
}

// Store keeps the newest lines of all containers. It is safe for concurrent use.
type Store struct {
	// ID tells one run of the viewer from the next, as Seq starts anew.
	ID string

	mu       sync.RWMutex
	seq      uint64
	rings    map[string]*ring
	seen     map[string]*Container
	changed  chan struct{} // closed and replaced with every change
	offline  bool          // the log proxy does not answer
	maxLines int
	maxBytes int
}

// newStore makes a store with limits for each container.
func newStore(id string, maxLines, maxBytes int) *Store {
	return &Store{ID: id, rings: map[string]*ring{}, seen: map[string]*Container{},
		changed: make(chan struct{}), maxLines: maxLines, maxBytes: maxBytes}
}

// Append adds lines of one container and numbers them.
func (s *Store) Append(name string, lines []Line) {
	if len(lines) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rings[name]
	if r == nil {
		r = &ring{maxLines: s.maxLines, maxBytes: s.maxBytes}
		s.rings[name] = r
	}
	c := s.container(name)
	for _, l := range lines {
		s.seq++
		l.Seq, l.Name = s.seq, name
		r.push(l)
		c.Lines++
		c.Levels[l.Level]++
	}
	s.notify()
}

// SetStates takes what the engine says of all containers. One that it no longer knows is
// gone, and its lines stay.
func (s *Store) SetStates(now []Container) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.seen {
		c.State, c.Status = "gone", ""
	}
	for _, n := range now {
		c := s.container(n.Name)
		c.State, c.Status = n.State, n.Status
	}
	s.notify()
}

// SetOnline tells whether the log proxy answers.
func (s *Store) SetOnline(online bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offline = !online
	s.notify()
}

// Online tells whether the log proxy answered last.
func (s *Store) Online() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return !s.offline
}

// container gives the record of a name; the lock is held.
func (s *Store) container(name string) *Container {
	c := s.seen[name]
	if c == nil {
		c = &Container{Name: name, State: "running", Levels: map[Level]uint64{}}
		s.seen[name] = c
	}
	return c
}

// notify wakes all who wait; the lock is held.
func (s *Store) notify() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Changed gives a channel that is closed with the next change.
func (s *Store) Changed() <-chan struct{} {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.changed
}

// Containers lists all containers by name.
func (s *Store) Containers() []Container {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := []Container{}
	for _, c := range s.seen {
		copied := *c
		copied.Levels = make(map[Level]uint64, len(c.Levels))
		for level, n := range c.Levels {
			copied.Levels[level] = n
		}
		out = append(out, copied)
	}
	slices.SortFunc(out, func(a, b Container) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// Page is a part of the kept lines.
type Page struct {
	Lines []Line
	Next  uint64 // ask for what comes after this
	Lost  bool   // lines between the cursor and the first one are no longer kept
}

// After gives the lines after a cursor that match, in order of arrival, at most max. Lines
// are copied under the lock and matched outside it.
func (s *Store) After(cursor uint64, f Filter, max int) Page {
	all, seq, lost := s.snapshot(cursor, f)
	page := Page{Next: seq, Lost: lost && cursor > 0}
	for _, l := range all {
		if !f.Match(l) {
			continue
		}
		if len(page.Lines) == max {
			page.Next = page.Lines[max-1].Seq
			break
		}
		page.Lines = append(page.Lines, l)
	}
	return page
}

// Newest gives the newest lines that match, at most max, sorted by time: what was written
// before the viewer came arrives container by container.
func (s *Store) Newest(f Filter, max int) Page {
	all, seq, _ := s.snapshot(0, f)
	page := Page{Next: seq, Lines: keep(all, f)}
	byTime(page.Lines)
	page.Lines = page.Lines[len(page.Lines)-min(max, len(page.Lines)):]
	return page
}

// Around gives the lines that match around the one that a container wrote at a time, at
// most max before it and max after it. The line itself is there in any case; ok is false
// if it is not kept.
func (s *Store) Around(name, stamp string, f Filter, max int) (lines []Line, ok bool) {
	all, _, _ := s.snapshot(0, Filter{})
	isIt := func(l Line) bool { return l.Name == name && l.Stamp() == stamp }
	byTime(all)
	all = slices.DeleteFunc(all, func(l Line) bool { return !isIt(l) && !f.Match(l) })
	i := slices.IndexFunc(all, isIt)
	if i < 0 {
		return nil, false
	}
	return all[i-min(i, max) : min(len(all), i+1+max)], true
}

// snapshot copies the lines after a cursor of the containers that a filter names, in order
// of arrival.
func (s *Store) snapshot(cursor uint64, f Filter) (all []Line, seq uint64, lost bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for name, r := range s.rings {
		if f.hasContainer(name) {
			all = r.after(cursor, all)
			lost = lost || r.lost > cursor
		}
	}
	slices.SortFunc(all, func(a, b Line) int { return cmp.Compare(a.Seq, b.Seq) })
	return all, s.seq, lost
}

func keep(all []Line, f Filter) []Line {
	return slices.DeleteFunc(all, func(l Line) bool { return !f.Match(l) })
}

func byTime(lines []Line) {
	slices.SortStableFunc(lines, func(a, b Line) int { return a.Time.Compare(b.Time) })
}
