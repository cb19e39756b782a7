package image

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
)

// Labels that every image of ours carries.
const (
	LabelImage  = "firedrill.image"  // the image's name
	LabelInputs = "firedrill.inputs" // the full hash of its inputs
	LabelOrigin = "firedrill.origin" // an Origin
)

// Progress is one line of news about an image that is being made.
type Progress struct {
	Image string
	// Line is one short line without its end.
	Line string
	// Done is set on an image's last line, with the time that it took.
	Done bool
	Took time.Duration
}

// MissingError says that an image has not been provided yet.
type MissingError struct {
	Image string   // short name
	Refs  []string // the references that were looked for
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("image %s is missing in the docker engine", e.Refs[0])
}

// Hint says what to do about it.
func (e *MissingError) Hint() string { return "run `make setup` to provide the images" }

// Store finds images in a Docker engine and makes those that are missing.
// It is safe for concurrent use; each image is made once at a time.
type Store struct {
	cli    *client.Client
	report func(Progress)
	work   *workshop

	mu    sync.Mutex
	locks map[string]*sync.Mutex // by reference
}

// NewStore returns a store over an engine. report is told what happens while an
// image is made, from several goroutines; nil means silence.
func NewStore(cli *client.Client, report func(Progress)) *Store {
	if report == nil {
		report = func(Progress) {}
	}
	s := &Store{cli: cli, report: report, locks: map[string]*sync.Mutex{}}
	s.work = &workshop{store: s, run: Exec}
	return s
}

// Find returns the reference of an image that is present. It never builds; the
// error is a *MissingError when the image is not there.
func (s *Store) Find(ctx context.Context, img Image) (string, error) {
	for _, ref := range img.Refs() {
		_, err := s.cli.ImageInspect(ctx, ref)
		if err == nil {
			return ref, nil
		}
		if !errdefs.IsNotFound(err) {
			return "", fmt.Errorf("look for image %s: %w", ref, err)
		}
	}
	return "", &MissingError{Image: img.name, Refs: img.Refs()}
}

// Ensure returns the reference of an image and makes it first if it is missing,
// together with the images that it needs. An image that is present costs one
// request to the engine.
func (s *Store) Ensure(ctx context.Context, img Image) (string, error) {
	defer s.lock(img.Refs()[0])()
	ref, err := s.Find(ctx, img)
	var missing *MissingError
	if !errors.As(err, &missing) {
		return ref, err
	}
	v, err := s.choose(ctx, img)
	if err != nil {
		return "", err
	}
	for _, need := range v.needs {
		if _, err := s.Ensure(ctx, need); err != nil {
			return "", err
		}
	}
	start := time.Now()
	ref = img.ref(v)
	if err := v.make(ctx, s.work.of(img, v), ref); err != nil {
		return "", fmt.Errorf("make image %s: %w", ref, err)
	}
	took := time.Since(start)
	s.report(Progress{Image: img.name, Line: "ready as " + ref, Done: true, Took: took})
	return ref, nil
}

// choose picks the variant to make: upstream only where a registry serves it.
func (s *Store) choose(ctx context.Context, img Image) (variant, error) {
	var reasons []error
	for _, v := range img.variants {
		if v.origin != Upstream {
			return v, nil
		}
		err := s.work.pull(ctx, img.name, v.inputs[0])
		if err == nil {
			return v, nil
		}
		if ctx.Err() != nil {
			return variant{}, ctx.Err()
		}
		reasons = append(reasons, err)
	}
	return variant{}, fmt.Errorf("image %s: %w", img.name, errors.Join(reasons...))
}

// lock serialises work on one reference and returns the function that ends it.
func (s *Store) lock(ref string) func() {
	s.mu.Lock()
	l, ok := s.locks[ref]
	if !ok {
		l = &sync.Mutex{}
		s.locks[ref] = l
	}
	s.mu.Unlock()
	l.Lock()
	return l.Unlock
}
