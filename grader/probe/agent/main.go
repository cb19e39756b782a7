// Command agent makes requests inside a lab's network for a grader outside it.
//
// It reads one order per line on standard input and answers each with one line on standard
// output, JSON both; an order may ask for a line in the middle of its work. It decides nothing:
// it repeats what was asked and what came back, within the bounds that the order names. What
// the answers mean is known only outside.
//
// Whatever it is told, by a service or by a database that the service writes to, it keeps
// within its own bounds too: a service that could end it would leave nothing to grade.
//
// It imports nothing of its own module, so that it can be built alone.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// order is one line of input.
type order struct {
	Op       string    `json:"op"`   // http, sql or await
	Base     string    `json:"base"` // http://host:port, or host:port for await
	Requests []request `json:"requests"`
	Parallel int       `json:"parallel"` // requests under way at once, at least 1
	Wait     int       `json:"wait_ms"`  // bound of one request, or of the whole await
	Keep     int64     `json:"keep"`     // bytes kept of each answer's body
	Tell     int       `json:"tell"`     // after so many requests, a line says so; 0 is never
	DSN      string    `json:"dsn"`
	Query    string    `json:"query"`
	Args     []string  `json:"args"`
}

// reply is one line of output.
type reply struct {
	// Told is set on the line that an order's Tell asks for; its answer still follows.
	Told      bool       `json:"told,omitempty"`
	Exchanges []exchange `json:"exchanges,omitempty"`
	Rows      [][]string `json:"rows,omitempty"`
	Error     string     `json:"error,omitempty"`
}

// maxOrder bounds one line of input.
const maxOrder = 16 << 20

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, in io.Reader, out io.Writer) error {
	w := newWorker()
	defer w.close(ctx)
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), maxOrder)
	var mu sync.Mutex
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false) // nobody shows it; and each such character would take six bytes
	write := func(r reply) error {
		mu.Lock()
		defer mu.Unlock()
		return enc.Encode(r)
	}
	for lines.Scan() {
		var o order
		var r reply
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			r.Error = "bad order: " + err.Error()
		} else {
			r = w.do(ctx, o, func() { _ = write(reply{Told: true}) }) // the answer fails as well
		}
		if err := write(r); err != nil {
			return err
		}
	}
	return lines.Err()
}

func (o order) bound() time.Duration { return time.Duration(max(1, o.Wait)) * time.Millisecond }

func (w *worker) do(ctx context.Context, o order, tell func()) reply {
	switch o.Op {
	case "http":
		return reply{Exchanges: w.send(ctx, o, tell)}
	case "sql":
		rows, err := w.query(ctx, o)
		if err != nil {
			return reply{Error: brief(err.Error())}
		}
		return reply{Rows: rows}
	case "await":
		if err := await(ctx, o.Base, o.bound()); err != nil {
			return reply{Error: err.Error()}
		}
		return reply{}
	}
	return reply{Error: "unknown op " + o.Op}
}
