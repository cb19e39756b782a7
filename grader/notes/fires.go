package notes

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"firedrill/rubric"
	"firedrill/rubric/rule"
)

// Fires tries rules on texts, of which the first are whole notes, and tells what each found.
// The second reader is not heard. The examples that a criterion carries are tried with them.
func Fires(rules *rule.Set, texts [][]byte, whole int) rubric.Corpus {
	j := New(alone(rules), Options{})
	out := rubric.Corpus{Texts: len(texts), Whole: whole}
	for _, c := range j.p.criteria {
		out.Fired = append(out.Fired, rubric.Fired{Criterion: c.ID.Value,
			Rules: make([]int, len(c.met)), Met: map[int][]int{}})
	}
	for n, text := range texts {
		d := read(j.p, text, j.opts)
		d.decideFacts()
		for i, c := range j.p.criteria {
			d.fired(c, &out.Fired[i])
			if f, _ := d.byRules(c); f.Outcome == rubric.Met {
				out.Fired[i].Met[n] = f.Lines
			}
		}
	}
	for i, c := range j.p.criteria {
		for _, e := range c.For {
			d := read(j.p, []byte(e.Value), j.opts)
			d.decideFacts()
			d.fired(c, &out.Fired[i])
		}
	}
	return out
}

// fired counts the rules that find a statement.
func (d *document) fired(c *criterion, f *rubric.Fired) {
	for i, r := range c.met {
		if len(d.eval(r)) > 0 {
			f.Rules[i]++
		}
	}
}

// Texts reads a directory of notes for Fires: a corpus with its labels, or every Markdown file
// below it but README.md. Whole notes come first.
func Texts(dir string) (texts [][]byte, whole int, err error) {
	fsys := os.DirFS(dir)
	if _, err := fs.Stat(fsys, "labels.jsonl"); err == nil {
		c, err := LoadCorpus(fsys, nil)
		if err != nil {
			return nil, 0, err
		}
		for _, n := range c.Notes {
			texts = append(texts, n.Text)
		}
		for _, s := range c.Snippets {
			texts = append(texts, []byte(s.Text))
		}
		return texts, len(c.Notes), nil
	}
	err = fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || !strings.HasSuffix(name, ".md") ||
			path.Base(name) == "README.md" {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		texts = append(texts, text)
		return err
	})
	if err == nil && len(texts) == 0 {
		err = fmt.Errorf("%s holds no notes (.md files)", dir)
	}
	return texts, len(texts), err
}
