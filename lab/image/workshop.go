package image

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/moby/moby/api/types/build"
	"github.com/moby/moby/api/types/jsonstream"
	"github.com/moby/moby/client"
)

// workshop holds the tools with which images are made: the engine's classic
// builder, import and pull, and commands of the machine. BuildKit is not used:
// engines before 23 and Debian's package come without its client side.
type workshop struct {
	store *Store
	run   Runner
	image Image
	as    variant
}

// of returns the workshop for one image.
func (w *workshop) of(img Image, v variant) *workshop {
	return &workshop{store: w.store, run: w.run, image: img, as: v}
}

func (w *workshop) say(format string, args ...any) {
	w.store.report(Progress{Image: w.image.name, Line: fmt.Sprintf(format, args...)})
}

func (w *workshop) labels() map[string]string {
	return map[string]string{
		LabelImage:  w.image.name,
		LabelInputs: w.image.digest(w.as),
		LabelOrigin: string(w.as.origin),
	}
}

// build runs a Dockerfile over a build context and tags the result. network is
// "none" or "host"; host rather than bridge, so that a mirror or proxy on the
// machine's loopback works inside as well.
func (w *workshop) build(
	ctx context.Context, ref, network string, pack func(*Archive) error,
) error {
	context, stream := io.Pipe()
	go func() {
		a := NewArchive(stream)
		stream.CloseWithError(errors.Join(pack(a), a.Close()))
	}()
	defer context.Close()
	res, err := w.store.cli.ImageBuild(ctx, context, client.ImageBuildOptions{
		Tags: []string{ref}, Labels: w.labels(), NetworkMode: network,
		Remove: true, ForceRemove: true, Version: build.BuilderV1,
	})
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return w.follow(res.Body)
}

// load imports a file system as an image of one layer.
func (w *workshop) load(ctx context.Context, ref string, root io.Reader, changes ...string) error {
	labels := w.labels()
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		changes = append(changes, fmt.Sprintf("LABEL %s=%s", k, labels[k]))
	}
	res, err := w.store.cli.ImageImport(ctx,
		client.ImageImportSource{Source: root, SourceName: "-"}, ref,
		client.ImageImportOptions{Changes: changes})
	if err != nil {
		return err
	}
	defer res.Close()
	return w.follow(res)
}

// Bounds of a pull. The registry must answer soon, or set-up takes the local
// way; after that only silence ends the pull, not the size of the image.
const (
	registryAnswer = 10 * time.Second
	pullSilence    = 60 * time.Second
)

// pull gets an upstream image, or says why not.
func (w *workshop) pull(ctx context.Context, name, upstream string) error {
	ask, cancel := context.WithTimeout(ctx, registryAnswer)
	defer cancel()
	cli := w.store.cli
	_, err := cli.DistributionInspect(ask, upstream, client.DistributionInspectOptions{})
	if err != nil {
		w.store.report(Progress{Image: name, Line: "no registry serves " + upstream})
		return fmt.Errorf("ask registry for %s: %w", upstream, err)
	}
	w.store.report(Progress{Image: name, Line: "pull " + upstream})
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	silence := time.AfterFunc(pullSilence, stop)
	defer silence.Stop()
	res, err := cli.ImagePull(ctx, upstream, client.ImagePullOptions{})
	if err != nil {
		return fmt.Errorf("pull %s: %w", upstream, err)
	}
	for m, err := range res.JSONMessages(ctx) {
		silence.Reset(pullSilence)
		if err == nil && m.Error != nil {
			err = m.Error
		}
		if err != nil {
			return fmt.Errorf("pull %s: %w", upstream, err)
		}
	}
	return nil
}

// tail is how many lines of a failed build its error repeats.
const tail = 20

// follow reads the engine's messages, tells the steps, and turns a failed step
// into an error that ends with the step's last lines.
func (w *workshop) follow(r io.Reader) error {
	var last []string
	for dec := json.NewDecoder(r); ; {
		var m jsonstream.Message
		err := dec.Decode(&m)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read answer of the engine: %w", err)
		}
		if m.Error != nil {
			return fmt.Errorf("%w\n%s", m.Error, strings.Join(last, "\n"))
		}
		for line := range strings.Lines(m.Stream) {
			if line = strings.TrimRight(line, "\n"); line == "" {
				continue
			}
			last = append(last, line)
			last = last[max(0, len(last)-tail):]
			if step, ok := strings.CutPrefix(line, "Step "); ok {
				w.say("step %s", shorten(step))
			}
		}
	}
}

// shorten keeps a line of progress on one line.
func shorten(s string) string {
	const most = 72
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
