package image

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	dockerimage "github.com/moby/moby/api/types/image"
	"github.com/moby/moby/client"
	"github.com/stretchr/testify/require"
)

// fakeEngine answers the few requests of a store and remembers them.
type fakeEngine struct {
	registry bool            // a registry serves upstream images
	pull     string          // the answer to a pull
	build    string          // the answer to a build
	fail     bool            // inspecting fails
	mu       sync.Mutex      //
	present  map[string]bool // by reference
	list     []dockerimage.Summary
	used     map[string]bool // images that cannot be removed
	log      []string        // requests, without bodies
}

func (f *fakeEngine) store(t *testing.T, report func(Progress)) *Store {
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	host := client.WithHost("tcp://" + srv.Listener.Addr().String())
	cli, err := client.New(host, client.WithAPIVersion("1.41"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = cli.Close() })
	return NewStore(cli, report)
}

func (f *fakeEngine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, _ = io.Copy(io.Discard, r.Body)
	path := strings.TrimPrefix(r.URL.Path, "/v1.41")
	f.log = append(f.log, path)
	refuse := func(code int, message string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_ = json.NewEncoder(w).Encode(map[string]string{"message": message})
	}
	switch {
	case path == "/images/json":
		_ = json.NewEncoder(w).Encode(f.list)
	case strings.HasSuffix(path, "/json") && strings.HasPrefix(path, "/images/"):
		ref := strings.TrimSuffix(strings.TrimPrefix(path, "/images/"), "/json")
		switch {
		case f.fail:
			refuse(http.StatusInternalServerError, "disk is gone")
		case f.present[ref]:
			fmt.Fprint(w, `{"Id":"sha256:1"}`)
		default:
			refuse(http.StatusNotFound, "no such image")
		}
	case strings.HasPrefix(path, "/distribution/"):
		if !f.registry {
			refuse(http.StatusInternalServerError, "no such host")
			return
		}
		fmt.Fprint(w, `{"Descriptor":{}}`)
	case path == "/build":
		f.finish(w, r.URL.Query().Get("t"), f.build)
	case path == "/images/create" && r.URL.Query().Get("fromSrc") == "-":
		f.finish(w, r.URL.Query().Get("repo"), "")
	case path == "/images/prune":
		fmt.Fprint(w, "{}")
	case r.Method == http.MethodDelete:
		if f.used[strings.TrimPrefix(path, "/images/")] {
			refuse(http.StatusConflict, "image is being used")
			return
		}
		fmt.Fprint(w, "[]")
	case path == "/images/create":
		fmt.Fprint(w, f.pull)
	default:
		refuse(http.StatusNotImplemented, "not known to the fake engine: "+path)
	}
}

// finish answers like a build or import, which provides ref unless it failed.
func (f *fakeEngine) finish(w io.Writer, ref, answer string) {
	fmt.Fprint(w, answer)
	if !strings.Contains(answer, "errorDetail") {
		f.present[ref] = true
	}
}

func (f *fakeEngine) count(prefix string) int {
	n := 0
	for _, path := range f.log {
		if strings.HasPrefix(path, prefix) {
			n++
		}
	}
	return n
}

func TestFindNamesWhatIsMissing(t *testing.T) {
	f := &fakeEngine{present: map[string]bool{}}
	s := f.store(t, nil)
	_, err := s.Find(t.Context(), Runtime())
	var missing *MissingError
	require.ErrorAs(t, err, &missing)
	require.Equal(t, "image "+Runtime().Refs()[0]+" is missing in the docker engine", err.Error())
	require.Equal(t, "run `make setup` to provide the images", missing.Hint())

	f.present[Runtime().Refs()[0]] = true
	ref, err := s.Find(t.Context(), Runtime())
	require.NoError(t, err)
	require.Equal(t, Runtime().Refs()[0], ref)

	f.fail = true
	_, err = s.Find(t.Context(), Runtime())
	require.ErrorContains(t, err, "disk is gone")
	require.NotErrorAs(t, err, &missing, "an engine in trouble is no missing image")
}

