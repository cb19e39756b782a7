package engine

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
)

// Bounds of what the engine is waited for. On a busy machine an answer may take seconds;
// one that takes longer than this does not come.
const (
	answerTime  = time.Minute      // a call's first byte
	connectTime = 15 * time.Second // all calls of Connect together
)

// connection gives a client that waits no longer than answerTime for any answer to begin.
// What follows it, such as a container's output, may take as long as the caller waits. An
// engine that is reached by TLS keeps the client's own way.
func connection() (*client.Client, error) {
	hc := &http.Client{
		Transport: &http.Transport{
			ResponseHeaderTimeout: answerTime,
			// Without it the transport gets a TLS configuration, by which the client
			// thinks that the engine wants TLS.
			TLSNextProto: map[string]func(string, *tls.Conn) http.RoundTripper{},
		},
		CheckRedirect: client.CheckRedirect,
	}
	host := os.Getenv(client.EnvOverrideHost)
	if host == "" {
		host = client.DefaultDockerHost
	}
	return client.New(client.WithHTTPClient(hc), client.WithHost(host), client.FromEnv)
}

// bounded gives a context for a call of which more than the first byte is waited for.
func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, answerTime)
}

// ErrKilled marks the end of a container of ours that something outside it killed.
var ErrKilled = errors.New("killed by the machine, for want of memory, or by its engine")

// ErrStarved marks work that did not get the processor time that its limit in time takes
// for granted: the machine is too busy.
var ErrStarved = errors.New("the machine is too busy for it")

// Await waits until the engine answers, for as long as ctx lasts: an engine that is started
// anew is away for seconds. The error wraps ErrUnavailable.
func (e *Engine) Await(ctx context.Context) error {
	again := time.NewTicker(250 * time.Millisecond)
	defer again.Stop()
	for {
		once, cancel := context.WithTimeout(ctx, 5*time.Second)
		_, err := e.cli.Ping(once, client.PingOptions{})
		cancel()
		if err == nil {
			return nil
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
	}
}

// full is what every system says of a disk without room.
var full = syscall.ENOSPC.Error()

// Full reports whether an error says that the engine's disk has no room.
func Full(err error) bool { return err != nil && strings.Contains(err.Error(), full) }

// Transient reports whether an error is the engine's or the machine's and may be gone when
// the same is tried again: the engine did not answer, broke off, was started anew, or one
// of our containers did not get ready. An image that is missing, a full disk and the
// caller's own end are no such errors.
func Transient(err error) bool {
	var missing *MissingImageError
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.As(err, &missing), Full(err):
		return false
	case errors.Is(err, ErrUnavailable), errors.Is(err, ErrKilled), errors.Is(err, ErrStarved),
		client.IsErrConnectionFailed(err),
		errdefs.IsInternal(err), errdefs.IsUnavailable(err):
		return true
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, context.DeadlineExceeded):
		return true
	case errdefs.IsNotFound(err), errdefs.IsConflict(err): // somebody removed it, or is about to
		return true
	}
	var broken net.Error
	var unready *NotReadyError
	return errors.As(err, &broken) || errors.As(err, &unready)
}
