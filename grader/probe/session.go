package probe

import (
	"bufio"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"slices"
	"time"

	"firedrill/rubric"
)

// AgentSource holds the agent's program, to be built into an image.
//
//go:embed agent/*.go
var AgentSource embed.FS

// Request is one HTTP request to make.
type Request struct {
	Method string            `json:"method"`
	Path   string            `json:"path"`
	Body   string            `json:"body"`
	Header map[string]string `json:"header,omitempty"`
}

// Target is where requests go.
type Target struct {
	Service string // http://host:port of the probed service
	DSN     string // its database
	// Tables are those of the schema public that questions are about. While one of them is
	// something else, such as a view that shows the grader what it is meant to see, no answer
	// is worth anything, see ErrSchema.
	Tables []string
	// Secret opens what programs of ours keep for the grader alone. No container of a
	// candidate ever holds it.
	Secret string
}

// Session is a conversation with the agent of one lab. Its methods are called one at a
// time; within Send, requests run in parallel.
type Session struct {
	Target Target
	// Seed makes the ids, amounts and order of requests; the same seed, the same requests.
	Seed uint64
	// Host acts on the service's container from outside; nil where nothing needs it.
	Host Host
	// Untimed says that the service's source holds no way of its own to act later: nothing
	// that deals with time beyond what the candidate was given.
	Untimed bool
	// Kept is what a probe leaves for later ones of the same session, by a name that they
	// agree on.
	Kept map[string]any

	in  io.Writer
	out *bufio.Reader
	err error // the first failure of the conversation: afterwards nothing can be checked

	// Now is the clock that tells when probes ran; nil tells nothing.
	Now   func() time.Time
	began time.Time // the first probe

	probe   string              // the one that runs
	answers []rubric.Answer     // of the service, to it
	lines   map[string][]string // ids of the requests that it quotes, see Quote
}

// Host is what a session can do to the service from outside, and see of the lab. What it
// sees is the engine's word, never the service's.
type Host interface {
	// Restart ends the service without warning and starts it again. It does not wait
	// until it listens.
	Restart(ctx context.Context) error
	// Usage tells what the service's container holds.
	Usage(ctx context.Context) (Usage, error)
	// Output gives what a container of the lab wrote so far, or its last part.
	Output(ctx context.Context, container string) ([]byte, error)
}

// Usage is what a container holds at one moment; nothing where it does not run.
type Usage struct {
	Running bool
	Memory  int64 // bytes
	Threads int64
}

// NewSession talks to an agent through the given streams.
func NewSession(rw io.ReadWriter, t Target, seed uint64) *Session {
	return &Session{Target: t, Seed: seed, Kept: map[string]any{}, in: rw,
		out: bufio.NewReaderSize(rw, 64<<10)}
}

// Rand gives a source of numbers for one probe: the same for the same seed and name.
func (s *Session) Rand(name string) *rand.Rand {
	var h uint64 = 14695981039346656037 // FNV-1a
	for _, b := range []byte(name) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return rand.New(rand.NewPCG(s.Seed, h))
}

type order struct {
	Op       string    `json:"op"`
	Base     string    `json:"base,omitempty"`
	Requests []Request `json:"requests,omitempty"`
	Parallel int       `json:"parallel,omitempty"`
	Wait     int64     `json:"wait_ms,omitempty"`
	Keep     int64     `json:"keep,omitempty"`
	Tell     int       `json:"tell,omitempty"`
	DSN      string    `json:"dsn,omitempty"`
	Query    string    `json:"query,omitempty"`
	Args     []string  `json:"args,omitempty"`
}

// agentTime is what the agent may take beyond what it was asked to wait for.
const agentTime = 30 * time.Second

// patience is how long a reply may take: the agent bounds every request by itself, and makes
// so many of them at once.
func (o order) patience() time.Duration {
	rounds := 1
	if n, at := len(o.Requests), max(1, o.Parallel); n > at {
		rounds = (n + at - 1) / at
	}
	return time.Duration(rounds)*time.Duration(o.Wait)*time.Millisecond + agentTime
}

// Err is the first failure of the conversation with the agent. Afterwards nothing was learnt.
func (s *Session) Err() error { return s.err }

type reply struct {
	Told      bool              `json:"told"`
	Exchanges []rubric.Exchange `json:"exchanges"`
	Rows      [][]string        `json:"rows"`
	Error     string            `json:"error"`
}

