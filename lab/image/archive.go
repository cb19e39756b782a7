package image

import (
	"archive/tar"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Archive writes the tar stream of a build context or of an image's root. Owners
// are root, times are zero: the same content gives the same bytes.
type Archive struct{ w *tar.Writer }

// NewArchive returns an archive that is written to w.
func NewArchive(w io.Writer) *Archive { return &Archive{tar.NewWriter(w)} }

// Close completes the archive; it does not close the writer beneath.
func (a *Archive) Close() error { return a.w.Close() }

// File adds a regular file.
func (a *Archive) File(name string, mode int64, data []byte) error {
	h := &tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: mode, Size: int64(len(data))}
	if err := a.w.WriteHeader(h); err != nil {
		return fmt.Errorf("archive %s: %w", name, err)
	}
	_, err := a.w.Write(data)
	return err
}

// Dir adds a directory with its owner.
func (a *Archive) Dir(name string, mode int64, uid, gid int) error {
	return a.w.WriteHeader(&tar.Header{
		Typeflag: tar.TypeDir, Name: name + "/", Mode: mode, Uid: uid, Gid: gid,
	})
}

// Tree adds the directory dir of the machine under the name to. keep is asked
// for every path relative to dir; nil keeps all. Links are followed to files and
// refused when they lead nowhere. Modes are reduced to 0755 and 0644, executable
// where the file is or exec says so.
func (a *Archive) Tree(dir, to string, keep func(rel string, d fs.DirEntry) bool) error {
	return filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if rel != "." && keep != nil && !keep(rel, d) {
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		name := path.Join(to, rel)
		if d.IsDir() {
			return a.Dir(name, 0o755, 0, 0)
		}
		return a.copy(file, name)
	})
}

// copy adds one file of the machine.
func (a *Archive) copy(file, name string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("archive %s: not a regular file", file)
	}
	h := &tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Size: info.Size()}
	if info.Mode()&0o111 != 0 || executable(name) {
		h.Mode = 0o755
	}
	if err := a.w.WriteHeader(h); err != nil {
		return fmt.Errorf("archive %s: %w", name, err)
	}
	_, err = io.Copy(a.w, f)
	return err
}

// executable knows the programs of a Go tree by place: the module cache, from
// which a toolchain may come, keeps no mode bits.
func executable(name string) bool {
	return strings.Contains(name, "go/bin/") || strings.Contains(name, "go/pkg/tool/")
}
