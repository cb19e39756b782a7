package main

import (
	"encoding/json"
	"net/http"
	"slices"
)

// actions are the events that pass. Others carry what does not concern a viewer: the event
// of a command run in a container holds the command.
func actions() []string {
	return []string{"start", "restart", "die", "stop", "destroy", "pause", "unpause"}
}

// event is one event as the engine tells it, with the fields that are used.
type event struct {
	Type   string
	Action string
	Actor  actor
	Time   int64 `json:"time"`
	Nano   int64 `json:"timeNano"`
}

type actor struct {
	ID         string
	Attributes map[string]string // also the container's labels: never passed on
}

// eventAnswer is the event as a client gets it, in the old and the new form.
type eventAnswer struct {
	Type   string
	Action string
	Actor  actor
	Status string `json:"status"`
	ID     string `json:"id"`
	Scope  string `json:"scope"`
	Time   int64  `json:"time"`
	Nano   int64  `json:"timeNano"`
}

// pass rewrites an event of a container in scope; ok is false for all others.
func (s scope) pass(e event) (out eventAnswer, ok bool) {
	name, ok := s.name(e.Actor.Attributes)
	if !ok || e.Type != "container" || !slices.Contains(actions(), e.Action) {
		return eventAnswer{}, false
	}
	return eventAnswer{Type: e.Type, Action: e.Action, Status: e.Action, ID: e.Actor.ID,
		Actor: actor{ID: e.Actor.ID, Attributes: map[string]string{"name": name}},
		Scope: "local", Time: e.Time, Nano: e.Nano}, true
}

func (p *proxy) events(w http.ResponseWriter, r *http.Request, q request) error {
	q.query.Set("filters", p.scope.filters(map[string][]string{
		"type": {"container"}, "event": actions(),
	}))
	res, err := p.engine.get(r.Context(), "/events", q.query)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	w.Header().Set("Content-Type", "application/json")
	out := newStream(w)
	in := json.NewDecoder(res.Body)
	for {
		var e event
		if err := in.Decode(&e); err != nil {
			return nil // the engine ended the stream; the answer has begun
		}
		passed, ok := p.scope.pass(e)
		if !ok {
			continue
		}
		line, err := json.Marshal(passed)
		if err != nil {
			return nil
		}
		if out.send(append(line, '\n')) != nil {
			return nil
		}
	}
}
