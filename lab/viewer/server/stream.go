package main

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	backlog    = 10_000                // lines that a page starts with, at most
	batchLines = 2_000                 // lines in one event, at most
	batchPause = 80 * time.Millisecond // between two events with lines
	statePause = time.Second           // between two events with the containers' state
	quiet      = 15                    // statePauses without an event before a comment
	sendTime   = 10 * time.Second      // how long a client may leave an event unread
)

// sse writes Server-Sent Events.
type sse struct {
	w   http.ResponseWriter
	ctl *http.ResponseController
}

func (s sse) event(name, id string, data any) error {
	text, err := json.Marshal(data)
	if err != nil {
		return err
	}
	if id != "" {
		id = "id: " + id + "\n"
	}
	return s.send(fmt.Sprintf("event: %s\n%sdata: %s\n\n", name, id, text))
}

func (s sse) send(text string) error {
	_ = s.ctl.SetWriteDeadline(time.Now().Add(sendTime))
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.ctl.Flush()
}

// linesEvent is the data of the event "lines".
type linesEvent struct {
	Lines []Line `json:"lines"`
	Reset bool   `json:"reset,omitempty"` // these are all: what came before does not count
	Gap   bool   `json:"gap,omitempty"`   // lines before these were missed
}

// stateEvent is the data of the event "state".
type stateEvent struct {
	Online     bool        `json:"online"`
	Containers []Container `json:"containers"`
}

// session is one client of the stream.
type session struct {
	out    sse
	store  *Store
	filter Filter
	cursor uint64
	asked  time.Time // when lines were sent last
	state  string    // as it was sent last
	silent int       // statePauses since the last event
}

// stream serves GET /api/stream: lines as they come, from a cursor or with a backlog.
func (s *server) stream(w http.ResponseWriter, r *http.Request) {
	filter, err := parseFilter(r.URL.Query())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	select {
	case s.clients <- struct{}{}:
		defer func() { <-s.clients }()
	default:
		http.Error(w, "too many pages are open", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	c := &session{out: sse{w, http.NewResponseController(w)}, store: s.store, filter: filter}
	end, ok := s.alone(r.Context())
	if !ok {
		return
	}
	page, reset := c.open(cursorOf(r))
	end()
	if c.sendState() == nil && c.sendPage(page, reset) == nil {
		c.follow(r)
	}
}

// cursorOf gives where the client was: of its last event, when the browser connects anew,
// or in the URL, when the page goes on after a pause.
func cursorOf(r *http.Request) string {
	if id := r.Header.Get("Last-Event-ID"); id != "" {
		return id
	}
	return r.URL.Query().Get("after")
}

// open gives the first lines: the newest ones, or those since the cursor. With reset they
// are all that the client knows.
func (c *session) open(cursor string) (page Page, reset bool) {
	id, digits, _ := strings.Cut(cursor, "-")
	seq, err := strconv.ParseUint(digits, 10, 64)
	if id != c.store.ID || err != nil {
		return c.store.Newest(c.filter, backlog), true
	}
	page = c.store.After(seq, c.filter, math.MaxInt)
	if n := len(page.Lines); n > backlog {
		page.Lines, page.Lost = page.Lines[n-backlog:], true
	}
	return page, false
}

// sendPage sends many lines in several events. Only the last one carries a cursor: after
// a break in between, the client starts anew.
func (c *session) sendPage(page Page, reset bool) error {
	e := linesEvent{Reset: reset, Gap: page.Lost}
	for len(page.Lines) > batchLines {
		e.Lines, page.Lines = page.Lines[:batchLines], page.Lines[batchLines:]
		if err := c.sendLines(e); err != nil {
			return err
		}
		e = linesEvent{}
	}
	c.cursor, e.Lines = page.Next, page.Lines
	return c.sendLines(e)
}

// follow sends what comes until the client is gone.
func (c *session) follow(r *http.Request) {
	tick := time.NewTicker(statePause)
	defer tick.Stop()
	for {
		changed := c.store.Changed()
		more, err := c.sendNew()
		if err != nil {
			return
		}
		if more {
			continue
		}
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
			if c.sendState() != nil {
				return
			}
		case <-changed:
			if !c.rest(r) {
				return
			}
		}
	}
}

// rest lets lines gather, so that a busy lab makes few large events.
func (c *session) rest(r *http.Request) bool {
	timer := time.NewTimer(batchPause - min(batchPause, time.Since(c.asked)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// sendNew sends what came since the last time; more tells that there is still more.
func (c *session) sendNew() (more bool, err error) {
	page := c.store.After(c.cursor, c.filter, batchLines)
	c.cursor, c.asked = page.Next, time.Now()
	if len(page.Lines) == 0 && !page.Lost {
		return false, nil
	}
	err = c.sendLines(linesEvent{Lines: page.Lines, Gap: page.Lost})
	return len(page.Lines) == batchLines, err
}

func (c *session) sendLines(e linesEvent) error {
	c.silent = 0
	if e.Lines == nil {
		e.Lines = []Line{}
	}
	id := ""
	if c.cursor > 0 {
		id = c.store.ID + "-" + strconv.FormatUint(c.cursor, 10)
	}
	return c.out.event("lines", id, e)
}

// sendState sends the containers' state if it is another one, and from time to time a
// comment, by which both sides notice that the other is gone.
func (c *session) sendState() error {
	text, err := json.Marshal(stateEvent{c.store.Online(), c.store.Containers()})
	if err != nil {
		return err
	}
	if string(text) != c.state {
		c.state, c.silent = string(text), 0
		return c.out.event("state", "", json.RawMessage(text))
	}
	if c.silent++; c.silent >= quiet {
		c.silent = 0
		return c.out.send(": still here\n\n")
	}
	return nil
}
