// Package regrade scores graded submissions again from their records: under another rubric,
// or with an examiner's marks, without the service and without containers.
//
// A record holds what the probes counted, the notes to the byte, and what was found in them.
// Observations are taken as they are. The notes are read again where the rubric's rules
// differ from those that read them; where they are the same, the recorded findings stand, so
// that an old grade keeps its words under its own version. What a rubric asks for and a
// record does not hold, such as a probe that did not exist yet, is not gradable, never zero.
//
// The package decides nothing by itself: it brings records and package rubric together.
package regrade

import (
	"bytes"
	"sync"

	"firedrill/grader/claims"
	"firedrill/grader/notes"
	"firedrill/grader/report"
	"firedrill/rubric"
)

// Grader scores records under one rubric. It may be used by several goroutines.
type Grader struct {
	rubric *rubric.Rubric
	opts   notes.Options
	// read are the hashes of rubrics whose findings count as this one's.
	read map[string]bool

	once   sync.Once // rules are made ready when the first record needs them
	rules  *notes.Judging
	claims *claims.Reader
}

// New makes a rubric ready to score records. Those that were made under it, or under one of
// the others given and by the same rules, keep the findings that they hold.
func New(r *rubric.Rubric, opts notes.Options, others ...*rubric.Rubric) *Grader {
	g := &Grader{rubric: r, opts: opts, read: map[string]bool{r.Hash: true}}
	for _, o := range others {
		if sameRules(r, o) {
			g.read[o.Hash] = true
		}
	}
	return g
}

// Rubric is the one that records are scored under.
func (g *Grader) Rubric() *rubric.Rubric { return g.rubric }

// sameRules reports whether two rubrics read notes alike.
func sameRules(a, b *rubric.Rubric) bool {
	return a.Base.Hash == b.Base.Hash && bytes.Equal(a.Notes.Data, b.Notes.Data) && bytes.Equal(a.Lexicon.Data, b.Lexicon.Data) &&
		bytes.Equal(a.Weights.Data, b.Weights.Data) && bytes.Equal(a.Claims.Data, b.Claims.Data)
}

// notesFile is the name of the notes in records that do not tell.
const notesFile = "incident-notes.md"

// Inputs gives everything that the record's grade is made of under the rubric, and the claims
// in its notes.
func (g *Grader) Inputs(rec *report.Record) (in rubric.Inputs, said []rubric.Said) {
	in = rubric.Inputs{NotesFile: rec.Submission.Notes, Findings: rec.Findings,
		Observations: rec.Observations, Marks: rec.Marks, Conduct: rec.Conduct}
	if in.NotesFile == "" {
		in.NotesFile = notesFile
	}
	said = rec.Said
	if !g.read[rec.Rubric.Hash] && g.ready() {
		in.Findings, said = g.rules.Judge(rec.Notes).Findings, g.claims.Read(rec.Notes)
	}
	in.Claims = rubric.CheckClaims(g.rubric, said, in.Observations)
	return in, said
}

// ready makes the rubric's rules ready to read notes; it has none when not.
func (g *Grader) ready() bool {
	if g.rubric.Rules == nil {
		return false
	}
	g.once.Do(func() {
		g.rules = notes.New(g.rubric.Rules, g.opts)
		g.claims = claims.New(g.rubric, g.opts)
	})
	return true
}

// Grade scores a record.
func (g *Grader) Grade(rec *report.Record) rubric.Grade {
	in, _ := g.Inputs(rec)
	return rubric.Score(g.rubric, in)
}
