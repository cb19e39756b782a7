package engine

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/client"
)

// Stream is a conversation with a container's standard input and output.
type Stream struct {
	io.Reader // its standard output
	conn      client.HijackedResponse
	done      chan struct{}
}

// Attach connects to a container that was created with Stdin. Call it before Start, so that
// nothing is missed.
func (c *Container) Attach(ctx context.Context) (*Stream, error) {
	res, err := c.e.cli.ContainerAttach(ctx, c.ID, client.ContainerAttachOptions{
		Stream: true, Stdin: true, Stdout: true,
	})
	if err != nil {
		return nil, fmt.Errorf("attach to %s: %w", c.Name, err)
	}
	r, w := io.Pipe()
	s := &Stream{Reader: r, conn: res.HijackedResponse, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		_, err := stdcopy.StdCopy(w, io.Discard, res.Reader)
		if err == nil {
			err = io.EOF
		}
		w.CloseWithError(err)
	}()
	return s, nil
}

// Write sends to the container's standard input.
func (s *Stream) Write(p []byte) (int, error) { return s.conn.Conn.Write(p) }

// Close ends the conversation and waits for its reader.
func (s *Stream) Close() error {
	s.conn.Close()
	if r, ok := s.Reader.(*io.PipeReader); ok {
		_ = r.Close()
	}
	<-s.done
	return nil
}

// NotReadyError says that a container ended, or its time did, before it was ready.
type NotReadyError struct {
	Name string
	Want string // what was waited for
	Last string // the last lines that it wrote
	Err  error
}

func (e *NotReadyError) Error() string {
	msg := fmt.Sprintf("%s is not ready: no line with %q", e.Name, e.Want)
	if e.Err != nil {
		msg += ": " + e.Err.Error()
	}
	if e.Last != "" {
		msg += "; it wrote last: " + e.Last
	}
	return msg
}

func (e *NotReadyError) Unwrap() error { return e.Err }

// WaitLine follows the container's output until want has come the given number of times.
// It returns as soon as it has, the container stops or ctx ends; it never polls. Output of
// an earlier start does not count.
func (c *Container) WaitLine(ctx context.Context, want string, times int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w := &lineWatch{want: []byte(want), left: times, found: cancel}
	err := c.Follow(ctx, w)
	if w.seen {
		return nil
	}
	if err == nil {
		err = errors.New("the container ended")
	}
	return &NotReadyError{Name: c.Name, Want: want, Last: w.tail(), Err: err}
}

// lineWatch looks for a text in what is written to it and keeps the end for the error.
type lineWatch struct {
	mu    sync.Mutex
	want  []byte
	left  int // how often it must still come
	rest  []byte
	seen  bool
	found func()
}

const watchKeep = 2048

func (w *lineWatch) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rest = append(w.rest, p...)
	for !w.seen {
		i := bytes.Index(w.rest, w.want)
		if i < 0 {
			break
		}
		w.rest = w.rest[i+len(w.want):]
		if w.left--; w.left <= 0 {
			w.seen = true
			w.found()
		}
	}
	if keep := max(watchKeep, len(w.want)); len(w.rest) > keep {
		w.rest = append(w.rest[:0], w.rest[len(w.rest)-keep:]...)
	}
	return len(p), nil
}

// tail gives the last few lines on one line.
func (w *lineWatch) tail() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var lines []string
	sc := bufio.NewScanner(bytes.NewReader(w.rest))
	for sc.Scan() {
		lines = append(lines, sc.Text())
	}
	if len(lines) > 3 {
		lines = lines[len(lines)-3:]
	}
	out := ""
	for i, l := range lines {
		if i > 0 {
			out += " | "
		}
		out += l
	}
	return out
}
