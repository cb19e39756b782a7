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
	// Words is how many words make a phrase, at least 3. Of these, three must say something.
	Words int
}

// Vocabulary is what must not be seen. It is not changed after New.
type Vocabulary struct {
	n      int
	grams  map[string]string // a phrase's words to where it is from
	terms  []pattern
	shared map[string][]string // a shared phrase's words by the first one
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
	v := &Vocabulary{n: s.Words, grams: map[string]string{}, shared: map[string][]string{}}
	if err := v.addPapers(s.Papers); err != nil {
		return nil, err
	}
	for _, p := range s.Phrases {
		v.addPhrases([]byte(p.Text), func(int) string { return p.From })
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
		errs = append(errs, v.share(text))
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

// addPhrases adds every run of n words within a sentence.
func (v *Vocabulary) addPhrases(text []byte, from func(line int) string) {
	all := words(text)
	for i := range all {
		key, ok := v.gram(all, i)
		if !ok || crosses(all[i:i+v.n]) {
			continue
		}
		if _, known := v.grams[key]; !known {
			v.grams[key] = from(all[i].line)
		}
	}
}

// gram gives the n words from i on, if there are as many and three of them say something.
func (v *Vocabulary) gram(all []word, i int) (string, bool) {
	if i+v.n > len(all) {
		return "", false
	}
	said := 0
	for _, w := range all[i : i+v.n] {
		if !plain(w.text) {
			said++
		}
	}
	return joined(all[i : i+v.n]), said >= 3
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

// share takes the phrases of a text out of the vocabulary.
func (v *Vocabulary) share(text string) error {
	all, found := words([]byte(text)), false
	for i := range all {
		if key, ok := v.gram(all, i); ok {
			_, known := v.grams[key]
			found = found || known
			delete(v.grams, key)
		}
	}
	if !found {
		return fmt.Errorf("shared phrase %q is in no paper: remove it", text)
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
