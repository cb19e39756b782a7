package leak

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
)

// Foreign says of a file in an image that it is somebody else's work: only its name is read.
type Foreign func(name string) bool

// Image reads an image as `docker save` writes it: its name, labels, environment, commands
// and history, and the names and contents of all files of all its layers, also of those
// that a later layer deletes.
func (v *Vocabulary) Image(name string, saved io.Reader, foreign Foreign) ([]Leak, error) {
	out := v.Text("name of image "+name, []byte(name), Paper)
	r := tar.NewReader(saved)
	layers, configs := 0, 0
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return out, fmt.Errorf("read image %s: %w", name, err)
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		kind, body, err := kindOf(r)
		if err != nil {
			return out, fmt.Errorf("read %s of image %s: %w", h.Name, name, err)
		}
		var found []Leak
		switch kind {
		case "layer":
			layers++
			found, err = v.layer(name, body, foreign)
		case "json":
			var is bool
			is, found, err = v.config(name, body)
			if is {
				configs++
			}
		}
		if err != nil {
			return out, fmt.Errorf("read %s of image %s: %w", h.Name, name, err)
		}
		out = append(out, found...)
	}
	if layers == 0 || configs == 0 {
		return out, fmt.Errorf("read image %s: %d layers and %d configurations found, want some",
			name, layers, configs)
	}
	return out, nil
}

// kindOf looks at the beginning of a file in an image's archive. Old engines name layers
// layer.tar, new ones by their hash, and some compress them.
func kindOf(r io.Reader) (kind string, body *bufio.Reader, err error) {
	const tarMagicAt, head = 257, 512
	body = bufio.NewReaderSize(r, 64<<10)
	start, err := body.Peek(2)
	if len(start) < 2 {
		return "", body, ignoreEOF(err)
	}
	if start[0] == 0x1f && start[1] == 0x8b {
		zipped, err := gzip.NewReader(body)
		if err != nil {
			return "", body, err
		}
		body = bufio.NewReaderSize(zipped, 64<<10)
	}
	start, err = body.Peek(head)
	switch {
	case len(start) == head && bytes.HasPrefix(start[tarMagicAt:], []byte("ustar")):
		return "layer", body, nil
	case len(start) > 0 && start[0] == '{':
		return "json", body, nil
	}
	return "", body, ignoreEOF(err)
}

func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// maxFile bounds what is read of one file, in bytes.
const maxFile = 256 << 20

// layer reads one layer.
func (v *Vocabulary) layer(image string, body io.Reader, foreign Foreign) ([]Leak, error) {
	var out []Leak
	r := tar.NewReader(body)
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		name := path.Clean("/" + h.Name)
		where := image + " " + name
		out = append(out, v.Text("name of "+where, []byte(name+" "+h.Linkname), Running)...)
		if h.Typeflag != tar.TypeReg || foreign != nil && foreign(name) {
			continue
		}
		data, err := io.ReadAll(io.LimitReader(r, maxFile))
		if err != nil {
			return out, err
		}
		out = append(out, v.Text(where, data, Running)...)
	}
}

// config reads an image's configuration; is tells whether the file is one.
func (v *Vocabulary) config(image string, body io.Reader) (is bool, out []Leak, err error) {
	var c struct {
		Config *struct {
			Labels                               map[string]string
			Env, Cmd, Entrypoint                 []string
			User, WorkingDir, Hostname, StopSign string
		} `json:"config"`
		Author, Comment string
		History         []struct {
			CreatedBy string `json:"created_by"`
			Comment   string `json:"comment"`
		} `json:"history"`
		RootFS *struct{} `json:"rootfs"`
	}
	data, err := io.ReadAll(io.LimitReader(body, maxFile))
	if err != nil {
		return false, nil, err
	}
	if json.Unmarshal(data, &c) != nil || c.Config == nil || c.RootFS == nil {
		return false, nil, nil // another list of the archive
	}
	read := func(what, text string) {
		out = append(out, v.Text(what+" of image "+image, []byte(text), Paper)...)
	}
	for _, k := range slices.Sorted(maps.Keys(c.Config.Labels)) {
		read("label "+k, k+" "+c.Config.Labels[k])
	}
	for _, e := range c.Config.Env {
		read("environment", e)
	}
	read("command", strings.Join(append(c.Config.Entrypoint, c.Config.Cmd...), " "))
	read("user", c.Config.User+" "+c.Config.WorkingDir+" "+c.Config.Hostname)
	read("comment", c.Author+" "+c.Comment)
	for i, h := range c.History {
		read(fmt.Sprintf("history %d", i+1), h.CreatedBy+" "+h.Comment)
	}
	return true, out, nil
}
