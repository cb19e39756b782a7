package durable

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Pair is two files of a directory that change as one: the head names the tail's content by
// its hash, and a tail that it does not name is none of its own.
//
// The new tail is put beside the old one under a hidden name, then the head is replaced,
// then the tail takes its place. Until the head is replaced a reader has the old pair, and
// from then on the new one, whatever becomes of the last step: see TailOf. Settle, which
// Replace begins with, does that step where a killed process did not.
type Pair struct {
	Dir, Head, Tail string
	// Names gives the hash that a head's content names; empty where it names none.
	Names func(head []byte) string
}

// Hash is what a head calls a tail by.
func Hash(tail []byte) string {
	sum := sha256.Sum256(tail)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Replace puts both in the place of the old ones; a nil tail puts a head that names none.
// With an error a reader has the old pair or the new one.
func (p Pair) Replace(head, tail []byte) error {
	unlock, err := Lock(p.Dir)
	if err != nil {
		return err
	}
	defer unlock()
	return full(p.Dir, p.replace(osDisk{}, head, tail))
}

func (p Pair) replace(d disk, head, tail []byte) error {
	err := p.settle(d)
	if err == nil && tail != nil {
		err = replace(d, p.Dir, p.waiting(), tail)
	}
	if err == nil {
		err = replace(d, p.Dir, p.Head, head)
	}
	return errors.Join(err, p.settle(d))
}

// Settle ends what a killed process left half done: the tail that the head names takes its
// place, one that no head names yet goes.
func (p Pair) Settle() error {
	if p.Settled() {
		return nil
	}
	unlock, err := Lock(p.Dir)
	if err != nil {
		return err
	}
	defer unlock()
	return full(p.Dir, p.settle(osDisk{}))
}

// Settled reports whether nothing is half done.
func (p Pair) Settled() bool {
	_, err := os.Lstat(filepath.Join(p.Dir, p.waiting()))
	return errors.Is(err, fs.ErrNotExist)
}

func (p Pair) settle(d disk) error {
	waiting := filepath.Join(p.Dir, p.waiting())
	tail, err := d.read(waiting)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	head, err := d.read(filepath.Join(p.Dir, p.Head))
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && p.Names(head) != Hash(tail):
		return d.remove(waiting)
	case err != nil:
		return err
	}
	if err := d.rename(waiting, filepath.Join(p.Dir, p.Tail)); err != nil {
		return err
	}
	return d.syncDir(p.Dir)
}

// TailOf gives the tail that a head names, wherever it is; nil where there is none.
func (p Pair) TailOf(head []byte, read func(path string) ([]byte, error)) ([]byte, error) {
	// In this order: it goes from the first to the second, never back.
	for _, name := range []string{p.waiting(), p.Tail} {
		tail, err := read(filepath.Join(p.Dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if Hash(tail) == p.Names(head) {
			return tail, nil
		}
	}
	return nil, nil
}

// waiting is the name of a tail whose head is not there yet, or only just.
func (p Pair) waiting() string { return "." + p.Tail + ".next" }
