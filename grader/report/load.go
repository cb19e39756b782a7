package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"firedrill/grader/durable"
)

// maxFile bounds a report or record that is read, in bytes. Notes are at most half a megabyte,
// and transcripts are shortened.
const maxFile = 64 << 20

// Load reads the report of a directory that Write made, with the record that it was made of;
// without one where that is gone or another. Fields that are not known are ignored, another version is an error. The error
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
	if r.Record, err = recordOf(dir, data, r.Run); err != nil {
		return nil, err
	}
	return &r, nil
}

// recordOf gives the record that a report names, or, where it is too old to name one, that of
// its run; nil where there is none.
func recordOf(dir string, report []byte, run Run) (*Record, error) {
	var record *Record
	var err error
	if run.Record == "" {
		record, err = ReadRecord(filepath.Join(dir, RecordName))
	} else {
		record, err = namedRecord(dir, report)
	}
	if errors.Is(err, fs.ErrNotExist) || err == nil && record.Run != run.ID {
		return nil, nil
	}
	return record, err
}

// namedRecord gives the record that a report names; fs.ErrNotExist where it is not there.
func namedRecord(dir string, report []byte) (*Record, error) {
	file := filepath.Join(dir, RecordName)
	data, err := files(dir).TailOf(report, read)
	if err == nil && data == nil {
		err = &fs.PathError{Op: "find", Path: file, Err: fs.ErrNotExist}
	}
	if err != nil {
		return nil, err
	}
	return decodeRecord(file, data)
}

// files are the two that change as one.
func files(dir string) durable.Pair {
	return durable.Pair{Dir: dir, Head: FileName, Tail: RecordName, Names: func(report []byte) string {
		var form struct {
			Run struct {
				Record string `json:"record"`
			} `json:"run"`
		}
		if json.Unmarshal(report, &form) != nil {
			return "" // half a report names nothing
		}
		return form.Run.Record
	}}
}

// Settle ends what a killed grader left half done in a report's directory. Readers see one
// grade without it; scripts that open the files by themselves do from then on.
func Settle(dir string) error { return files(dir).Settle() }

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
