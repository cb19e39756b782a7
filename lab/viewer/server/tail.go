package main

import (
	"context"
	"time"
)

// tail reads what one container writes, over all its lives. It remembers how far it came,
// so that it goes on after a restart without losing or repeating a line.
type tail struct {
	id, name string
	active   bool // a read is under way; the watcher's
	settled  bool // read to the end after the container stopped; the watcher's

	last   time.Time // time of the newest line
	equal  int       // how many lines had that very time
	levels [2]Level  // of the line before, on stdout and stderr
}

// maxBatch bounds how many lines are stored at a time.
const maxBatch = 512

// read stores what comes until the stream ends.
func (t *tail) read(ctx context.Context, s *source, store *Store, follow bool) error {
	body, err := s.logs(ctx, t.id, t.last, follow)
	if err != nil {
		return err
	}
	defer body.Close()
	in := newDemux(body)
	known, again := t.last, t.equal
	var batch []Line
	for {
		got, err := in.next()
		if err != nil {
			store.Append(t.name, batch)
			return err
		}
		switch {
		case got.time.Before(known):
			continue
		case got.time.Equal(known) && again > 0:
			again--
			continue
		}
		batch = append(batch, t.line(got))
		if len(batch) == maxBatch || !in.buffered() {
			store.Append(t.name, batch)
			batch = batch[:0]
		}
	}
}

// line makes a line of a raw one and moves the position.
func (t *tail) line(got raw) Line {
	switch {
	case got.time.Equal(t.last):
		t.equal++
	case got.time.After(t.last):
		t.last, t.equal = got.time, 1
	}
	which := 0
	if got.stderr {
		which = 1
	}
	text := clean(got.text)
	t.levels[which] = levelOf(text, t.levels[which])
	if t.levels[which] == "" {
		t.levels[which] = Info
	}
	return Line{Name: t.name, Time: got.time, Stderr: got.stderr, Level: t.levels[which], Text: text}
}
