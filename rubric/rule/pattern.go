package rule

import (
	"fmt"
	"strconv"
	"strings"
)

// Kind tells how an atom is compared with a token.
type Kind uint8

// The kinds of atoms.
const (
	Word   Kind = iota // any form of the word
	Exact              // this spelling
	Prefix             // begins so
	Class              // a typed token
	Ref                // a hit of a concept or fact
)

// Atom is one thing that a token may be.
type Atom struct {
	Kind Kind
	Text string
}

// Elem is one place in a sequence: atoms to choose from, or a gap, or an anchor.
type Elem struct {
	Atoms []Atom
	// Gap, when above 0, stands for up to so many tokens of any kind.
	Gap int
	// Anchor is '^' or '$', else 0.
	Anchor byte
}

// Seq is a sequence of elements.
type Seq []Elem

// Bounds of one phrase, so that a rule file cannot explode.
const (
	maxSeqs = 2048
	maxGap  = 12
)

// classes are the typed tokens that a phrase may ask for.
var classes = []string{"num", "pct", "money", "time", "dur", "date", "code", "host", "path",
	"file", "ident", "low", "big", "small", "long"}

// ParsePhrase reads a phrase, or several with semicolons between them.
func ParsePhrase(s string) ([]Seq, error) {
	var all []Seq
	for _, part := range strings.Split(s, ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		p := &parser{rest: part}
		seqs, err := p.sequence(0)
		if err == nil && p.rest != "" {
			err = fmt.Errorf("unexpected %q", p.rest)
		}
		for i, q := range seqs {
			seqs[i] = trimGaps(q)
			if err == nil {
				err = checkSeq(q)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("phrase %q: %w", shortened(strings.TrimSpace(part)), err)
		}
		all = append(all, seqs...)
	}
	return all, nil
}

// shortened keeps what tells a long phrase from others.
func shortened(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// trimGaps drops gaps at the edges, which are left when optional parts are missing.
func trimGaps(q Seq) Seq {
	for len(q) > 0 && q[0].Gap > 0 {
		q = q[1:]
	}
	for len(q) > 0 && q[len(q)-1].Gap > 0 {
		q = q[:len(q)-1]
	}
	return q
}

func checkSeq(q Seq) error {
	solid := false
	for _, e := range q {
		solid = solid || len(e.Atoms) > 0
	}
	if !solid {
		return fmt.Errorf("phrase can match nothing")
	}
	return nil
}

type parser struct {
	rest string
}

// sequence reads until the end, or until | or ) inside a group.
func (p *parser) sequence(depth int) ([]Seq, error) {
	out := []Seq{nil}
	for {
		p.rest = strings.TrimLeft(p.rest, " ")
		if p.rest == "" || depth > 0 && (p.rest[0] == '|' || p.rest[0] == ')') {
			return out, nil
		}
		var alts []Seq
		var err error
		if p.rest[0] == '(' {
			alts, err = p.group(depth)
		} else {
			alts, err = p.chunk(depth)
		}
		if err != nil {
			return nil, err
		}
		if out, err = cross(out, alts); err != nil {
			return nil, err
		}
	}
}

func (p *parser) group(depth int) ([]Seq, error) {
	if depth > 4 {
		return nil, fmt.Errorf("groups nested too deeply")
	}
	p.rest = p.rest[1:]
	var alts []Seq
	for {
		got, err := p.sequence(depth + 1)
		if err != nil {
			return nil, err
		}
		alts = append(alts, got...)
		if p.rest == "" {
			return nil, fmt.Errorf("missing )")
		}
		closed := p.rest[0] == ')'
		p.rest = p.rest[1:]
		if closed {
			break
		}
	}
	alts = mergeSingles(alts)
	if strings.HasPrefix(p.rest, "?") {
		p.rest = p.rest[1:]
		alts = append(alts, nil)
	}
	if strings.HasPrefix(p.rest, "*") {
		return nil, fmt.Errorf("* after a group: put it behind each word in it")
	}
	return alts, nil
}

// mergeSingles joins alternatives of one element into one element.
func mergeSingles(alts []Seq) []Seq {
	var one Elem
	var out []Seq
	for _, q := range alts {
		if len(q) == 1 && len(q[0].Atoms) > 0 {
			one.Atoms = append(one.Atoms, q[0].Atoms...)
			continue
		}
		out = append(out, q)
	}
	if len(one.Atoms) > 0 {
		out = append([]Seq{{one}}, out...)
	}
	return out
}

// chunk reads one element that is not a group.
func (p *parser) chunk(depth int) ([]Seq, error) {
	stops := " ("
	if depth > 0 {
		stops = " ()|"
	}
	end := strings.IndexAny(p.rest, stops)
	if end < 0 {
		end = len(p.rest)
	}
	text := p.rest[:end]
	p.rest = p.rest[end:]
	opt := len(text) > 1 && strings.HasSuffix(text, "?")
	if opt {
		text = text[:len(text)-1]
	}
	alts, err := parseChunk(text)
	if err != nil {
		return nil, err
	}
	if opt {
		alts = append(alts, nil)
	}
	return alts, nil
}

// parseChunk reads one element; a plain compound stands for its parts in a row,
// because that is how notes are read.
func parseChunk(text string) ([]Seq, error) {
	if strings.Contains(text, "-") && !strings.ContainsAny(text, "|./=@#<*>") {
		var q Seq
		for _, part := range strings.Split(text, "-") {
			if part == "" {
				continue
			}
			e, err := parseElem(part)
			if err != nil {
				return nil, err
			}
			q = append(q, e)
		}
		if len(q) == 0 {
			return nil, fmt.Errorf("%q is not a word", text)
		}
		return []Seq{q}, nil
	}
	e, err := parseElem(text)
	return []Seq{{e}}, err
}

func parseElem(text string) (Elem, error) {
	if text == "^" || text == "$" {
		return Elem{Anchor: text[0]}, nil
	}
	if strings.HasPrefix(text, "~") {
		n, err := strconv.Atoi(text[1:])
		if err != nil || n < 1 || n > maxGap {
			return Elem{}, fmt.Errorf("gap %q must be ~1 to ~%d", text, maxGap)
		}
		return Elem{Gap: n}, nil
	}
	var e Elem
	for _, part := range strings.Split(text, "|") {
		a, err := parseAtom(part)
		if err != nil {
			return Elem{}, err
		}
		e.Atoms = append(e.Atoms, a)
	}
	return e, nil
}

func parseAtom(s string) (Atom, error) {
	switch {
	case s == "":
		return Atom{}, fmt.Errorf("empty alternative")
	case s[0] == '@' || s[0] == '#':
		if len(s) == 1 {
			return Atom{}, fmt.Errorf("%q needs a name", s)
		}
		if s[0] == '#' {
			return Atom{Ref, s}, nil
		}
		return Atom{Ref, s[1:]}, nil
	case s[0] == '<' && len(s) > 1:
		name := strings.TrimSuffix(s[1:], ">")
		for _, c := range classes {
			if c == name {
				return Atom{Class, name}, nil
			}
		}
		return Atom{}, fmt.Errorf("unknown class %q, want one of %s", s, strings.Join(classes, " "))
	case s[0] == '=' && len(s) > 1:
		return Atom{Exact, strings.ToLower(s[1:])}, nil
	case strings.HasSuffix(s, "*") && len(s) > 2:
		return Atom{Prefix, strings.ToLower(s[:len(s)-1])}, nil
	}
	if strings.Contains(s, "n't") || strings.Contains(s, "n’t") {
		return Atom{}, fmt.Errorf("%q can match nothing: contractions are read as two words, such as "+
			"`do not` and `can not`", s)
	}
	if i := strings.IndexAny(s, ",:!?'\"`"); i >= 0 && s != "?" {
		return Atom{}, fmt.Errorf("%q can match nothing: %q is not part of a word", s, s[i:i+1])
	}
	return Atom{Word, strings.ToLower(s)}, nil
}

func cross(heads, tails []Seq) ([]Seq, error) {
	if len(heads)*len(tails) > maxSeqs {
		return nil, fmt.Errorf("phrase stands for more than %d sequences; use a concept", maxSeqs)
	}
	out := make([]Seq, 0, len(heads)*len(tails))
	for _, h := range heads {
		for _, t := range tails {
			q := make(Seq, 0, len(h)+len(t))
			out = append(out, append(append(q, h...), t...))
		}
	}
	return out, nil
}
