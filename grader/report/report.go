// Package report turns a grade into what an examiner reads and what a script reads.
//
// Both hold the same: for every criterion its outcome, its points and what they rest
// on. Text is for a terminal of a given width; JSON is what is kept. JUnit XML, SARIF and
// Markdown are for CIs and the tools around them, see Format; package page makes a page.
// In none of them does what could not be checked, or waits for a person, look like failed.
//
// Non-goals: the package judges nothing and reads nothing of a candidate's.
//
// Everything that differs between two runs of one submission (times, ids, versions of
// the machine) stands under `run`; what remains is the same, byte for byte. Text that
// came from a candidate or their service stays data: the terminal gets no control,
// format or bidi character of it, and JSON spells such characters as escapes.
//
// # report.json
//
//	report      1, the version of this form
//	run         id, started, finished (RFC 3339), engine, versions by name,
//	            record (the hash of record.json),
//	            attempts[] {run, started, finished, error} at examining the service,
//	            isolation {engine, runtime, kernel, seccomp, …}: see Isolation
//	submission  hash, notes (name of the file), skipped[] {path, reason}
//	rubric      name, version, exam, title, hash
//	points      decided so far; lowest, highest: what open outcomes leave; of: the most
//	pass        points needed; state: passed, failed or open
//	groups[]    id, title, points, lowest, highest, of; dimensions[] likewise
//	criteria[]  id, group, title, candidate (its wording for candidates), source, outcome,
//	            points, lowest, highest, of,
//	            penalty (where it is one), reason, evidence[]
//	claims[]    claim, says, verdict (confirmed, contradicted or not_checked), lines, quote,
//	            rule, probe, world, observed[], reason, pending
//	settings[]  file, line, path, value, applied, reason: changes of the compose file
//	diff[]      path, kind (changed, removed or added), added, removed: numbers of lines;
//	            hunks[] {old, old_lines, new, new_lines, lines[]}, cut, reason
//	notices[]   about, text, output: what happened on the way, such as a compiler's errors
//	stability   with --repeat: runs; criteria[] and counts[] on which grades differ,
//	            {id, seen[] {value, runs[]}}
//
// The fields of evidence depend on its kind; see rubric.Evidence. Schema gives the JSON
// Schema, Version says what it promises. A reader should ignore fields that it does not know.
package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"firedrill/grader/diff"
	"firedrill/grader/durable"
	"firedrill/rubric"
)

// Version is the version of the JSON form, which stands first in every report.
//
// A program that reads version 1 reads every later report of version 1: no field goes away
// or changes its name, type or meaning, and what every report has stays in every report. A
// later grader may add fields, and kinds of evidence, sources and notices; a reader ignores
// those that it does not know. Outcomes, states and verdicts are all there are. Whatever
// breaks this raises Version.
const Version = 1

// FileName is what Write calls the report.
const FileName = "report.json"

// Report is a grade and what it was made of.
type Report struct {
	Report     int        `json:"report"`
	Run        Run        `json:"run"`
	Submission Submission `json:"submission"`
	rubric.Grade
	// Claims are what the notes state about the service, with what was observed.
	Claims []rubric.Claimed `json:"claims"`
	// Settings are the changes of the compose file, applied and not.
	Settings []Setting `json:"settings"`
	// Diff is what differs from the kit, without the notes.
	Diff    []diff.File `json:"diff"`
	Notices []Notice    `json:"notices"`
	// Stability compares several grades; nil when there is only this one.
	Stability *Stability `json:"stability,omitempty"`
	// Record is what the grade was made of, kept in a file of its own; nil keeps none.
	Record *Record `json:"-"`
}

