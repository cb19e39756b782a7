package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"firedrill/lab/engine"
	"firedrill/lab/engine/enginetest"
)

func TestTransient(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"nothing":          {nil, false},
		"the user's end":   {fmt.Errorf("start: %w", context.Canceled), false},
		"a missing image":  {&engine.MissingImageError{Image: "x"}, false},
		"a full disk":      {errors.New("Error response from daemon: mkdir /var/lib/docker/x: no space left on device"), false},
		"anything else":    {errors.New("no such rubric"), false},
		"no engine":        {fmt.Errorf("%w: refused", engine.ErrUnavailable), true},
		"out of time":      {fmt.Errorf("start: %w", context.DeadlineExceeded), true},
		"killed":           {fmt.Errorf("build: %w", engine.ErrKilled), true},
		"starved":          {fmt.Errorf("build: %w", engine.ErrStarved), true},
		"broken off":       {fmt.Errorf("read: %w", io.ErrUnexpectedEOF), true},
		"our own database": {&engine.NotReadyError{Name: "db", Want: "ready"}, true},
	} {
		require.Equal(t, c.want, engine.Transient(c.err), name)
	}
	require.True(t, engine.Full(errors.New("write /x: no space left on device")))
	require.False(t, engine.Full(nil))
}

// TestEngineFaults: whatever becomes of the engine, a call ends, and its error tells what
// may be gone by itself.
func TestEngineFaults(t *testing.T) {
	p := enginetest.Start(t)
	e, err := engine.Connect(t.Context())
	require.NoError(t, err)
	defer e.Close()
	soon := func() context.Context {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		t.Cleanup(cancel)
		return ctx
	}
	t.Run("hangs", func(t *testing.T) {
		defer p.Mend()
		p.Hang()
		_, err := e.List(soon())
		require.True(t, engine.Transient(err), "%v", err)
		require.ErrorIs(t, e.Await(soon()), engine.ErrUnavailable)
		_, err = engine.Connect(soon())
		require.ErrorIs(t, err, engine.ErrUnavailable)
	})
	t.Run("hangs while somebody waits", func(t *testing.T) {
		defer p.Mend()
		ctx, stop := engine.WatchFor(t.Context(), e, 10*time.Millisecond, 300*time.Millisecond)
		defer stop()
		p.Hang()
		<-ctx.Done()
		require.ErrorIs(t, context.Cause(ctx), engine.ErrUnavailable)
		require.ErrorContains(t, context.Cause(ctx), "no answer for")
	})
	t.Run("is slow while somebody waits", func(t *testing.T) {
		ctx, stop := engine.WatchFor(t.Context(), e, 10*time.Millisecond, 2*time.Second)
		before := p.Asked()
		p.Hang()
		time.AfterFunc(300*time.Millisecond, p.Mend)
		require.NoError(t, e.Await(t.Context()))
		require.Eventually(t, func() bool { return p.Asked() > before+5 }, time.Minute, 10*time.Millisecond)
		require.NoError(t, ctx.Err())
		stop()
		require.ErrorIs(t, context.Cause(ctx), context.Canceled)
	})
	t.Run("answers again", func(t *testing.T) {
		p.Hang()
		time.AfterFunc(300*time.Millisecond, p.Mend)
		require.NoError(t, e.Await(t.Context()))
		_, err := e.List(t.Context())
		require.NoError(t, err)
	})
	t.Run("is gone", func(t *testing.T) {
		defer p.Mend()
		p.Cut()
		_, err := e.List(t.Context())
		require.True(t, engine.Transient(err), "%v", err)
		_, err = engine.Connect(t.Context())
		require.ErrorIs(t, err, engine.ErrUnavailable)
		time.AfterFunc(300*time.Millisecond, p.Mend)
		require.NoError(t, e.Await(t.Context()))
	})
	t.Run("fails", func(t *testing.T) {
		defer p.Mend()
		say := ""
		p.Answer(func(r *http.Request) (int, string) {
			if strings.HasSuffix(r.URL.Path, "/volumes/create") {
				return http.StatusInternalServerError, say
			}
			return 0, ""
		})
		run := engine.NewRun(time.Now().Add(time.Hour))
		say = "runc went away"
		_, err := e.CreateVolume(t.Context(), run, "x")
		require.True(t, engine.Transient(err), "%v", err)
		say = "mkdir /var/lib/docker/volumes/x: no space left on device"
		_, err = e.CreateVolume(t.Context(), run, "x")
		require.False(t, engine.Transient(err), "%v", err)
		require.True(t, engine.Full(err))
	})
}
