package rundir

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Kinds of events.
const (
	Begun   = "begun"
	Found   = "found"   // something that an earlier grade left
	Phase   = "phase"   // Phase and Text say what is done now
	Attempt = "attempt" // one at examining the service ended, with Error where it failed
	Done    = "done"
	Failure = "failed"
)

// Event is one line of run.jsonl.
type Event struct {
	Time    time.Time `json:"time"`
	Event   string    `json:"event"`
	Phase   string    `json:"phase,omitempty"`
	Text    string    `json:"text,omitempty"`
	Attempt int       `json:"attempt,omitempty"` // counted from 1
	Run     string    `json:"run,omitempty"`
	Error   string    `json:"error,omitempty"`
}

// journal appends events to run.jsonl. It is used from several goroutines.
type journal struct {
	mu   sync.Mutex
	file *os.File
}

// journalSize is where a journal begins anew, in bytes: some hundred grades.
const journalSize = 2 << 20

func openJournal(dir string) (*journal, error) {
	name := filepath.Join(dir, LogName)
	flags := os.O_CREATE | os.O_RDWR | os.O_APPEND
	info, err := os.Lstat(name)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("not a plain file")}
	case err == nil && info.Size() > journalSize:
		flags |= os.O_TRUNC
	}
	f, err := os.OpenFile(name, flags, 0o644)
	if err != nil {
		return nil, err
	}
	j := &journal{file: f}
	j.endLine()
	return j, nil
}

// endLine ends a line that a killed process left half written.
func (j *journal) endLine() {
	info, err := j.file.Stat()
	if err != nil || info.Size() == 0 {
		return
	}
	last := make([]byte, 1)
	if _, err := j.file.ReadAt(last, info.Size()-1); (err == nil || errors.Is(err, io.EOF)) && last[0] != '\n' {
		_, _ = j.file.Write([]byte{'\n'})
	}
}

func (j *journal) write(e Event) {
	line, err := json.Marshal(e)
	if err != nil {
		return // there is nothing in an event that could fail
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, err := j.file.Write(append(line, '\n')); err == nil && e.Event != Phase {
		_ = j.file.Sync()
	}
}

func (j *journal) close() {
	j.mu.Lock()
	defer j.mu.Unlock()
	_ = j.file.Close()
}
