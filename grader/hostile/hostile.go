// Package hostile holds submissions that attack the grader, and what must become of each.
//
// Every Case is a documented value: what is tried, how the submission is made, which class of
// outcome it must end in, and the Defence that stops it. Submissions are generated; no bomb
// stands in the repository. After every case the same invariants are checked, whatever it was:
//
//   - no criterion of a forged submission has more points than without the trick;
//   - what the service did to itself is its own fault and never "could not be checked";
//   - a secret file of the host and a secret of its environment are in no output, and the
//     file is as it was;
//   - the report is valid JSON without characters that a terminal acts on;
//   - the command ends with the code that its help lists for that;
//   - the result is whole and written once, or there is no directory for it;
//   - nothing is written outside the case's own directory, less than 50 MB in it, and no
//     volume that a container used is left;
//   - every container that ran had the limits in force, by the engine's word;
//   - nothing of the case is left in the engine, and nothing reached the host;
//   - the grading process stays below 300 MB.
//
// A defence that never fires is worse than none. So each names the lines that it consists of,
// and the suite builds a grader without them (see Undefended): its case must fail there. The
// shipped program holds no switch for this; the lines are taken out by the compiler's overlay.
//
// Attacks are bounded by themselves, a little beyond what the defence allows, so that they do
// no harm where it is taken out. The package attacks the payment exam, but gets it as a value.
package hostile

import (
	"io/fs"
	"slices"
	"strings"

	"firedrill/grader"
	"firedrill/rubric"
)

// Ground is what cases are played on.
type Ground struct {
	// Exam is the payment exam.
	Exam grader.Exam
	// Examples holds submissions by name, and NAME.expected.yaml beside them.
	Examples fs.FS
	// Rubric saves reading the exam's own for each case, and is for cases without Docker; nil
	// grades by the command line, as an examiner does.
	Rubric *rubric.Rubric
}

// Submissions that others are made from, and held against.
const (
	Kit     = "pristine"      // as received: the control that nothing gains on
	Strong  = "degraded-mode" // the reference: full marks of the probes
	Partial = "compose-flag"  // some of them
)

// Scope is how much of a grade a case needs.
type Scope int

const (
	// NotesOnly needs no Docker: the notes, the compose file and the differences.
	NotesOnly Scope = iota
	// FirstProbe builds and starts the service, and asks it for payments.
	FirstProbe
	// Whole is a grade as examiners get it.
	Whole
)

// Class is what must become of a submission.
type Class string

const (
	// Rejected: refused at intake; Reason is submission.Reason.
	Rejected Class = "rejected"
	// AsUsual: graded exactly as the submission that it was made from.
	AsUsual Class = "graded as usual"
	// Graded: graded, whatever the points; the invariants are what counts.
	Graded Class = "graded"
	// Harmless: rejected, or graded without gain.
	Harmless Class = "harmless"
	// NoGain: graded, on no criterion above the submission that it is held against.
	NoGain Class = "no gain"
	// NotApplied: graded as usual, and the compose file's changes are listed as not applied.
	NotApplied Class = "not applied"
	// BuildFailed: the service's points are lost, with the compiler's words; the rest stands.
	BuildFailed Class = "build failed"
	// ServiceFailed: the service's points are lost by its own fault; the rest stands.
	ServiceFailed Class = "service failed"
)

// Want is the expected end of a case.
type Want struct {
	Class Class
	// Reason is a part of what the grader says about it.
	Reason string
	// Says are lines, or parts of them, that the hostile program must have written; Never
	// what it must not have.
	Says, Never []string
	// Attacked limits NoGain to criteria that begin so; empty for all.
	Attacked []string
	// Check looks at more; nil where there is no more.
	Check func(*Seen) error
}

// Case is one hostile submission.
type Case struct {
	// ID is the group's letter and a name: "A link-absolute".
	ID string
	// Threat says in a sentence what is tried.
	Threat string
	// Base is the example that the submission starts from; Make changes it.
	Base string
	Make func(*Tree)
	// Against is the example whose grade it is held against; empty for Base.
	Against string
	Scope   Scope
	Want    Want
	// Defence stops it.
	Defence *Defence
}

// Docker reports whether the case needs an engine.
func (c Case) Docker() bool { return c.Scope != NotesOnly }

func (c Case) against() string {
	if c.Against != "" {
		return c.Against
	}
	return c.Base
}

// Group gives the letter of the case's group: A intake, B notes, C compose, D build, E run,
// F gaming.
func (c Case) Group() string { return c.ID[:1] }

// name is the id as part of a path.
func (c Case) name() string { return strings.ReplaceAll(c.ID, " ", "-") }

// Cases are all of them, by group.
func Cases() []Case {
	var all []Case
	for _, group := range [][]Case{
		intakeCases(), notesCases(), composeCases(), buildCases(), moreBuildCases(), runCases(),
		answersCases(), gamingCases(),
	} {
		all = append(all, group...)
	}
	return all
}

// control is a submission that is no attack.
func control(base string, scope Scope) Case {
	return Case{ID: "control " + base, Base: base, Scope: scope, Want: Want{Class: AsUsual}}
}

// Defences are those of all cases, each once, in the cases' order.
func Defences() []*Defence {
	var out []*Defence
	for _, c := range Cases() {
		if !slices.ContainsFunc(out, func(d *Defence) bool { return d.Name == c.Defence.Name }) {
			out = append(out, c.Defence)
		}
	}
	return out
}
