package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"time"
)

// apiVersion is the API that is spoken here, whatever the engine's is: new enough for
// clients that refuse old engines.
const apiVersion = "1.44"

// maxRequests bounds how many requests are served at a time; each may be a stream.
const maxRequests = 128

// proxy serves the allowed part of the engine's API.
type proxy struct {
	engine *engine
	scope  scope
	log    *slog.Logger
	slots  chan struct{}
}

func newProxy(e *engine, s scope, log *slog.Logger) *proxy {
	return &proxy{engine: e, scope: s, log: log, slots: make(chan struct{}, maxRequests)}
}

// ServeHTTP answers one request.
func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Api-Version", apiVersion)
	q, err := parse(r)
	if err != nil {
		p.log.Warn("refused", "method", r.Method, "reason", err.Error())
		answerError(w, http.StatusForbidden, err.Error())
		return
	}
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	default:
		answerError(w, http.StatusServiceUnavailable, "too many requests at a time")
		return
	}
	switch q.op {
	case "_ping":
		_, err = w.Write([]byte("OK"))
	case "version":
		answer(w, versionAnswer{ApiVersion: apiVersion, MinAPIVersion: apiVersion, Os: "linux"})
	case "info":
		answer(w, infoAnswer{ID: "lab", Name: "lab", OSType: "linux"})
	case "list":
		err = p.list(w, r)
	case "inspect":
		err = p.inspect(w, r, q)
	case "logs":
		err = p.logs(w, r, q)
	case "events":
		err = p.events(w, r, q)
	}
	if err != nil && r.Context().Err() == nil {
		p.log.Warn("not answered", "operation", q.op, "err", err)
		answerError(w, statusOf(err), http.StatusText(statusOf(err)))
	}
}

type versionAnswer struct{ ApiVersion, MinAPIVersion, Os string }

type infoAnswer struct{ ID, Name, OSType string }

// containerAnswer is a container in a list. Fields that a client may rely on are there and
// empty.
type containerAnswer struct {
	ID      string `json:"Id"`
	Names   []string
	Image   string
	Created int64
	State   string
	Status  string
	Labels  map[string]string
}

func (p *proxy) list(w http.ResponseWriter, r *http.Request) error {
	all, err := p.scope.list(r.Context(), p.engine)
	if err != nil {
		return err
	}
	out := []containerAnswer{}
	for _, c := range all {
		out = append(out, containerAnswer{ID: c.ID, Names: []string{"/" + c.name}, Image: c.name,
			Created: c.Created, State: c.State, Status: c.Status, Labels: map[string]string{}})
	}
	answer(w, out)
	return nil
}

// state is what an inspected container says of itself; the rest is dropped on reading.
type state struct {
	Created string
	State   struct {
		Status, StartedAt, FinishedAt string
		Running                       bool
	}
	Config struct{ Tty bool }
}

type inspectAnswer struct {
	ID         string `json:"Id"`
	Name       string
	Created    string
	State      any
	Config     inspectConfig
	HostConfig struct{}
}

type inspectConfig struct {
	Image  string
	Tty    bool
	Labels map[string]string
}

func (p *proxy) inspect(w http.ResponseWriter, r *http.Request, q request) error {
	c, err := p.scope.find(r.Context(), p.engine, q.id)
	if err != nil {
		return err
	}
	var s state
	if err := p.engine.getJSON(r.Context(), "/containers/"+c.ID+"/json", nil, &s); err != nil {
		return err
	}
	answer(w, inspectAnswer{ID: c.ID, Name: "/" + c.name, Created: s.Created, State: s.State,
		Config: inspectConfig{Image: c.name, Tty: s.Config.Tty, Labels: map[string]string{}}})
	return nil
}

func (p *proxy) logs(w http.ResponseWriter, r *http.Request, q request) error {
	c, err := p.scope.find(r.Context(), p.engine, q.id)
	if err != nil {
		return err
	}
	res, err := p.engine.get(r.Context(), "/containers/"+c.ID+"/logs", q.query)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	w.Header().Set("Content-Type", "application/vnd.docker.raw-stream")
	out := newStream(w)
	buf := make([]byte, 64<<10)
	for {
		n, err := res.Body.Read(buf)
		if n > 0 && out.send(buf[:n]) != nil {
			return nil // the client is gone
		}
		if err != nil {
			return nil // the container stopped; the answer has begun
		}
	}
}

// sendTime bounds how long a client may leave a stream unread.
const sendTime = 30 * time.Second

// stream sends what it is given at once.
type stream struct {
	w   http.ResponseWriter
	ctl *http.ResponseController
}

// newStream begins the answer, so that the client knows before the first data.
func newStream(w http.ResponseWriter) stream {
	s := stream{w, http.NewResponseController(w)}
	w.WriteHeader(http.StatusOK)
	_ = s.ctl.Flush()
	return s
}

func (s stream) send(data []byte) error {
	_ = s.ctl.SetWriteDeadline(time.Now().Add(sendTime))
	if _, err := s.w.Write(data); err != nil {
		return err
	}
	return s.ctl.Flush()
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // a client that is gone needs no answer
}

// answerError answers as the engine does, so that clients can show the message.
func answerError(w http.ResponseWriter, code int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": message})
}
