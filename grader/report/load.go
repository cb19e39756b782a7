package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// maxFile bounds a report or record that is read, in bytes. Notes are at most half a megabyte,
// and transcripts are shortened.
const maxFile = 64 << 20

// Load reads the report of a directory that Write made, with its record where that is of the
// same run. Fields that are not known are ignored, another version is an error. The error
// tells the file, and is fs.ErrNotExist where there is none.
func Load(dir string) (*Report, error) {
	file := filepath.Join(dir, FileName)
	data, err := read(file)
	if err != nil {
		return nil, err
	}
	// The version is read by itself: another one may have another form.
	var form struct {
		Report int `json:"report"`
	}
	if err := json.Unmarshal(data, &form); err != nil {
		return nil, fmt.Errorf("%s: not a whole report: %w", file, err)
	}
	if form.Report != Version {
		return nil, fmt.Errorf("%s: version %d of the report's form, want %d", file, form.Report, Version)
	}
	var r Report
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("%s: not a whole report: %w", file, err)
	}
	record, err := LoadRecord(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err == nil && record.Run == r.Run.ID {
		r.Record = record
	}
	return &r, nil
}

// read gives what a file of ours holds. The error tells the file.
func read(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s: larger than %d bytes", file, maxFile)
	}
	return data, nil
}
