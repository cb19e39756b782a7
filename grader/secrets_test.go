package grader_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/moby/moby/client"
	"github.com/stretchr/testify/require"

	"firedrill/fixtures/payment"
	"firedrill/grader"
	"firedrill/lab"
	"firedrill/lab/engine"
)

// TestNoSecretLeaves grades an example and looks where secrets must not be: labels, the
// environment and mounts of what runs a candidate's code, every container's log, what is
// shown on the way, and the report. Secrets are the grader's own, which opens the hidden
// programs' doors, the database's password, which is the exam's but no report's business, and
// the way to the engine.
func TestNoSecretLeaves(t *testing.T) {
	e, exam := connect(t), paymentExam(t)
	var own string
	platform := exam.Platform
	exam.Platform = func(p grader.Parts) lab.Platform { own = p.Secret; return platform(p) }
	var seen *lookedAt
	var said bytes.Buffer
	var mu sync.Mutex
	r, err := grader.Grade(t.Context(), grader.Config{
		Exam: &exam, Dir: filepath.Join(submissions, "pristine"), Engine: e, Seed: 1,
		Progress: func(phase, text string) {
			mu.Lock()
			defer mu.Unlock()
			said.WriteString(phase + " " + text + "\n")
			if phase == "clean" {
				seen = lookAt(t, e)
			}
		},
	})
	require.NoError(t, err)
	require.Len(t, own, 26)
	require.NotNil(t, seen)
	require.Contains(t, seen.logs, "msg=request", "the service's log was read")
	require.Contains(t, seen.all, own, "the hidden programs know it")

	password := payment.Standard().DatabasePassword
	out := t.TempDir()
	_, err = r.Write(out)
	require.NoError(t, err)
	for what, c := range map[string]struct {
		text  string
		never []string
	}{
		"labels":                {seen.labels, []string{own, password, "docker.sock"}},
		"the service's own":     {seen.candidate, []string{own, "docker.sock"}},
		"containers' logs":      {seen.logs, []string{own, password, "docker.sock"}},
		"what is shown":         {said.String(), []string{own, password, "docker.sock"}},
		"reports":               {readAll(t, out), []string{own, password, "docker.sock"}},
		"any container's mount": {seen.mounts, []string{"docker.sock"}},
	} {
		require.NotEmpty(t, c.text, what)
		for _, secret := range c.never {
			require.NotContains(t, c.text, secret, what)
		}
	}

	i := r.Run.Isolation
	require.NotNil(t, i)
	require.Equal(t, e.Info().Version, i.Engine)
	require.Equal(t, e.Info().Kernel, i.Kernel)
	require.Equal(t, e.Info().Runtime, i.Runtime)
	require.Equal(t, "default", i.Seccomp)
	require.Empty(t, i.Lacks)
}

// lookedAt is what the engine tells of this process's objects, as text.
type lookedAt struct{ all, labels, candidate, mounts, logs string }

// lookAt inspects everything of this process.
func lookAt(t *testing.T, e *engine.Engine) *lookedAt {
	t.Helper()
	self, err := engine.Self()
	require.NoError(t, err)
	ctx := context.WithoutCancel(t.Context())
	objects, err := e.List(ctx)
	require.NoError(t, err)
	out := &lookedAt{}
	for _, o := range objects {
		if o.Kind != "container" || o.Owner != self.String() {
			continue
		}
		in, err := e.Client().ContainerInspect(ctx, o.ID, client.ContainerInspectOptions{})
		require.NoError(t, err)
		whole := asText(t, in.Container)
		out.all += whole
		out.labels += asText(t, in.Container.Config.Labels)
		out.mounts += asText(t, in.Container.Mounts)
		if o.Name == payment.Standard().Service.Name {
			out.candidate += whole
		}
		var log bytes.Buffer
		require.NoError(t, e.OpenContainer(o).Read(ctx, engine.LogOptions{}, &log))
		out.logs += log.String()
	}
	return out
}

func asText(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	require.NoError(t, err)
	return string(data)
}

// readAll gives every file of a directory.
func readAll(t *testing.T, dir string) string {
	t.Helper()
	var out strings.Builder
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		out.Write(data)
		return err
	}))
	return out.String()
}
