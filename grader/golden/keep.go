package golden

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"firedrill/grader/report"
	"firedrill/rubric"
)

// Keep writes what a grade was made of as NAME.record.json into a directory of golden
// submissions, without what a golden submission has no use for: transcripts, logs, times and the
// findings of the day. What it must get is for Accept, and for people, to say.
func Keep(dir, name string, rec *report.Record) error {
	slim := *Afresh(rec)
	slim.Record = report.RecordVersion
	slim.Submission.Skipped = append([]report.Skip{}, rec.Submission.Skipped...)
	slim.Findings, slim.Said = []rubric.Finding{}, []rubric.Said{}
	slim.Marks = append([]rubric.Mark{}, rec.Marks...)
	slim.Observations = []rubric.Observation{}
	for _, o := range rec.Observations {
		o.Transcript, o.Logs, o.Pace = nil, nil, nil
		slim.Observations = append(slim.Observations, o)
	}
	data, err := json.MarshalIndent(&slim, "", " ")
	if err != nil {
		return fmt.Errorf("keep %s: %w", name, err)
	}
	return os.WriteFile(filepath.Join(dir, name+recordSuffix), append(data, '\n'), 0o644)
}

// Accept writes a grade as what a golden submission must get. What stands in the file before
// the totals stays to the letter. Whether it should get that is for a person to decide.
func Accept(dir, name, about string, g rubric.Grade) error {
	file := filepath.Join(dir, name+expectedSuffix)
	out := &bytes.Buffer{}
	old, err := os.ReadFile(file)
	switch {
	case err == nil:
		head, _, found := bytes.Cut(old, []byte("\npoints: "))
		if !found {
			head, _, found = bytes.Cut(old, []byte("\ncriteria:"))
		}
		if !found {
			return fmt.Errorf("accept the grade of %s: %s has no line `points:` or `criteria:` to begin at", name, file)
		}
		out.Write(append(head, '\n'))
	case os.IsNotExist(err):
		fmt.Fprintf(out, "expected: %d\n", formatVersion)
		if about != "" {
			fmt.Fprintf(out, "about: %q\n", about)
		}
	default:
		return err
	}
	fmt.Fprintf(out, "points: %d\nlowest: %d\nhighest: %d\ncriteria:\n", g.Points, g.Lowest, g.Highest)
	for _, c := range g.Criteria {
		fmt.Fprintf(out, "  - {id: %s, outcome: %s, points: %d}\n", c.ID, c.Outcome, c.Points)
	}
	return os.WriteFile(file, out.Bytes(), 0o644)
}