// Bounds of what is asked and kept.
const (
	RequestTime = 12 * time.Second // one request, beyond any sane timeout of a service
	queryTime   = 30 * time.Second
	keepBody    = 16 << 10 // bytes of a service's answer
	// keepBatch is the bytes of all answers of a batch, each of which keeps an equal part. The
	// largest, 750 payments and refunds, takes a tenth of it where answers have a few lines.
	keepBatch = 2 << 20
	keepOurs  = 4 << 20 // bytes of an answer of our own programs
	// maxReply is the bytes of one reply. The agent keeps up to 4 MB, of a database's rows, and
	// JSON spells a byte in six at most. More would be too much for its container, too.
	maxReply = 32 << 20
)

// ErrAgent marks failures of the agent or of the way to it: nothing was learnt about the
// service.
var ErrAgent = errors.New("probe agent failed")

// ErrSchema marks queries of ours that the database refuses, or could be deceived by: its tables
// are gone, changed, views or locked, its password is another, its connections are all taken or ended. A lab begins with a sound
// one, the questions are always the same, and the service is the only one beside us who works
// with it.
var ErrSchema = errors.New("the service spoilt its database")

// state finds the SQLSTATE in an error.
var state = regexp.MustCompile(`\(SQLSTATE (\w{5})\)`)

// machine are the SQLSTATEs that may come of a machine in trouble: lost connections, full
// disks and memory, statements out of time, a database that is shut down, its own mistakes.
var machine = regexp.MustCompile(`^(08|530|531|532|57|58|XX)`)

// spoilt reports whether the database's words can only come of what the service did.
func spoilt(words string) bool {
	all := state.FindAllStringSubmatch(words, -1) // the last is the server's, others stand in its words
	return len(all) > 0 && !machine.MatchString(all[len(all)-1][1])
}

// sessions is how many sessions of the database one question may take. A database that is shut
// down ends one and opens no other; only the service can end one after another.
const sessions = 4

// ended finds what is said of a session that was ended, or a statement that was cancelled, from
// another session; cut what is left to say where the words were lost on the way.
var (
	ended = regexp.MustCompile(`\(SQLSTATE 57P01\)|due to user request \(SQLSTATE 57014\)`)
	cut   = regexp.MustCompile(`\(SQLSTATE 57P05\)|unexpected EOF|connection reset|broken pipe|conn closed`)
)

func (s *Session) ask(ctx context.Context, o order, told func()) (reply, error) {
	if s.err != nil {
		return reply{}, s.err
	}
	line, err := json.Marshal(o)
	if err != nil {
		return reply{}, err
	}
	type result struct {
		r   reply
		err error
	}
	done := make(chan result, 1)
	go func() {
		r, err := s.exchange(append(line, '\n'), told)
		done <- result{r, err}
	}()
	late := time.NewTimer(o.patience())
	defer late.Stop()
	select {
	case <-late.C:
		s.err = fmt.Errorf("%w: no reply within %s", ErrAgent, o.patience())
		return reply{}, s.err
	case res := <-done:
		if res.err != nil {
			s.err = fmt.Errorf("%w: %w", ErrAgent, res.err)
			return reply{}, s.err
		}
		return res.r, nil
	case <-ctx.Done():
		s.err = ctx.Err()
		return reply{}, s.err
	}
}

// exchange sends an order and reads its answer; told is called when a line in between
// says that the order's Tell is reached.
func (s *Session) exchange(line []byte, told func()) (reply, error) {
	if _, err := s.in.Write(line); err != nil {
		return reply{}, err
	}
	for {
		var r reply
		raw, err := readLine(s.out)
		if err != nil {
			return reply{}, err
		}
		if err := json.Unmarshal(raw, &r); err != nil {
			return reply{}, err
		}
		if !r.Told {
			return r, nil
		}
		if told != nil {
			told()
			told = nil
		}
	}
}

