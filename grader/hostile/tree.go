package hostile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Tree is a submission's directory while it is made. The first failure is kept and ends the
// case; later calls do nothing.
type Tree struct {
	// Dir is the submission's directory.
	Dir string
	// Canary is a file of the host that no submission may reach.
	Canary string
	// Hosts are addresses (host:port) of the host at which somebody counts visitors.
	Hosts []string
	// Papers are the exam's own texts.
	Papers []string
	// Background, if set, runs beside the grade until stop is closed.
	Background func(stop <-chan struct{})

	err error
}

// newTree copies a base into dir.
func newTree(dir string, base fs.FS) (*Tree, error) {
	if err := os.CopyFS(dir, base); err != nil {
		return nil, fmt.Errorf("copy the base: %w", err)
	}
	return &Tree{Dir: dir}, nil
}

// Do keeps the first failure.
func (t *Tree) Do(do func() error) {
	if t.err == nil {
		t.err = do()
	}
}

// Path gives a path in the submission.
func (t *Tree) Path(name string) string { return filepath.Join(t.Dir, filepath.FromSlash(name)) }

// Write makes or replaces a file, with its directories.
func (t *Tree) Write(name, text string) {
	t.Do(func() error {
		if err := os.MkdirAll(filepath.Dir(t.Path(name)), 0o755); err != nil {
			return err
		}
		return os.WriteFile(t.Path(name), []byte(text), 0o644)
	})
}

// Fill writes a file that holds a text so many times. It holds none of that in memory, which is
// measured.
func (t *Tree) Fill(name, text string, times int) {
	t.Do(func() error {
		f, err := os.Create(t.Path(name))
		if err != nil {
			return err
		}
		for range times {
			if _, err = f.WriteString(text); err != nil {
				break
			}
		}
		return errors.Join(err, f.Close())
	})
}

// Append adds to a file.
func (t *Tree) Append(name, text string) {
	t.Do(func() error {
		data, err := os.ReadFile(t.Path(name))
		if err == nil {
			err = os.WriteFile(t.Path(name), append(data, text...), 0o644)
		}
		return err
	})
}

// Replace changes every old in a file, of which there must be one.
func (t *Tree) Replace(name, old, with string) {
	t.Do(func() error {
		data, err := os.ReadFile(t.Path(name))
		if err != nil {
			return err
		}
		if !strings.Contains(string(data), old) {
			return fmt.Errorf("%s holds no %q", name, old)
		}
		return os.WriteFile(t.Path(name), []byte(strings.ReplaceAll(string(data), old, with)), 0o644)
	})
}

// Remove deletes files or directories.
func (t *Tree) Remove(names ...string) {
	for _, name := range names {
		t.Do(func() error { return os.RemoveAll(t.Path(name)) })
	}
}

// Symlink replaces an entry by a link.
func (t *Tree) Symlink(name, target string) {
	t.Remove(name)
	t.Do(func() error { return os.Symlink(target, t.Path(name)) })
}

// Service replaces the whole service by one file.
func (t *Tree) Service(main string) {
	t.Do(func() error {
		files, err := filepath.Glob(t.Path("service/*.go"))
		for _, f := range files {
			err = errJoin(err, os.Remove(f))
		}
		return err
	})
	t.Write("service/main.go", main)
}

// Attack adds the hostile program to the service: before it serves, it calls the given
// statements. See testdata/attack.go for what can be called.
func (t *Tree) Attack(statements string) {
	t.Write("service/attack.go", attackSource)
	t.Write("service/attack_begin.go", "package main\n\nfunc init() { attackChild(); begin() }\n\nfunc begin() {\n"+
		statements+"\n}\n")
}

// quoted spells strings as the arguments of a call.
func quoted(all []string) string {
	out := slices.Clone(all)
	for i := range out {
		out[i] = fmt.Sprintf("%q", out[i])
	}
	return strings.Join(out, ", ")
}
