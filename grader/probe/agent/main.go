// Command agent makes requests inside a lab's network for a grader outside it.
//
// It reads one order per line on standard input and answers each with one line on standard
// output, JSON both. It decides nothing: it repeats what was asked and what came back,
// within the bounds that the order names. What the answers mean is known only outside.
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
	DSN      string    `json:"dsn"`
	Query    string    `json:"query"`
	Args     []string  `json:"args"`
}

// reply is one line of output.
type reply struct {
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
	enc := json.NewEncoder(out)
	for lines.Scan() {
		var o order
		var r reply
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			r.Error = "bad order: " + err.Error()
		} else {
			r = w.do(ctx, o)
		}
		if err := enc.Encode(r); err != nil {
			return err
		}
	}
	return lines.Err()
}

func (o order) bound() time.Duration { return time.Duration(max(1, o.Wait)) * time.Millisecond }

func (w *worker) do(ctx context.Context, o order) reply {
	switch o.Op {
	case "http":
		return reply{Exchanges: w.send(ctx, o)}
	case "sql":
		rows, err := w.query(ctx, o)
		if err != nil {
			return reply{Error: err.Error()}
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