func readLine(r *bufio.Reader) ([]byte, error) {
	var out []byte
	for {
		part, err := r.ReadSlice('\n')
		out = append(out, part...)
		if len(out) > maxReply {
			return nil, errors.New("reply is too long")
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		return out, err
	}
}

// Send makes requests of the service, at most parallel at once, and gives the answers in
// the order asked. An answer with status 0 carries why there was none.
func (s *Session) Send(ctx context.Context, reqs []Request, parallel int) ([]rubric.Exchange, error) {
	got, err := s.send(ctx, reqs, s.toService(reqs, parallel), nil)
	s.answered(got)
	return got, err
}

func (s *Session) toService(reqs []Request, parallel int) order {
	return order{Base: s.Target.Service, Parallel: parallel,
		Keep: min(keepBody, int64(keepBatch/max(1, len(reqs))))}
}

// SendDuring is Send, and calls do as soon as so many of the requests are over while the
// others go on. It returns when both have ended.
func (s *Session) SendDuring(ctx context.Context, reqs []Request, parallel, after int,
	do func() error) ([]rubric.Exchange, error) {
	if after < 1 || after > len(reqs) {
		return nil, fmt.Errorf("nothing happens after %d of %d requests", after, len(reqs))
	}
	o := s.toService(reqs, parallel)
	o.Tell = after
	done := make(chan error, 1)
	begun := false
	got, err := s.send(ctx, reqs, o, func() {
		begun = true
		go func() { done <- do() }()
	})
	s.answered(got)
	switch {
	case s.err != nil: // the reader may still be under way: begun is not ours to read
		return got, err
	case !begun:
		return got, errors.Join(err, fmt.Errorf("%w: it did not say when %d requests were over", ErrAgent, after))
	}
	return got, errors.Join(err, <-done)
}

// Ask makes one request of a program of ours in the lab.
func (s *Session) Ask(ctx context.Context, base string, req Request) (rubric.Exchange, error) {
	got, err := s.send(ctx, []Request{req}, order{Base: base, Parallel: 1, Keep: keepOurs}, nil)
	if err != nil {
		return rubric.Exchange{}, err
	}
	return got[0], nil
}

func (s *Session) send(ctx context.Context, reqs []Request, o order, told func()) (
	[]rubric.Exchange, error) {
	if len(reqs) == 0 {
		return nil, nil
	}
	o.Op, o.Requests, o.Wait = "http", reqs, RequestTime.Milliseconds()
	r, err := s.ask(ctx, o, told)
	if err == nil && (r.Error != "" || len(r.Exchanges) != len(reqs)) {
		err = fmt.Errorf("%w: %d answers to %d requests: %s", ErrAgent, len(r.Exchanges), len(reqs), r.Error)
	}
	return r.Exchanges, err
}

// Statement is something for the database to do.
type Statement struct{ DSN, SQL string }

// Execute has the lab's database do something, before anything of the candidate's runs.
func (s *Session) Execute(ctx context.Context, do Statement) error {
	r, err := s.ask(ctx, order{Op: "sql", DSN: do.DSN, Query: do.SQL, Wait: queryTime.Milliseconds()}, nil)
	if err == nil && r.Error != "" {
		err = errors.New(r.Error)
	}
	return err
}

// Query asks the service's database; every value comes as text, NULL as `\N`. A question whose
// session is ended under it is asked again in a new one, so it must only read.
func (s *Session) Query(ctx context.Context, sql string, args ...string) ([][]string, error) {
	if len(s.Target.Tables) > 0 {
		if err := s.tables(ctx); err != nil {
			return nil, err
		}
	}
	return s.query(ctx, sql, args...)
}

// tables reports the first name of a table that stands for something else.
func (s *Session) tables(ctx context.Context) error {
	got, err := s.query(ctx, `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = 'public' AND c.relkind = 'r'`)
	if err != nil {
		return err
	}
	for _, table := range s.Target.Tables {
		if !slices.ContainsFunc(got, func(row []string) bool { return row[0] == table }) {
			return fmt.Errorf("%w: public.%s is not a table", ErrSchema, table)
		}
	}
	return nil
}

func (s *Session) query(ctx context.Context, sql string, args ...string) ([][]string, error) {
	for tries := 1; ; tries++ {
		r, err := s.ask(ctx, order{Op: "sql", DSN: s.Target.DSN, Query: sql, Args: args,
			Wait: queryTime.Milliseconds()}, nil)
		if err != nil || r.Error == "" {
			return r.Rows, err
		}
		again := ended.MatchString(r.Error)
		if tries < sessions && (again || cut.MatchString(r.Error)) {
			continue
		}
		err = fmt.Errorf("query the database: %s", r.Error)
		switch {
		case again:
			err = fmt.Errorf("%w: %d sessions of the grader's were ended, one after another: %w", ErrSchema, tries, err)
		case spoilt(r.Error):
			err = fmt.Errorf("%w: %w", ErrSchema, err)
		}
		return nil, err
	}
}

// Await reports whether something listens at host:port within the time.
func (s *Session) Await(ctx context.Context, addr string, within time.Duration) (bool, error) {
	r, err := s.ask(ctx, order{Op: "await", Base: addr, Wait: within.Milliseconds()}, nil)
	return err == nil && r.Error == "", err
}
