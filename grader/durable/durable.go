// Package durable puts files into a directory such that a reader finds the old content or
// the whole new one, whatever happens meanwhile: the process is killed, the disk is full,
// or the machine loses power.
//
// The new content is written beside the old one under a hidden name, brought to the disk,
// renamed, and the directory is brought to the disk as well. What a killed process left
// half written keeps its hidden name and is read by nobody; Sweep removes it.
//
// Of several files together it promises something only for a Pair, of which one names the
// other. Who has more writes last the one that speaks of the others.
package durable

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// mode is the permission of files.
const mode fs.FileMode = 0o644

// FullError says that a directory's file system has no room left.
type FullError struct {
	Dir string
	Err error
}

func (e *FullError) Error() string { return fmt.Sprintf("the disk of %s is full: %v", e.Dir, e.Err) }

// Unwrap gives the system's error.
func (e *FullError) Unwrap() error { return e.Err }

// Hint says what to do about it.
func (e *FullError) Hint() string {
	return "free some space there, or name another directory, and repeat the command; no file is half written"
}

// MkdirAll makes a directory that is there after a power loss, with all above it.
func MkdirAll(dir string) error {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return nil
	}
	above := filepath.Dir(filepath.Clean(dir))
	if above != dir {
		if err := MkdirAll(above); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return full(above, err)
	}
	return full(above, osDisk{}.syncDir(above))
}

// Replace puts data in the place of the file name in dir. When it returns without error, the
// new content is on the disk; with one, the old content is still there.
func Replace(dir, name string, data []byte) error {
	return full(dir, replace(osDisk{}, dir, name, data))
}

// disk is what replacing a file asks of the system; tests lose power in between.
type disk interface {
	write(path string, data []byte) error // a new file, not yet on the disk
	sync(path string) error
	rename(from, to string) error
	syncDir(dir string) error
	remove(path string) error
	read(path string) ([]byte, error)
}

func replace(d disk, dir, name string, data []byte) error {
	tmp, final := filepath.Join(dir, hidden(name)), filepath.Join(dir, name)
	err := d.write(tmp, data)
	if err == nil {
		err = d.sync(tmp)
	}
	if err == nil {
		err = d.rename(tmp, final)
	}
	if err != nil {
		return errors.Join(err, d.remove(tmp))
	}
	return d.syncDir(dir)
}

// unfinished ends the hidden names.
const unfinished = ".unfinished"

// hidden is the name of a file's new content until it is whole; nobody can know it before.
func hidden(name string) string { return "." + name + "." + rand.Text()[:8] + unfinished }

// Sweep removes what killed processes left half written in dir. Nobody else may write there
// at the same time.
func Sweep(dir string) error {
	all, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range all {
		if strings.HasPrefix(e.Name(), ".") && strings.HasSuffix(e.Name(), unfinished) {
			errs = append(errs, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return errors.Join(errs...)
}

// osDisk is the real one.
type osDisk struct{}

func (osDisk) write(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

func (osDisk) sync(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (osDisk) rename(from, to string) error { return os.Rename(from, to) }

// syncDir makes a rename last; file systems that cannot are left alone.
func (osDisk) syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, fs.ErrInvalid) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return errors.Join(err, d.Close())
}

func (osDisk) remove(path string) error {
	err := os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (osDisk) read(path string) ([]byte, error) { return os.ReadFile(path) }

// Lock keeps other processes that lock it out of a directory, until the function is called.
// File systems that cannot lock are left alone.
func Lock(dir string) (func(), error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(d.Fd()), syscall.LOCK_EX)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	return func() { _ = d.Close() }, nil
}

// full tells of a disk without room by its directory.
func full(dir string, err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return &FullError{Dir: dir, Err: err}
	}
	return err
}
