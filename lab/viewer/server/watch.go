package main

import (
	"context"
	"log/slog"
	"time"
)

// watcher keeps a tail on every container of the lab.
//
// It looks at the list of containers whenever something happened (an event, the end of a
// stream, a new connection) and compares. Missing one event therefore costs nothing.
type watcher struct {
	source *source
	store  *Store
	log    *slog.Logger
	tails  map[string]*tail // by id of the container
	ended  chan *tail
	again  time.Duration // pause before what failed is tried again
}

func newWatcher(source *source, store *Store, log *slog.Logger) *watcher {
	return &watcher{source: source, store: store, log: log, tails: map[string]*tail{},
		ended: make(chan *tail), again: 300 * time.Millisecond}
}

// run watches until ctx ends, and connects anew whenever the proxy was away. All readers
// have ended when it returns.
func (w *watcher) run(ctx context.Context) {
	for ctx.Err() == nil {
		err := w.session(ctx)
		if ctx.Err() == nil {
			if w.store.Online() {
				w.log.Warn("source lost", "err", err)
			}
			w.store.SetOnline(false)
			w.pause(ctx)
		}
	}
	for _, t := range w.tails {
		if t.active {
			w.done(<-w.ended)
		}
	}
}

// pause waits before the next session, and takes note of the ends of readers meanwhile.
func (w *watcher) pause(ctx context.Context) {
	timer := time.NewTimer(w.again)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		case t := <-w.ended:
			w.done(t)
		}
	}
}

// session watches over one stream of events.
func (w *watcher) session(ctx context.Context) error {
	session, cancel := context.WithCancel(ctx)
	defer cancel()
	// Events before the list: what happens in between is seen twice, never missed.
	events, err := w.source.events(session)
	if err != nil {
		return err
	}
	if err := w.refresh(ctx); err != nil {
		return err
	}
	w.store.SetOnline(true)
	w.log.Info("watching")
	var later <-chan time.Time
	for {
		select {
		case _, open := <-events:
			if !open {
				return nil
			}
		case t := <-w.ended:
			w.done(t)
			// A stream that ends while its container runs must not spin.
			later = time.After(w.again)
			continue
		case <-later:
			later = nil
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := w.refresh(ctx); err != nil {
			return err
		}
	}
}

func (w *watcher) done(t *tail) { t.active = false }

// refresh compares the containers that there are with the tails.
func (w *watcher) refresh(ctx context.Context) error {
	all, err := w.source.list(ctx)
	if err != nil {
		return err
	}
	present := map[string]bool{}
	var states []Container
	for _, c := range all {
		if c.name() == "" {
			continue
		}
		present[c.ID] = true
		states = append(states, Container{Name: c.name(), State: c.State, Status: c.Status})
		w.attach(ctx, c)
	}
	w.store.SetStates(states)
	for id, t := range w.tails {
		if !present[id] && !t.active {
			delete(w.tails, id)
		}
	}
	return nil
}

// attach starts to read a container that is not being read: to follow it while it runs, or
// once to the end after it stopped.
func (w *watcher) attach(ctx context.Context, c listed) {
	t := w.tails[c.ID]
	if t == nil {
		t = &tail{id: c.ID, name: c.name()}
		w.tails[c.ID] = t
	}
	follow := c.runs()
	if follow {
		t.settled = false
	}
	if t.active || t.settled {
		return
	}
	t.active, t.settled = true, !follow
	// A reader outlives the session: only the end of the stream or of the program ends it.
	go func() {
		// Why it ended does not matter: the next look at the list decides what to do.
		_ = t.read(ctx, w.source, w.store, follow)
		w.ended <- t
	}()
}
