package engine

import (
	"context"
	"fmt"
	"sync"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	tclog "github.com/testcontainers/testcontainers-go/log"
)

// provider makes testcontainers' provider. It asks the engine four times about itself, which
// takes as long as making a network: so that is done meanwhile. One that failed, as an engine
// did that was just being started, is made anew for the next who asks.
type provider struct {
	mu   sync.Mutex
	last *making
}

type making struct {
	done chan struct{}
	p    *testcontainers.DockerProvider
	err  error
}

// begin makes one, unless one is there or under way.
func (v *provider) begin(cli *client.Client) *making {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.last != nil && !v.last.failed() {
		return v.last
	}
	m := &making{done: make(chan struct{})}
	v.last = m
	go m.make(cli)
	return m
}

func (m *making) make(cli *client.Client) {
	defer close(m.done)
	defer func() {
		if r := recover(); r != nil { // testcontainers panics where no engine is found
			m.err = fmt.Errorf("%w: %v", ErrUnavailable, r)
		}
	}()
	quiet := testcontainers.WithLogger(tclog.NewNoopLogger())
	p, err := testcontainers.NewDockerProvider(testcontainers.Generic2DockerOptions(quiet)...)
	if err != nil {
		m.err = fmt.Errorf("%w: %w", ErrUnavailable, err)
		return
	}
	_ = p.Close()
	p.SetClient(cli) // its calls end in bounded time, and go where DOCKER_HOST says now
	m.p = p
}

func (m *making) failed() bool {
	select {
	case <-m.done:
		return m.err != nil
	default:
		return false
	}
}

// get waits for the provider as long as ctx lasts.
func (v *provider) get(ctx context.Context, cli *client.Client) (*testcontainers.DockerProvider, error) {
	m := v.begin(cli)
	select {
	case <-m.done:
		return m.p, m.err
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, ctx.Err())
	}
}
