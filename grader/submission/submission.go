package submission

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// The names of what is graded, the same in every exam.
const (
	NotesFile  = "incident-notes.md"
	ServiceDir = "service"
)

// composeFiles are the names that Compose looks for, in Docker's own order.
var composeFiles = [...]string{
	"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml",
}

// Errors of a directory that is no submission.
var (
	ErrNotDirectory = errors.New("not a directory")
	ErrEmpty        = errors.New("the directory is empty")
	ErrNoNotes      = errors.New("there is no " + NotesFile)
)

// Limits bound what is taken in.
type Limits struct {
	// Entries bounds the files and directories that are looked at.
	Entries int
	// Depth bounds how many directories a file may stand in.
	Depth int
	// FileBytes bounds one file, TotalBytes all of them.
	FileBytes, TotalBytes int64
	// NotesBytes bounds the notes; 0 leaves it to FileBytes. What reading markdown costs can
	// grow faster than its size.
	NotesBytes int64
}

// DefaultLimits fit a kit with a rewritten service and long notes, many times over.
func DefaultLimits() Limits {
	return Limits{Entries: 5_000, Depth: 12, FileBytes: 2 << 20, TotalBytes: 16 << 20,
		NotesBytes: 512 << 10}
}

// Submission is a snapshot of a directory. It is not changed after Open.
type Submission struct {
	files   memory
	compose string
	skipped []Skip
}

// Skip is an entry that was left out because nothing that is graded needs it.
type Skip struct {
	// Path may hold any bytes; quote it before showing it.
	Path   string
	Reason Reason
}

// Open takes a snapshot of the directory. A breach in what is graded gives a
// *RejectedError. The examiner named dir, so dir itself may be a symbolic link.
func Open(dir string, limits Limits) (*Submission, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("open submission: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("open submission %s: %w", dir, ErrNotDirectory)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open submission: %w", err)
	}
	defer root.Close()
	w := &walker{limits: limits, files: memory{}}
	if err := w.top(root); err != nil {
		return nil, fmt.Errorf("open submission %s: %w", dir, err)
	}
	slices.SortFunc(w.skipped, func(a, b Skip) int { return strings.Compare(a.Path, b.Path) })
	return &Submission{files: w.files, compose: w.compose, skipped: w.skipped}, nil
}

// Notes returns the incident notes as they were handed in, but in UTF-8: some editors and
// shells save UTF-16 with a byte order mark, which says so.
func (s *Submission) Notes() []byte { return UTF8(s.files[NotesFile]) }

// Compose returns the compose file and its name; ok is false when there is none.
func (s *Submission) Compose() (name string, data []byte, ok bool) {
	if s.compose == "" {
		return "", nil, false
	}
	return s.compose, slices.Clone(s.files[s.compose]), true
}

// Service returns the service's directory; ok is false when it holds no file.
func (s *Submission) Service() (service fs.FS, ok bool) {
	sub := memory{}
	for name, data := range s.files {
		if rest, found := strings.CutPrefix(name, ServiceDir+"/"); found {
			sub[rest] = data
		}
	}
	return sub, len(sub) > 0
}

// Files returns everything that was taken in.
func (s *Submission) Files() fs.FS { return s.files }

// Skipped returns what was left out, by path.
func (s *Submission) Skipped() []Skip { return slices.Clone(s.skipped) }

// Hash returns "sha256:" and the hash over the names and contents of all files
// that were taken in.
func (s *Submission) Hash() string {
	h := sha256.New()
	for _, name := range s.files.names() {
		fmt.Fprintf(h, "%d %d\n%s\n", len(name), len(s.files[name]), name)
		h.Write(s.files[name])
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}
