// Package golden holds a rubric to submissions whose grade people have decided: its golden
// submissions. It says which no longer get what they should, and which changes of the rubric
// none of them would notice.
//
// A directory of golden submissions holds, for each NAME,
//
//	NAME.expected.yaml   what it must get
//	NAME.record.json     what its grade is made of, see Keep; or
//	NAME.md, or NAME/incident-notes.md: notes alone, without a record
//
// A record lets every criterion be judged, without Docker. Notes alone are enough for the
// criteria of source notes; what else is expected of such a submission is left out, and told.
//
//	expected: 1              # version of this form
//	about: who hands it in   # optional
//	points: 41               # optional, as are lowest, highest and state
//	state: failed
//	criteria:                # what is listed is compared, and nothing else
//	  - {id: cause.dns, outcome: met, points: 6}    # points are optional
//
// Notes are always read anew by the rubric at hand: the findings that a record holds are
// those of another day.
package golden

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"firedrill/grader/report"
	"firedrill/grader/submission"
	"firedrill/rubric"
)

const (
	expectedSuffix = ".expected.yaml"
	recordSuffix   = ".record.json"
)

// Case is one golden submission.
type Case struct {
	Name     string
	Expected *Expected
	// Record is what it is graded from; NotesOnly tells that there is nothing but notes.
	Record    *report.Record
	NotesOnly bool
}

// ErrNone says that a directory holds no golden submission.
var ErrNone = errors.New("no golden submissions")

// Load reads all golden submissions of a directory, by name. The error joins every problem,
// each with file and line.
func Load(dir string) ([]Case, error) {
	files, err := filepath.Glob(filepath.Join(escaped(dir), "*"+expectedSuffix))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		if _, err := os.Stat(dir); err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("%w in %s: it has no file NAME%s", ErrNone, dir, expectedSuffix)
	}
	slices.Sort(files)
	var out []Case
	var errs []error
	for _, file := range files {
		c, err := loadCase(dir, file)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		out = append(out, c)
	}
	return out, errors.Join(errs...)
}

// escaped spells a directory for Glob.
func escaped(dir string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}

func loadCase(dir, file string) (Case, error) {
	c := Case{Name: strings.TrimSuffix(filepath.Base(file), expectedSuffix)}
	var err error
	if c.Expected, err = readExpected(file); err != nil {
		return Case{}, err
	}
	c.Record, err = report.ReadRecord(filepath.Join(dir, c.Name+recordSuffix))
	if !errors.Is(err, fs.ErrNotExist) {
		return c, err
	}
	text, err := notesOf(filepath.Join(dir, c.Name))
	if err != nil {
		return Case{}, err
	}
	c.NotesOnly = true
	c.Record = &report.Record{Notes: submission.UTF8(text),
		Submission: report.Submission{Notes: submission.NotesFile}}
	return c, nil
}

// notesOf reads the notes of a submission that has no record.
func notesOf(base string) ([]byte, error) {
	text, err := os.ReadFile(base + ".md")
	if errors.Is(err, fs.ErrNotExist) {
		text, err = os.ReadFile(filepath.Join(base, submission.NotesFile))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s%s: there is neither %s%s nor %s.md nor %s/%s: %w", base, expectedSuffix,
			base, recordSuffix, base, base, submission.NotesFile, err)
	}
	return text, err
}

// covers reports whether the submission can tell anything of a criterion.
func (c Case) covers(r rubric.Result) bool { return !c.NotesOnly || r.Source == rubric.FromNotes }
