package engine

import (
	"archive/tar"
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
)

// Volume carries files between containers of one run: what a build made, what a database
// is initialised with. It is the only writable place outside tmpfs.
type Volume struct {
	Name string
	e    *Engine
}

// CreateVolume makes an empty volume of the run.
func (e *Engine) CreateVolume(ctx context.Context, run Run, name string) (*Volume, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	whole, cancel := Detach(ctx) // see Create
	defer cancel()
	full := objectName(run, name)
	_, err := e.cli.VolumeCreate(whole, client.VolumeCreateOptions{
		Name: full, Labels: e.labels(run, name),
	})
	if err != nil {
		return nil, fmt.Errorf("create volume %s: %w", full, err)
	}
	return &Volume{Name: full, e: e}, nil
}

// Remove deletes the volume; one that is gone already is no error.
func (v *Volume) Remove(ctx context.Context) error {
	_, err := v.e.cli.VolumeRemove(ctx, v.Name, client.VolumeRemoveOptions{Force: true})
	if errdefs.IsNotFound(err) {
		return nil
	}
	return err
}

// File is content that is laid into a container before it starts.
type File struct {
	Path string // absolute
	Mode int64  // permission bits
	Data []byte
	Dir  bool // a directory; Data is ignored
	Time time.Time
}

// pack makes the tar stream that the engine's copy call wants.
func pack(files []File) (*bytes.Buffer, error) {
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	for _, f := range files {
		h := &tar.Header{
			Name: f.Path[1:], Mode: f.Mode, Size: int64(len(f.Data)),
			Typeflag: tar.TypeReg, Format: tar.FormatPAX,
			ModTime: f.Time,
		}
		if f.Dir {
			h.Typeflag, h.Name, h.Size, f.Data = tar.TypeDir, h.Name+"/", 0, nil
		}
		if err := w.WriteHeader(h); err != nil {
			return nil, fmt.Errorf("pack %s: %w", f.Path, err)
		}
		if _, err := w.Write(f.Data); err != nil {
			return nil, fmt.Errorf("pack %s: %w", f.Path, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return &buf, nil
}
