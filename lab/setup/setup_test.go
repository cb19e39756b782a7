package setup

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/moby/moby/client"
	"github.com/stretchr/testify/require"

	"firedrill/lab/image"
)

func TestNamedEngineThatDoesNotAnswer(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix://"+t.TempDir()+"/none.sock")
	var out, news bytes.Buffer
	err := Run(t.Context(), &out, &news)
	var e *Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, ExitNoEngine, e.ExitCode())
	require.Contains(t, err.Error(), "/none.sock")
	require.Equal(t, 1, strings.Count(err.Error(), "no docker engine answers"))
	require.Empty(t, out.String())
}

func TestHintOfTheCauseWins(t *testing.T) {
	var e *Error
	require.ErrorAs(t, failed(&image.NeedError{Program: "debootstrap", Package: "debootstrap",
		Image: "base"}, "other"), &e)
	require.Equal(t, "no registry answers, and debootstrap is not installed "+
		"to make image base from packages", e.Error())
	require.Contains(t, e.Hint(), "install debootstrap (as root on Debian or Ubuntu")
	require.Equal(t, ExitFailed, e.ExitCode())
}

// TestSetUpTwice needs a running engine. The second run must find everything.
func TestSetUpTwice(t *testing.T) {
	var out, news bytes.Buffer
	require.NoError(t, Run(t.Context(), &out, &news), "%s", news.String())

	out.Reset()
	news.Reset()
	begin := time.Now()
	require.NoError(t, Run(t.Context(), &out, &news))
	require.Less(t, time.Since(begin), 3*time.Second)
	require.Empty(t, news.String(), "there is no news when all is there")
	require.Regexp(t, `^ready in \d+\.\d s: docker engine \S+, firedrill/runtime:\w{12}, `+
		`firedrill/builder:\w{12}, firedrill/postgres:\w{12}\n$`, out.String())

	cli, err := client.New(client.FromEnv)
	require.NoError(t, err)
	defer cli.Close()
	store := image.NewStore(cli, nil)
	for _, img := range []image.Image{image.Runtime(), image.Builder(), image.Postgres()} {
		ref, err := store.Find(t.Context(), img)
		require.NoError(t, err)
		info, err := cli.ImageInspect(t.Context(), ref)
		require.NoError(t, err)
		labels := info.Config.Labels
		require.Equal(t, img.Name(), labels[image.LabelImage])
		require.True(t, strings.HasSuffix(ref, ":"+labels[image.LabelInputs][:12]), ref)
		require.NotEmpty(t, labels[image.LabelOrigin])
	}
}
