package grader

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"firedrill/grader/report"
	"firedrill/grader/submission"
	"firedrill/rubric"
	"firedrill/rubric/marks"
)

// MarksError says that a file of marks cannot be used.
type MarksError struct{ Err error }

func (e *MarksError) Error() string { return "the marks cannot be used:\n" + e.Err.Error() }

// Unwrap gives the reasons.
func (e *MarksError) Unwrap() error { return e.Err }

// loadMarks reads the files of marks for a submission. Where none are named it takes the one
// beside the submission's directory, NAME-marks.yaml, if there is one; nil is none.
func loadMarks(files []string, dir string) (*marks.Sheet, error) {
	if len(files) == 0 {
		abs, err := filepath.Abs(dir)
		if err != nil {
			return nil, err
		}
		beside := abs + marks.Suffix
		info, err := os.Lstat(beside)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if !info.Mode().IsRegular() {
			return nil, &MarksError{fmt.Errorf("%s is no plain file", beside)}
		}
		files = []string{beside}
	}
	for _, file := range files {
		if within(dir, file) {
			return nil, &MarksError{fmt.Errorf("%s lies in the submission: it is the candidate's", file)}
		}
	}
	return readMarks(files)
}

// readMarks reads and joins files of marks about one submission.
func readMarks(files []string) (*marks.Sheet, error) {
	var sheets []*marks.Sheet
	var errs []error
	for _, file := range files {
		s, err := marks.Read(file)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		sheets = append(sheets, s)
	}
	if len(errs) > 0 {
		return nil, &MarksError{errors.Join(errs...)}
	}
	sheet, err := marks.Join(sheets...)
	if err != nil {
		return nil, &MarksError{err}
	}
	return sheet, nil
}

// fits reports whether marks are about a submission, by its name or its hash, and about
// criteria of a rubric.
func fits(s *marks.Sheet, r *rubric.Rubric, name, hash string) error {
	if s.Submission != name && s.Submission != hash {
		return &MarksError{fmt.Errorf("%s is about the submission %s, and this is %s, %s",
			s.File, s.Submission, name, hash)}
	}
	if err := s.Check(r); err != nil {
		return &MarksError{err}
	}
	return nil
}

// ownMarks tells of files in a submission that look like marks: they are the candidate's, and
// nobody reads them.
func ownMarks(files fs.FS) []report.Notice {
	var out []report.Notice
	// The walk is over a copy in memory: it cannot fail halfway.
	_ = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		ext := strings.ToLower(path.Ext(name))
		base := strings.TrimSuffix(strings.ToLower(path.Base(name)), ext)
		if err == nil && !d.IsDir() && (ext == ".yaml" || ext == ".yml") &&
			(base == "marks" || strings.HasSuffix(base, "-marks")) {
			out = append(out, report.Notice{About: "submission",
				Text: name + " lies in the submission: marks in it are the candidate's own and count for nothing"})
		}
		return nil
	})
	return out
}

// decide adds what people decided to what a grade is made of.
func (c Config) decide(r *rubric.Rubric, sub *submission.Submission, in *rubric.Inputs) error {
	if c.Marks == nil {
		return nil
	}
	abs, err := filepath.Abs(c.Dir)
	if err != nil {
		return err
	}
	if err := fits(c.Marks, r, filepath.Base(abs), sub.Hash()); err != nil {
		return err
	}
	in.Marks, in.Conduct = c.Marks.Resolve(), c.Marks.Conduct
	return nil
}
