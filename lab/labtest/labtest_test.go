package labtest_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/fixtures/payment"
	"firedrill/lab"
	"firedrill/lab/command"
	"firedrill/lab/engine"
	"firedrill/lab/labtest"
)

// recorder is a test whose outcome is looked at.
type recorder struct {
	ctx     context.Context
	cleanup []func()
	said    string // by Errorf
	logged  string
}

func (r *recorder) Helper()                      {}
func (r *recorder) Context() context.Context     { return r.ctx }
func (r *recorder) Cleanup(f func())             { r.cleanup = append(r.cleanup, f) }
func (r *recorder) Failed() bool                 { return r.said != "" }
func (r *recorder) Logf(f string, args ...any)   { r.logged += fmt.Sprintf(f, args...) + "\n" }
func (r *recorder) Errorf(f string, args ...any) { r.said += fmt.Sprintf(f, args...) + "\n" }
func (r *recorder) FailNow()                     { runtime.Goexit() }

// record runs a test to its end, cleaned up.
func record(ctx context.Context, test func(labtest.T)) *recorder {
	ctx, cancel := context.WithCancel(ctx)
	r := &recorder{ctx: ctx}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			cancel() // as the testing package does
			for _, f := range slices.Backward(r.cleanup) {
				f()
			}
		}()
		test(r)
	}()
	<-done
	return r
}

func exam(t *testing.T) command.Exam {
	t.Helper()
	e, err := payment.Lab()
	require.NoError(t, err)
	return e
}

// left lists what the engine holds of a run.
func left(t *testing.T, run string) []engine.Object {
	t.Helper()
	e, err := engine.Connect(t.Context())
	require.NoError(t, err)
	defer e.Close()
	all, err := e.List(t.Context())
	require.NoError(t, err)
	return slices.DeleteFunc(all, func(o engine.Object) bool { return o.Run != run })
}

// get asks the lab's service.
func get(t *testing.T, url string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return res.StatusCode
}

// TestStart: a lab is reached by its URLs, moves between its worlds, shows the logs of a test
// that failed, and is gone with it.
func TestStart(t *testing.T) {
	var run string
	got := record(t.Context(), func(rt labtest.T) {
		l := labtest.Start(rt, exam(t))
		run = l.Run.ID
		require.Equal(t, lab.Faulty, l.World())
		require.Regexp(t, `^http://127\.0\.0\.1:\d+$`, l.URL("service"))
		require.Regexp(t, `^postgres://.*@127\.0\.0\.1:\d+/payments$`, l.URL("database"))
		require.Equal(t, http.StatusOK, get(t, l.URL("service")+"/health"))
		require.Contains(t, l.Log("traffic-generator"), "msg=request")
		require.NotEmpty(t, left(t, run))
		l.Heal()
		require.Equal(t, lab.Healed, l.World())
		l.Break()
		require.Equal(t, lab.Relapsed, l.World())
		l.URL("fax")
	})
	require.Equal(t, "the exam payment has no door \"fax\", it has service, database, logs\n", got.said)
	require.Contains(t, got.logged, "lab "+run+" in the relapsed world, last lines of its containers:\n")
	require.Contains(t, got.logged, "\npayment-db | ")
	require.Empty(t, left(t, run))
}

// TestNoEngine fails a test, with a hint.
func TestNoEngine(t *testing.T) {
	e := exam(t)
	t.Setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
	got := record(t.Context(), func(rt labtest.T) { labtest.Start(rt, e) })
	require.Contains(t, got.said, "start a lab: docker engine not available")
	require.True(t, strings.HasSuffix(got.said, "hint: start docker, or run `make setup`\n"), got.said)
}

// TestFaultThatDoesNotShow: a lab that is not as it should be fails the test and is removed.
func TestFaultThatDoesNotShow(t *testing.T) {
	e := exam(t)
	var runs []string
	e.Fault = func(context.Context, map[string]string) error {
		return fmt.Errorf("payments work")
	}
	got := record(t.Context(), func(rt labtest.T) { runs = append(runs, labtest.Start(rt, e).Run.ID) })
	require.Equal(t, "start a lab: the fault does not show: payments work\n", got.said)
	require.Empty(t, runs)
	self, err := engine.Self()
	require.NoError(t, err)
	eng, err := engine.Connect(t.Context())
	require.NoError(t, err)
	defer eng.Close()
	all, err := eng.List(t.Context())
	require.NoError(t, err)
	for _, o := range all {
		require.NotEqual(t, self.String(), o.Owner, "%s %s is left", o.Kind, o.Name)
	}
}
