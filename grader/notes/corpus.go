package notes

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"firedrill/rubric"
)

// Labelled is a file of notes with what people said about it.
type Labelled struct {
	ID       string           `json:"id"`
	Labels   map[string]int   `json:"labels"`
	Evidence map[string][]int `json:"evidence"`
	// Unsettled criteria divided the raters and are left out of every figure.
	Unsettled []string `json:"unsettled"`
	Text      []byte   `json:"-"`
}

// Snippet is a short piece of notes, labelled for one criterion.
type Snippet struct {
	Criterion string `json:"criterion"`
	Label     int    `json:"label"`
	Text      string `json:"text"`
}

// Corpus is a calibration set.
type Corpus struct {
	Notes    []Labelled
	Snippets []Snippet
}

// LoadCorpus reads labels.jsonl, notes/*.md and, when present, snippets.jsonl.
// When authors are given, only notes whose names begin with one of them are read.
func LoadCorpus(fsys fs.FS, authors []string) (*Corpus, error) {
	c := &Corpus{}
	err := lines(fsys, "labels.jsonl", func(data []byte) error {
		var l Labelled
		if err := json.Unmarshal(data, &l); err != nil {
			return err
		}
		if len(authors) > 0 && !slices.ContainsFunc(authors, func(a string) bool {
			return strings.HasPrefix(l.ID, a)
		}) {
			return nil
		}
		if l.ID != path.Base(l.ID) {
			return fmt.Errorf("id %q is not a plain name", l.ID)
		}
		text, err := fs.ReadFile(fsys, path.Join("notes", l.ID+".md"))
		l.Text = text
		c.Notes = append(c.Notes, l)
		return err
	})
	if err != nil {
		return nil, err
	}
	if _, err := fs.Stat(fsys, "snippets.jsonl"); err != nil {
		return c, nil
	}
	err = lines(fsys, "snippets.jsonl", func(data []byte) error {
		var s Snippet
		err := json.Unmarshal(data, &s)
		c.Snippets = append(c.Snippets, s)
		return err
	})
	return c, err
}

// lines calls f for each line of a file and names the line that fails.
func lines(fsys fs.FS, name string, f func([]byte) error) error {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("read corpus: %w", err)
	}
	sc := bufio.NewScanner(bytes.NewReader(data))
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		if len(bytes.TrimSpace(sc.Bytes())) == 0 {
			continue
		}
		if err := f(sc.Bytes()); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	return sc.Err()
}

// decision is one judged label.
type decision struct {
	criterion string
	label     int
	outcome   rubric.Outcome
	// cited says whether the cited lines overlap the labelled ones.
	cited bool
	lines []int
	where string
	rule  string
	why   string
}

// value is the outcome as a label; needs_review counts as the wrong one.
func (d decision) value() int {
	switch d.outcome {
	case rubric.Met:
		return 1
	case rubric.NotMet:
		return 0
	}
	return 1 - d.label
}

// judgeNotes decides all labelled notes, note by note.
func judgeNotes(j *Judging, c *Corpus) [][]decision {
	out := make([][]decision, len(c.Notes))
	for i, n := range c.Notes {
		for _, f := range j.Judge(n.Text).Findings {
			label, ok := n.Labels[f.Criterion]
			if !ok || slices.Contains(n.Unsettled, f.Criterion) {
				continue
			}
			d := decision{criterion: f.Criterion, label: label, outcome: f.Outcome, lines: f.Lines,
				where: n.ID, rule: f.Rule, why: f.Reason}
			for _, l := range f.Lines {
				d.cited = d.cited || slices.Contains(n.Evidence[f.Criterion], l)
			}
			out[i] = append(out[i], d)
		}
	}
	return out
}

// judgeSnippets decides each snippet for its own criterion.
func judgeSnippets(j *Judging, c *Corpus) []decision {
	out := make([]decision, 0, len(c.Snippets))
	for i, s := range c.Snippets {
		f := j.JudgeOne([]byte(s.Text), s.Criterion)
		out = append(out, decision{criterion: s.Criterion, label: s.Label, outcome: f.Outcome,
			lines: f.Lines, where: fmt.Sprintf("snippet %d", i+1), rule: f.Rule, why: f.Reason})
	}
	return out
}
