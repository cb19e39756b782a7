// Package leak finds words of an answer where somebody may read them who is to find the
// answer by himself.
//
// A Vocabulary is what must not be seen. Most of it is derived: every phrase of some words
// that stands within a sentence of the papers that hold the answer is secret, so that a
// sentence that somebody copies, or moves to the wrong directory, is found without
// anybody having thought of it. The rest are terms: identifiers, and single words that give
// the answer away. What both sides may say is listed, and an entry of that list that is in
// no paper is an error, so the list cannot outlive its reason.
//
// What can be read: trees of files, single texts, JSON as the engine describes its objects
// with, and images as `docker save` writes them, with labels, environment, history, and the
// names and contents of all files of all layers. Evidence is no leak: terms that are clues may
// stand in logs and programs, see Running.
//
// The package knows no exam and no rubric: the vocabulary is an input. It does not judge
// meaning: an answer in other words, or one that is encoded, is not found.
package leak

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Leak is one place where something secret can be read.
type Leak struct {
	Where string // file, or what else was read
	Line  int    // from 1; of a program, the offset of the text
	Found string // the words that were found
	From  string // where they are from
}

func (l Leak) String() string {
	return fmt.Sprintf("%s:%d: %q is from %s", l.Where, l.Line, l.Found, l.From)
}

// Error is a thing that must not be given away, for its leaks.
type Error struct {
	What  string
	Leaks []Leak
}

func (e *Error) Error() string {
	const shown = 10
	var b strings.Builder
	fmt.Fprintf(&b, "%s says what must not be seen:", e.What)
	for i, l := range e.Leaks {
		if i == shown {
			fmt.Fprintf(&b, "\n  and %d more", len(e.Leaks)-shown)
			break
		}
		b.WriteString("\n  " + l.String())
	}
	return b.String()
}

// Hint says what to do about it.
func (e *Error) Hint() string {
	return "say it in other words there, or, if both sides may say it, declare it as shared"
}

// ExitCode is the code that a command ends with which refuses the thing.
func (e *Error) ExitCode() int { return 1 }

// Check reads a whole tree as paper and gives an *Error if anything leaks.
func (v *Vocabulary) Check(what string, tree fs.FS) error {
	leaks, err := v.Tree(tree)
	if err == nil && len(leaks) > 0 {
		err = &Error{What: what, Leaks: leaks}
	}
	return err
}

// Tree reads the names and contents of all files of a tree as paper.
func (v *Vocabulary) Tree(tree fs.FS) ([]Leak, error) {
	var out []Leak
	err := fs.WalkDir(tree, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		out = append(out, v.Text("name of "+name, []byte(name), Paper)...)
		if !e.Type().IsRegular() {
			return nil
		}
		data, err := fs.ReadFile(tree, name)
		out = append(out, v.Text(name, data, Paper)...)
		return err
	})
	return out, err
}

// Text reads one text, or a program's strings. where is told in the findings.
func (v *Vocabulary) Text(where string, data []byte, place Place) []Leak {
	if bytes.IndexByte(data, 0) >= 0 {
		return v.program(where, data)
	}
	return v.text(where, data, place)
}

func (v *Vocabulary) text(where string, data []byte, place Place) []Leak {
	all := words(data)
	out := v.phrases(where, all, place)
	lower := bytes.ToLower(data)
	for _, p := range v.terms {
		if p.Clue && place == Running {
			continue
		}
		if len(p.words) > 0 {
			out = append(out, p.inWords(where, all)...)
		} else {
			out = append(out, p.asItStands(where, lower)...)
		}
	}
	slices.SortStableFunc(out, func(a, b Leak) int { return a.Line - b.Line })
	return out
}

// phrases finds the longest runs of words that papers of the secrets hold.
func (v *Vocabulary) phrases(where string, all []word, place Place) []Leak {
	var out []Leak
	end := 0 // of the run that is being put together
	for i := range all {
		key, n := v.gram(all[i:])
		from, known := v.grams[key]
		if n == 0 || !known || place == Running && v.evidence[key] {
			continue
		}
		if last := len(out) - 1; last >= 0 && i < end {
			if i+n > end {
				out[last].Found += " " + joined(all[end:i+n])
			}
		} else {
			out = append(out, Leak{where, all[i].line, key, from})
		}
		end = max(end, i+n)
	}
	return out
}

func (p pattern) inWords(where string, all []word) []Leak {
	var out []Leak
	last := len(p.words) - 1
	for i := 0; i+last < len(all); i++ {
		if all[i+last].text != p.words[last] &&
			!(p.prefix && strings.HasPrefix(all[i+last].text, p.words[last])) {
			continue
		}
		same := true
		for k := range last {
			same = same && all[i+k].text == p.words[k]
		}
		if same {
			out = append(out, Leak{where, all[i].line, joined(all[i : i+last+1]), p.From})
		}
	}
	return out
}

// asItStands finds the term where no letter, digit or further part of a name adjoins it.
func (p pattern) asItStands(where string, lower []byte) []Leak {
	var out []Leak
	for at := 0; ; {
		i := bytes.Index(lower[at:], []byte(p.lower))
		if i < 0 {
			return out
		}
		i, at = at+i, at+i+len(p.lower)
		if (i == 0 || !inName(lower[i-1])) && (at == len(lower) || !inName(lower[at])) {
			line := 1 + bytes.Count(lower[:i], []byte("\n"))
			out = append(out, Leak{where, line, p.Text, p.From})
		}
	}
}

func inName(b byte) bool {
	return b == '-' || b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z'
}
