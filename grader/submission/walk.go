package submission

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"
)

// walker copies a tree into memory. A method that returns an error found a breach in
// what is graded; breaches elsewhere go to skipped.
type walker struct {
	limits  Limits
	files   memory
	compose string
	skipped []Skip
	entries int
	bytes   int64
}

// top takes what is graded first, so that the rest can only use up what is left.
func (w *walker) top(root *os.Root) error {
	entries, err := w.list(root, ".", true)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return ErrEmpty
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	if !slices.Contains(names, NotesFile) {
		return missingNotes(names)
	}
	graded := []string{NotesFile}
	for _, name := range composeFiles {
		if slices.Contains(names, name) {
			w.compose = name
			graded = append(graded, name)
			break
		}
	}
	if slices.Contains(names, ServiceDir) {
		graded = append(graded, ServiceDir)
	}
	for _, name := range graded {
		if err := w.graded(root, name); err != nil {
			return err
		}
	}
	return w.entriesOf(root, ".", 0, false,
		slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return slices.Contains(graded, e.Name()) }))
}

// missingNotes names the file that was probably meant.
func missingNotes(names []string) error {
	slices.Sort(names)
	for _, name := range names {
		if safeName(name) && strings.Contains(fold(name), "notes") {
			return fmt.Errorf("%w, but a %q", ErrNoNotes, name)
		}
	}
	return ErrNoNotes
}

// graded takes one of the entries that are graded, which must be of the right kind.
func (w *walker) graded(root *os.Root, name string) error {
	info, err := root.Lstat(name)
	if err != nil {
		return &RejectedError{Unreadable, name}
	}
	plain := info.IsDir() || info.Mode().IsRegular()
	if plain && info.IsDir() != (name == ServiceDir) {
		return &RejectedError{WrongKind, name}
	}
	if most := w.limits.NotesBytes; name == NotesFile && most > 0 && info.Size() > most && info.Mode().IsRegular() {
		return &RejectedError{TooLarge, name}
	}
	return w.entry(root, name, 0, true)
}

// breach rejects what is graded and skips the rest.
func (w *walker) breach(reason Reason, at string, graded bool) error {
	if graded {
		return &RejectedError{reason, at}
	}
	w.skipped = append(w.skipped, Skip{Path: at, Reason: reason})
	return nil
}

// list reads a directory, sorted, but no more of it than the limits allow.
func (w *walker) list(dir *os.Root, at string, graded bool) ([]fs.DirEntry, error) {
	f, err := dir.Open(".")
	if err != nil {
		return nil, w.breach(Unreadable, at, graded)
	}
	defer f.Close()
	entries, err := f.ReadDir(w.limits.Entries - w.entries + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, w.breach(Unreadable, at, graded)
	}
	if w.entries+len(entries) > w.limits.Entries {
		w.entries = w.limits.Entries // what follows must not cost as much again
		return nil, w.breach(TooMany, at, graded)
	}
	w.entries += len(entries)
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, nil
}

// entriesOf takes the given entries of a directory.
func (w *walker) entriesOf(
	dir *os.Root, at string, depth int, graded bool, entries []fs.DirEntry,
) error {
	seen := map[string]bool{}
	for _, e := range entries {
		full := path.Join(at, e.Name())
		var err error
		switch key := fold(e.Name()); {
		case !safeName(e.Name()):
			err = w.breach(HostileName, strings.TrimPrefix(at+"/"+e.Name(), "./"), graded)
		case isIgnored(e.Name()):
			err = w.breach(Ignored, full, false)
		case seen[key]:
			err = w.breach(CaseTwins, full, graded)
		default:
			seen[key] = true
			err = w.entry(dir, full, depth, graded)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// entry takes one file or directory. It is looked at without following links, opened,
// and only used if what was opened is what was looked at.
func (w *walker) entry(parent *os.Root, at string, depth int, graded bool) error {
	info, err := parent.Lstat(path.Base(at))
	if err != nil {
		return w.breach(Unreadable, at, graded)
	}
	switch mode := info.Mode(); {
	case mode&fs.ModeSymlink != 0:
		return w.breach(SymbolicLink, at, graded)
	case mode.IsDir():
		return w.directory(parent, at, info, depth+1, graded)
	case mode.IsRegular():
		return w.file(parent, at, info, graded)
	}
	return w.breach(SpecialFile, at, graded)
}

func (w *walker) directory(
	parent *os.Root, at string, info fs.FileInfo, depth int, graded bool,
) error {
	if depth > w.limits.Depth {
		return w.breach(TooDeep, at, graded)
	}
	dir, err := parent.OpenRoot(path.Base(at))
	if err != nil {
		return w.breach(Unreadable, at, graded)
	}
	defer dir.Close()
	if opened, err := dir.Stat("."); err != nil || !os.SameFile(info, opened) {
		return w.breach(Changed, at, graded)
	}
	entries, err := w.list(dir, at, graded)
	if err != nil {
		return err
	}
	return w.entriesOf(dir, at, depth, graded, entries)
}

func (w *walker) file(parent *os.Root, at string, info fs.FileInfo, graded bool) error {
	if reason := w.refuse(info); reason != "" {
		return w.breach(reason, at, graded)
	}
	// without blocking: what was a file a moment ago may be a FIFO now
	f, err := parent.OpenFile(path.Base(at), os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return w.breach(Unreadable, at, graded)
	}
	defer f.Close()
	if opened, err := f.Stat(); err != nil || !same(info, opened) {
		return w.breach(Changed, at, graded)
	}
	data, err := io.ReadAll(io.LimitReader(f, info.Size()+1))
	if err != nil {
		return w.breach(Unreadable, at, graded)
	}
	after, err := f.Stat()
	if err != nil || !same(info, after) || int64(len(data)) != info.Size() {
		return w.breach(Changed, at, graded)
	}
	w.bytes += info.Size()
	w.files[at] = data
	return nil
}

// refuse says why a regular file is not read.
func (w *walker) refuse(info fs.FileInfo) Reason {
	switch {
	case info.Mode()&(fs.ModeSetuid|fs.ModeSetgid|fs.ModeSticky) != 0:
		return SetID
	case links(info) != 1:
		return HardLink
	case info.Size() > w.limits.FileBytes:
		return TooLarge
	case w.bytes+info.Size() > w.limits.TotalBytes:
		return TotalLarge
	}
	return ""
}

// same reports whether two looks saw the same file in the same state.
func same(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.Mode() == b.Mode() && a.Size() == b.Size() &&
		a.ModTime().Equal(b.ModTime()) && links(a) == links(b)
}

// links returns how many names a file has; 0 where that cannot be known.
func links(info fs.FileInfo) uint64 {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(st.Nlink)
	}
	return 0
}
