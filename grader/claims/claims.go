// Package claims finds what incident notes claim about the running service, so that it can
// be held against what probes observed: payments succeed again, 20 of 20 accepted, the cap
// is $500.
//
// What counts as a claim is data: the rules of the rubric's file of claims, in the language
// of package rule and with its statuses, so that a plan, a guess, a denial, a quoted log or
// a copy of the exam's papers claims nothing. The verdict is a pure function of the
// statements and the observations, see rubric.CheckClaims.
//
// The package judges no wording, and it does not take a statement for more than its rule
// says: who claims little is confirmed in little. It leans to saying nothing: a statement
// that no rule reads is no claim.
package claims

import (
	"fmt"
	"strings"

	"firedrill/grader/notes"
	"firedrill/rubric"
)

// most bounds the statements that are read of one submission's notes.
const most = 64

// Read lists the statements of the notes that make a claim, by claim and line. It is empty
// for a rubric without claims. To read many notes under the same rubric, use New once.
func Read(src []byte, r *rubric.Rubric, opts notes.Options) []rubric.Said {
	return New(r, opts).Read(src)
}

// Reader is a rubric's claims made ready. It may be used by several goroutines.
type Reader struct{ rules *notes.Judging }

// New makes the claims of a rubric ready to be found in notes.
func New(r *rubric.Rubric, opts notes.Options) *Reader {
	if r.Rules == nil || len(r.Claimable) == 0 {
		return &Reader{}
	}
	return &Reader{rules: notes.New(r.Rules.ForClaims(), opts)}
}

// Read lists the statements of the notes that make a claim, by claim and line.
func (r *Reader) Read(src []byte) []rubric.Said {
	if r.rules == nil {
		return nil
	}
	said := r.rules.Statements(src)
	return said[:min(len(said), most)]
}

// CheckExamples reports each example of a claim that the rules get wrong, with file and
// line: one for it that claims nothing or gives no figure where the claim needs one, and one
// against it that claims it.
func CheckExamples(r *rubric.Rubric) []error {
	if r.Rules == nil {
		return nil
	}
	set := r.Rules.ForClaims()
	j := notes.New(set, notes.Options{})
	var errs []error
	for i, c := range set.Criteria {
		said := func(text string) []rubric.Said {
			var out []rubric.Said
			for _, s := range j.Statements([]byte(text)) {
				if s.Claim == c.ID.Value {
					out = append(out, s)
				}
			}
			return out
		}
		for _, e := range c.For {
			found := said(e.Value)
			switch {
			case len(found) == 0:
				errs = append(errs, fmt.Errorf("%s:%d: %s: example for it claims nothing: %q",
					e.File, e.Line, c.ID.Value, e.Value))
			case i < len(r.Claimable) && !r.Claimable[i].Readable(found):
				errs = append(errs, fmt.Errorf("%s:%d: %s: no figure can be read from %q",
					e.File, e.Line, c.ID.Value, e.Value))
			}
		}
		for _, e := range c.Not {
			if found := said(e.Value); len(found) > 0 {
				errs = append(errs, fmt.Errorf("%s:%d: %s: example against it claims it by rule %q, in %s: %q",
					e.File, e.Line, c.ID.Value, found[0].Rule, strings.TrimSpace(found[0].Words), e.Value))
			}
		}
	}
	return errs
}