// Run is what may differ between two runs of one submission.
type Run struct {
	ID       string    `json:"id"`
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	// Engine is the container engine's name and version, empty without one.
	Engine string `json:"engine,omitempty"`
	// Isolation is what kept the candidate's program apart from the machine, as read back from
	// the engine once it ran; nil where it never did.
	Isolation *Isolation `json:"isolation,omitempty"`
	// Versions are those of our programs and images, by name.
	Versions map[string]string `json:"versions,omitempty"`
	// Record is the hash of record.json, which the grade was made of; Write sets it.
	Record string `json:"record,omitempty"`
	// Attempts at examining the service, in order. All but the last were broken by the
	// machine; nothing of what they saw counts.
	Attempts []Attempt `json:"attempts,omitempty"`
}

// Attempt is one examination of the service, in a lab of its own.
type Attempt struct {
	Run      string    `json:"run"`
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	// Error says how the machine broke it; empty when it did not.
	Error string `json:"error,omitempty"`
}

// Submission names what was graded by its content.
type Submission struct {
	Hash string `json:"hash"`
	// Notes is the name of the file that line numbers refer to.
	Notes   string `json:"notes"`
	Skipped []Skip `json:"skipped"`
}

func (s Submission) filled() Submission {
	if s.Skipped == nil {
		s.Skipped = []Skip{}
	}
	return s
}

// Skip is an entry of the submission that was left out.
type Skip struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
}

// Setting is one change of the candidate's compose file.
type Setting struct {
	File string `json:"file"`
	// Line is 1-based; 0 for what was taken out.
	Line int `json:"line"`
	// Path leads to the value, services.NAME.environment.KEY; Value is the candidate's.
	Path  string `json:"path"`
	Value string `json:"value,omitempty"`
	// Applied tells whether the lab was started with it; Reason says why not.
	Applied bool   `json:"applied"`
	Reason  string `json:"reason,omitempty"`
}

// Notice is something that the reader should know besides the criteria.
type Notice struct {
	// About is the part that it concerns: service, build, compose, submission.
	About string `json:"about"`
	Text  string `json:"text"`
	// Output is what a tool said, such as the compiler; it may be long.
	Output string `json:"output,omitempty"`
}

// JSON encodes the report, indented, with a final newline.
func (r *Report) JSON() ([]byte, error) {
	full := *r
	full.Report = Version
	full.Submission = r.Submission.filled()
	if full.Claims == nil {
		full.Claims = []rubric.Claimed{}
	}
	if full.Settings == nil {
		full.Settings = []Setting{}
	}
	if full.Stability != nil {
		full.Stability = full.Stability.filled()
	}
	if full.Diff == nil {
		full.Diff = []diff.File{}
	}
	if full.Notices == nil {
		full.Notices = []Notice{}
	}
	data, err := json.MarshalIndent(&full, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode report: %w", err)
	}
	return append(Escape(data), '\n'), nil
}

// Escape spells characters that a terminal may act on. In valid JSON they stand
// inside strings only.
func Escape(data []byte) []byte {
	if bytes.IndexFunc(data, hidden) < 0 {
		return data
	}
	var out strings.Builder
	for _, r := range string(data) {
		switch {
		case !hidden(r):
			out.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	return []byte(out.String())
}

// hidden reports whether a character does something else than show itself. U+FFFD
// stands for bytes that were no text.
func hidden(r rune) bool {
	return r != '\n' && r != utf8.RuneError && !unicode.IsGraphic(r)
}

// Write keeps the report as report.json in dir, which is made if need be, and returns its
// path. The record, where there is one, is kept beside it, and the report names it. A reader
// sees the old two files or the new ones, also after a crash or on a full disk.
func (r *Report) Write(dir string) (file string, err error) {
	var record []byte
	r.Run.Record = ""
	if r.Record != nil {
		if record, err = r.Record.JSON(); err != nil {
			return "", err
		}
		r.Run.Record = durable.Hash(record)
	}
	data, err := r.JSON()
	if err != nil {
		return "", err
	}
	if err = durable.MkdirAll(dir); err == nil {
		err = files(dir).Replace(data, record)
	}
	if err != nil {
		return "", fmt.Errorf("write report: %w", err)
	}
	return filepath.Join(dir, FileName), nil
}
