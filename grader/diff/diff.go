// Package diff shows what a candidate changed in the kit, as a reader of code wants it: per
// file, in unified hunks with line numbers.
//
// Both sides are data in memory. Everything is bounded: a file too large to compare, one
// that is no text, and lines beyond the limits are told and left out, so that a submission
// can neither hide a change behind masses of others (what the kit has comes first) nor make
// a report unreadable. The texts are the candidate's own; whoever shows them cleans them.
//
// It judges nothing.
package diff

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// Kind says what happened to a file.
type Kind string

const (
	// Changed: the kit has it, with other content.
	Changed Kind = "changed"
	// Removed: the kit has it, the submission does not.
	Removed Kind = "removed"
	// Added: the kit does not have it.
	Added Kind = "added"
)

// File is one file that differs.
type File struct {
	Path string `json:"path"`
	Kind Kind   `json:"kind"`
	// Added and Removed count lines, those that are not shown too.
	Added   int `json:"added"`
	Removed int `json:"removed"`
	// Reason says why no lines are shown, such as a file that is no text.
	Reason string `json:"reason,omitempty"`
	Hunks  []Hunk `json:"hunks,omitempty"`
	// Cut is how many lines of hunks were left out.
	Cut int `json:"cut,omitempty"`
}

// Hunk is a run of lines that differ, with some that do not around them.
type Hunk struct {
	// Old and New are the 1-based first lines on both sides, 0 where a side has none.
	Old      int `json:"old"`
	OldLines int `json:"old_lines"`
	New      int `json:"new"`
	NewLines int `json:"new_lines"`
	// Lines begin with a blank (on both sides), - (the kit's) or + (the candidate's).
	Lines []string `json:"lines"`
}

// Head gives the hunk's place as every tool writes it.
func (h Hunk) Head() string {
	return fmt.Sprintf("@@ -%d,%d +%d,%d @@", h.Old, h.OldLines, h.New, h.NewLines)
}

// Options say what is not compared.
type Options struct {
	// Ignore are paths that are shown elsewhere.
	Ignore []string
	// Machine are variables whose lines NAME=value in .env differ from machine to machine:
	// the kit's value stands for any.
	Machine []string
}

// Limits of what is compared and kept.
const (
	maxFile    = 128 << 10 // bytes of each side
	maxLines   = 4000      // of each side
	maxFiles   = 200
	fileLines  = 600 // kept of one file
	totalLines = 4000
	lineRunes  = 300
	context    = 3
)

// Compare lists the files that differ: those of the kit that were changed, those removed,
// those added, each by path.
func Compare(kit, submission fs.FS, o Options) ([]File, error) {
	was, err := read(kit)
	if err != nil {
		return nil, fmt.Errorf("read the kit: %w", err)
	}
	is, err := read(submission)
	if err != nil {
		return nil, fmt.Errorf("read the submission: %w", err)
	}
	for _, name := range o.Ignore {
		delete(was, name)
		delete(is, name)
	}
	if own, ok := is[envFile]; ok {
		is[envFile] = likeKit(was[envFile], own, o.Machine)
	}
	var out []File
	for name, old := range was {
		own, ok := is[name]
		switch {
		case !ok:
			out = append(out, File{Path: name, Kind: Removed, Removed: lines(old)})
		case !bytes.Equal(old, own):
			out = append(out, File{Path: name, Kind: Changed})
		}
	}
	for name := range is {
		if _, ok := was[name]; !ok {
			out = append(out, File{Path: name, Kind: Added})
		}
	}
	slices.SortFunc(out, func(a, b File) int {
		return cmp.Or(cmp.Compare(a.Kind.rank(), b.Kind.rank()), strings.Compare(a.Path, b.Path))
	})
	out = bounded(out)
	left := totalLines
	for i := range out {
		if out[i].Kind != Removed && out[i].Path != "" {
			out[i].fill(was[out[i].Path], is[out[i].Path])
			left -= out[i].keep(min(left, fileLines))
		}
	}
	return out, nil
}

