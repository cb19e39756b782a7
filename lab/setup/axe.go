package setup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"

	"firedrill/lab/image"
)

// bundle is one file of a package of npm's registry, pinned by the hash of the whole.
type bundle struct {
	name, version string
	integrity     string // as npm spells it, without "sha512-"
	file          string // within the package
}

// axeCore finds what keeps people who do not see, or use no mouse, from reading a page.
var axeCore = bundle{name: "axe-core", version: "4.14.1", file: "axe.min.js",
	integrity: "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="}

// Axe gives the file in which set-up keeps axe-core's script, for tests of pages. Where set-up
// could not get it, there is no such file.
func Axe() string { return axeCore.kept(cache()) }

// cache is a directory of this user's for what can be had again.
func cache() string {
	dir, err := os.UserCacheDir()
	if err != nil { // no home
		dir = os.TempDir()
	}
	return filepath.Join(dir, "firedrill")
}

// kept is the file's place under the cache.
func (b bundle) kept(cache string) string {
	return filepath.Join(cache, b.name+"-"+b.version, b.file)
}

// axe provides axe-core for the tests of reports' pages. Labs run without; so where it is not
// to be had, set-up says so and goes on.
func (h *host) axe(ctx context.Context) {
	if err := h.fetch(ctx, axeCore); err != nil {
		h.say("no axe-core for the tests of pages, run set-up again where npm has network: %v", err)
	}
}

// fetch has npm bring a bundle, and keeps its file once the hash is right.
func (h *host) fetch(ctx context.Context, b bundle) error {
	file := b.kept(h.cache)
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	if h.look("npm") != nil {
		if err := h.install(ctx, "npm"); err != nil {
			return err
		}
	}
	dir, err := os.MkdirTemp("", "firedrill-npm-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	h.say("fetch %s %s", b.name, b.version)
	err = h.run(ctx, image.Command{Name: "npm", Dir: dir,
		Args: []string{"pack", "--silent", "--pack-destination", dir, b.name + "@" + b.version}})
	if err != nil {
		return err
	}
	whole, err := os.ReadFile(filepath.Join(dir, b.name+"-"+b.version+".tgz"))
	if err != nil {
		return err
	}
	data, err := b.unpack(whole)
	if err != nil {
		return err
	}
	return keep(file, data)
}

// unpack checks the hash of a package's archive and gives the bundle's file.
func (b bundle) unpack(whole []byte) ([]byte, error) {
	sum := sha512.Sum512(whole)
	if got := base64.StdEncoding.EncodeToString(sum[:]); got != b.integrity {
		return nil, fmt.Errorf("%s %s has the hash sha512-%s, want sha512-%s", b.name, b.version, got, b.integrity)
	}
	z, err := gzip.NewReader(bytes.NewReader(whole))
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w", b.name, err)
	}
	for t := tar.NewReader(z); ; {
		head, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("unpack %s: there is no %s", b.name, b.file)
		}
		if err != nil {
			return nil, fmt.Errorf("unpack %s: %w", b.name, err)
		}
		if head.Name == path.Join("package", b.file) {
			return io.ReadAll(t)
		}
	}
}

// keep puts a whole file in its place.
func keep(file string, data []byte) error {
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(dir, ".new-")
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return nil
}
