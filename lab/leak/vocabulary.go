package leak

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Place says what kind of thing is read.
type Place int

const (
	// Paper is what is written for the reader: a kit's files, names, labels.
	Paper Place = iota
	// Running is what a running system says of itself, programs and logs: the evidence
	// that the reader is meant to find. Clues are allowed there.
	Running
)

// Term is a word or a phrase that must not be seen.
type Term struct {
	// Text is one word or several, in any case and with anything but letters and digits
	// between them; the last word may end in * for any ending. Text with other signs, such
	// as an identifier with a dot, is looked for as it stands.
	Text string
	// From says whose word it is, for the reader of a finding.
	From string
	// Clue marks what an investigation brings to light: it may be found in what runs.
	Clue bool
}

// Secrets are what a vocabulary is made of.
type Secrets struct {
	// Papers hold the answer. Every phrase of theirs is secret, see Words.
	Papers fs.FS
	// Phrases are further texts of the same kind, such as the titles of criteria.
	Phrases []Term
	// Terms are secret whatever their length.
	Terms []Term
	// Shared are phrases that stand in papers of both sides on purpose.
	Shared []string
	// Evidence are phrases that the papers quote from what runs: like clues, they may be
	// found there and nowhere else.
	Evidence []string
	// Words is how many words make a phrase, at least 3. It grows until three of its words
	// say something.
	Words int
}

// Vocabulary is what must not be seen. It is not changed after New.
type Vocabulary struct {
	n        int
	grams    map[string]string // a phrase's words to where it is from
	evidence map[string]bool   // those of grams that may be found in what runs
	terms    []pattern
}

// pattern is a term, ready to be looked for.
type pattern struct {
	Term
	words  []string // empty: as it stands
	prefix bool     // the last word is a beginning
	lower  string
}

// New makes a vocabulary. The error lists terms that cannot be found and shared phrases
// that no paper of the secrets holds.
func New(s Secrets) (*Vocabulary, error) {
	if s.Words < 3 {
		return nil, fmt.Errorf("phrases of %d words say nothing, want 3 or more", s.Words)
	}
	v := &Vocabulary{n: s.Words, grams: map[string]string{}, evidence: map[string]bool{}}
	for _, p := range s.Phrases {
		v.addPhrases([]byte(p.Text), func(int) string { return p.From })
	}
	if err := v.addPapers(s.Papers); err != nil {
		return nil, err
	}
	var errs []error
	for _, t := range s.Terms {
		p, err := newPattern(t)
		if err != nil {
			errs = append(errs, err)
		}
		v.terms = append(v.terms, p)
	}
	for _, text := range s.Shared {
		errs = append(errs, v.each("shared", text, func(key string) { delete(v.grams, key) }))
	}
	for _, text := range s.Evidence {
		errs = append(errs, v.each("quoted", text, func(key string) { v.evidence[key] = true }))
	}
	return v, errors.Join(errs...)
}

func (v *Vocabulary) addPapers(papers fs.FS) error {
	if papers == nil {
		return nil
	}
	return fs.WalkDir(papers, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || path.Ext(name) != ".md" {
			return err
		}
		text, err := fs.ReadFile(papers, name)
		v.addPhrases(text, func(line int) string { return fmt.Sprintf("%s:%d", name, line) })
		return err
	})
}

// addPhrases adds every phrase within a sentence.
func (v *Vocabulary) addPhrases(text []byte, from func(line int) string) {
	all := words(text)
	for i := range all {
		key, n := v.gram(all[i:])
		if n == 0 || crosses(all[i:i+n]) {
			continue
		}
		if _, known := v.grams[key]; !known {
			v.grams[key] = from(all[i].line)
		}
	}
}

// gram gives the phrase that the words begin with, and how many words it has; 0 is none. A
// phrase begins with a word that says something.
func (v *Vocabulary) gram(all []word) (key string, n int) {
	said := 0
	for n = 0; n < len(all) && (n < v.n || said < 3); n++ {
		if !plain(all[n].text) {
			said++
		} else if n == 0 {
			return "", 0
		}
	}
	if n < v.n || said < 3 {
		return "", 0
	}
	return joined(all[:n]), n
}

// crosses tells whether a sentence ends within the words.
func crosses(all []word) bool {
	for _, w := range all[:len(all)-1] {
		if w.ends {
			return true
		}
	}
	return false
}

func joined(all []word) string {
	var b strings.Builder
	for i, w := range all {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.text)
	}
	return b.String()
}

// each does something with all secret phrases of a text, of which there must be one.
func (v *Vocabulary) each(what, text string, do func(key string)) error {
	all, found := words([]byte(text)), false
	for i := range all {
		key, _ := v.gram(all[i:])
		if _, known := v.grams[key]; known {
			found = true
			do(key)
		}
	}
	if !found {
		return fmt.Errorf("%s phrase %q is in no paper: remove it", what, text)
	}
	return nil
}

func newPattern(t Term) (pattern, error) {
	p := pattern{Term: t, lower: strings.ToLower(t.Text)}
	text, prefix := strings.CutSuffix(p.lower, "*")
	literal := strings.ContainsFunc(text, func(r rune) bool {
		return r != ' ' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	})
	if literal && !prefix {
		return p, nil
	}
	p.words, p.prefix = strings.Fields(text), prefix
	if len(p.words) == 0 || literal {
		return p, fmt.Errorf("term %q cannot be looked for: want words, or signs without *", t.Text)
	}
	return p, nil
}