func (k Kind) rank() int { return slices.Index([]Kind{Changed, Removed, Added}, k) }

// bounded keeps the first files, and says how many there are besides.
func bounded(all []File) []File {
	if len(all) <= maxFiles {
		return all
	}
	more := len(all) - maxFiles
	return append(all[:maxFiles:maxFiles], File{Kind: all[maxFiles].Kind,
		Reason: fmt.Sprintf("%d further files are not shown", more)})
}

// fill compares one file.
func (f *File) fill(old, own []byte) {
	before, after := unix(old), unix(own)
	switch {
	case bytes.IndexByte(old, 0) >= 0 || bytes.IndexByte(own, 0) >= 0:
		f.Reason = fmt.Sprintf("no text, %d bytes", len(own))
		return
	case before == after:
		f.Reason = "only line ends differ"
		return
	case len(before) > maxFile || len(after) > maxFile ||
		lines(old) > maxLines || lines(own) > maxLines:
		f.Added, f.Removed = lines(own), lines(old)
		f.Reason = fmt.Sprintf("too large to be compared, %d bytes", len(own))
		return
	}
	u, err := udiff.ToUnifiedDiff("", "", before, udiff.Lines(before, after), context)
	if err != nil { // the edits are the library's own
		f.Reason = "cannot be compared: " + err.Error()
		return
	}
	for _, h := range u.Hunks {
		f.Hunks = append(f.Hunks, f.hunk(h))
	}
}

// hunk counts and spells one hunk.
func (f *File) hunk(h *udiff.Hunk) Hunk {
	out := Hunk{Old: h.FromLine, New: h.ToLine}
	for _, l := range h.Lines {
		mark := " "
		switch l.Kind {
		case udiff.Delete:
			mark = "-"
			f.Removed++
			out.OldLines++
		case udiff.Insert:
			mark = "+"
			f.Added++
			out.NewLines++
		default:
			out.OldLines++
			out.NewLines++
		}
		out.Lines = append(out.Lines, mark+short(strings.TrimSuffix(l.Content, "\n")))
	}
	if out.OldLines == 0 {
		out.Old = 0
	}
	if out.NewLines == 0 {
		out.New = 0
	}
	return out
}

// keep leaves at most n lines of the file and gives how many it left.
func (f *File) keep(n int) int {
	kept := 0
	for i := range f.Hunks {
		h := &f.Hunks[i]
		room := min(len(h.Lines), n-kept)
		f.Cut += len(h.Lines) - room
		h.Lines = h.Lines[:room:room]
		kept += room
	}
	f.Hunks = slices.DeleteFunc(f.Hunks, func(h Hunk) bool { return len(h.Lines) == 0 })
	return kept
}

// short bounds a line.
func short(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	n := 0
	for i := range s {
		if n == lineRunes {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

// unix gives text with the line ends of the kit.
func unix(data []byte) string { return strings.ReplaceAll(string(data), "\r\n", "\n") }

func lines(data []byte) int {
	n := bytes.Count(data, []byte("\n"))
	if len(data) > 0 && data[len(data)-1] != '\n' {
		n++
	}
	return n
}

// envFile is where the values of a machine stand.
const envFile = ".env"

// likeKit puts the kit's lines in the place of those that set a variable of the machine.
func likeKit(kit, own []byte, machine []string) []byte {
	setting := func(line []byte) string {
		name, _, ok := bytes.Cut(line, []byte("="))
		if !ok || !slices.Contains(machine, string(name)) {
			return ""
		}
		return string(name)
	}
	known := map[string][]byte{}
	for line := range bytes.Lines(kit) {
		if name := setting(line); name != "" {
			known[name] = line
		}
	}
	var out []byte
	for line := range bytes.Lines(own) {
		if theirs, ok := known[setting(line)]; ok {
			line = theirs
		}
		out = append(out, line...)
	}
	return out
}

// read gives all files of a file system.
func read(fsys fs.FS) (map[string][]byte, error) {
	out := map[string][]byte{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		out[name] = data
		return err
	})
	return out, err
}
