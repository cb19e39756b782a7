package report

import (
	"encoding/json"
	"fmt"
	"path/filepath"

	"firedrill/rubric"
)

// RecordVersion is the version of the record's JSON form.
const RecordVersion = 1

// RecordName is what Write calls the record, beside report.json.
const RecordName = "record.json"

// Record is what a grade was made of: enough to score the submission again, under another
// rubric or with an examiner's marks, without its service and without containers.
//
// It is not what a reader looks at. Counts and times of probes may differ between two runs
// of one submission, where the report does not.
type Record struct {
	Record int `json:"record"`
	// Run is the id of the run that wrote it: a report of another run is not made of this.
	Run        string     `json:"run"`
	Submission Submission `json:"submission"`
	// Seed made the probes' requests.
	Seed uint64 `json:"seed"`
	// Rubric is the one whose rules gave Findings and Said.
	Rubric rubric.Version `json:"rubric"`
	// Notes is the text that was read, in UTF-8, to the byte; base64 in JSON.
	Notes []byte `json:"notes"`
	// Findings are what the notes say, by criterion; Said are the claims in them.
	Findings []rubric.Finding `json:"findings"`
	Said     []rubric.Said    `json:"said"`
	// Observations are what the probes saw.
	Observations []rubric.Observation `json:"observations"`
	// Marks are the examiner's, where there were any, with all that led to them.
	Marks []rubric.Mark `json:"marks"`
	// Conduct is what an examiner noted that costs points; nil where nobody did.
	Conduct *rubric.Conduct `json:"conduct,omitempty"`
}

// JSON encodes the record, indented, with a final newline.
func (r *Record) JSON() ([]byte, error) {
	full := *r
	full.Record = RecordVersion
	full.Submission = r.Submission.filled()
	full.Notes = append([]byte{}, r.Notes...)
	full.Findings = append([]rubric.Finding{}, r.Findings...)
	for i, f := range full.Findings {
		full.Findings[i].Lines = append([]int{}, f.Lines...)
	}
	full.Said = append([]rubric.Said{}, r.Said...)
	for i, s := range full.Said {
		full.Said[i].Lines = append([]int{}, s.Lines...)
		full.Said[i].Figures = append([]rubric.Figure{}, s.Figures...)
	}
	full.Observations = append([]rubric.Observation{}, r.Observations...)
	full.Marks = append([]rubric.Mark{}, r.Marks...)
	data, err := json.MarshalIndent(&full, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode record: %w", err)
	}
	return append(Escape(data), '\n'), nil
}

// LoadRecord reads the record of a report's directory. The error tells the file, and is
// fs.ErrNotExist where there is none.
func LoadRecord(dir string) (*Record, error) {
	if !files(dir).Settled() {
		if report, err := read(filepath.Join(dir, FileName)); err == nil {
			if r, err := namedRecord(dir, report); err == nil {
				return r, nil
			}
		}
	}
	return ReadRecord(filepath.Join(dir, RecordName))
}

// ReadRecord reads a record from a file of any name.
func ReadRecord(file string) (*Record, error) {
	data, err := read(file)
	if err != nil {
		return nil, err
	}
	return decodeRecord(file, data)
}

func decodeRecord(file string, data []byte) (*Record, error) {
	var r Record
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("%s: not a whole record: %w", file, err)
	}
	if r.Record != RecordVersion {
		return nil, fmt.Errorf("%s: version %d of the record's form, want %d",
			file, r.Record, RecordVersion)
	}
	return &r, nil
}
