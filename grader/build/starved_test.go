package build

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"firedrill/lab/engine"
	"firedrill/lab/image"
)

// TestEndless: a build that had its processor time is the candidate's, one that was kept
// from it says nothing of the source.
func TestEndless(t *testing.T) {
	m := module{title: "the service", time: buildTime}
	res, err := m.endless(buildCPU)
	require.NoError(t, err)
	require.Contains(t, res.Reason, "did not end within 2m0s")

	_, err = m.endless(buildCPU - time.Second)
	require.ErrorIs(t, err, engine.ErrStarved)
}

// TestStarvedBuild gives a sound build next to no time, as a machine with too much to do would.
func TestStarvedBuild(t *testing.T) {
	e, err := engine.Connect(t.Context())
	require.NoError(t, err, "run `make setup` first")
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	builder, err := image.NewStore(e.Client(), nil).Find(t.Context(), image.Builder())
	require.NoError(t, err, "run `make setup` first")
	run := engine.NewRun(time.Now().Add(10 * time.Minute))
	t.Cleanup(func() {
		ctx, cancel := engine.Detach(t.Context())
		defer cancel()
		_, err := e.RemoveRun(ctx, run.ID)
		require.NoError(t, err)
	})
	out, err := e.CreateVolume(t.Context(), run, "app")
	require.NoError(t, err)
	src := fstest.MapFS{
		"go.mod":  {Data: []byte("module payment-processor\n\ngo 1.26.0\n")},
		"main.go": {Data: []byte("package main\n\nimport \"net/http\"\n\nfunc main() { _ = http.ListenAndServe(\":8080\", nil) }\n")},
	}
	res, err := module{"the service", "", 100 * time.Millisecond}.build(t.Context(), e, run, builder, src, out)
	require.Empty(t, res.Reason, "not the candidate's")
	require.True(t, engine.Transient(err), "tried again: %v", err)
}