func TestEnsureMakesAnImageOnce(t *testing.T) {
	f := &fakeEngine{present: map[string]bool{}}
	var mu sync.Mutex
	var told []Progress
	s := f.store(t, func(p Progress) { mu.Lock(); defer mu.Unlock(); told = append(told, p) })

	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			ref, err := s.Ensure(t.Context(), Runtime())
			if err != nil || ref != Runtime().Refs()[0] {
				t.Errorf("ensure: %q, %v", ref, err)
			}
		})
	}
	group.Wait()
	require.Equal(t, 1, f.count("/images/create"))
	require.Len(t, told, 1)
	require.True(t, told[0].Done)
	require.Equal(t, "runtime", told[0].Image)

	before := len(f.log)
	_, err := s.Ensure(t.Context(), Runtime())
	require.NoError(t, err)
	require.Len(t, f.log, before+1, "an image that is present costs one request")
}

func TestPostgresComesFromARegistryThatAnswers(t *testing.T) {
	f := &fakeEngine{registry: true, present: map[string]bool{}}
	ref, err := f.store(t, nil).Ensure(t.Context(), Postgres())
	require.NoError(t, err)
	require.Equal(t, Postgres().Refs()[0], ref)
	require.Zero(t, f.count("/images/"+Base().Refs()[0]), "base is Debian's business")
}

func TestPostgresComesFromDebianWithoutRegistry(t *testing.T) {
	for name, f := range map[string]*fakeEngine{
		"no answer":   {},
		"failed pull": {registry: true, pull: `{"errorDetail":{"message":"too many requests"}}`},
	} {
		f.present = map[string]bool{Base().Refs()[0]: true}
		s := f.store(t, nil)
		ref, err := s.Ensure(t.Context(), Postgres())
		require.NoError(t, err, name)
		require.Equal(t, Postgres().Refs()[1], ref, name)

		// What is there stays in use when a registry comes back.
		f.registry, f.pull = true, ""
		again, err := s.Ensure(t.Context(), Postgres())
		require.NoError(t, err, name)
		require.Equal(t, ref, again, name)
	}
}

func TestFailedBuildSaysWhatItSaidLast(t *testing.T) {
	var out strings.Builder
	for i := range 30 {
		fmt.Fprintf(&out, "{\"stream\":\"line %d\\n\"}\n", i)
	}
	out.WriteString(`{"errorDetail":{"message":"returned a non-zero code: 1"},"error":"x"}`)
	f := &fakeEngine{build: out.String(), present: map[string]bool{Builder().Refs()[0]: true}}
	img, err := Tools(Program{"hello", programSource("package main")})
	require.NoError(t, err)
	_, err = f.store(t, nil).Ensure(t.Context(), img)
	require.ErrorContains(t, err, "make image "+img.Refs()[0]+": returned a non-zero code: 1\n")
	require.ErrorContains(t, err, "line 29")
	require.NotContains(t, err.Error(), "line 9\n")
}

func TestEnsureStopsWhenCancelled(t *testing.T) {
	f := &fakeEngine{present: map[string]bool{}}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := f.store(t, nil).Ensure(ctx, Postgres())
	require.ErrorIs(t, err, context.Canceled)
}

func TestEngineThatEndsInMidAnswer(t *testing.T) {
	present := map[string]bool{Builder().Refs()[0]: true}
	f := &fakeEngine{build: `{"stream":"Step 1/2"`, present: present}
	img, err := Tools(Program{"hello", programSource("package main")})
	require.NoError(t, err)
	_, err = f.store(t, nil).Ensure(t.Context(), img)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.False(t, errors.Is(err, context.Canceled))
}

func TestSweepTakesWhatNobodyNeeds(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	image := func(id string, age time.Duration, tags ...string) dockerimage.Summary {
		return dockerimage.Summary{ID: id, RepoTags: tags, Created: now.Add(-age).Unix()}
	}
	f := &fakeEngine{
		list: []dockerimage.Summary{
			image("sha256:1", 2*time.Hour, Runtime().Refs()[0]),
			image("sha256:2", 2*time.Hour, Builder().Refs()[0]),
			image("sha256:3", 2*time.Hour, "firedrill/postgres:old"),
			image("sha256:4", time.Minute, "firedrill/postgres:new"),
			image("sha256:5", 2*time.Hour),
			image("sha256:6", 2*time.Hour, "firedrill/tools:used"),
		},
		used: map[string]bool{"firedrill/tools:used": true},
	}
	tools, err := Tools(Program{"hello", programSource("package main")})
	require.NoError(t, err)
	removed, err := f.store(t, nil).Sweep(t.Context(), now.Add(-time.Hour), Runtime(), tools)
	require.NoError(t, err)
	require.Equal(t, []string{"firedrill/postgres:old", "sha256:5"}, removed,
		"not what is needed, what a needed one is made from, what is new or what is used")
}
