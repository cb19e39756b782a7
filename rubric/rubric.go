package rubric

import (
	"slices"

	"firedrill/rubric/rule"
)

// FormatVersion is the version of the text format that this package reads.
const FormatVersion = 1

// Rubric is one released set of criteria. The values of a loaded rubric are checked.
type Rubric struct {
	Name    string
	Version string
	Exam    string
	Title   string
	// Base is a shipped release whose companions the rubric uses beside its own; its name is
	// NAME@VERSION, and empty when there is none.
	Base Base
	// Points is the most that can be earned, Pass what is needed to pass.
	Points, Pass int
	Dimensions   []Dimension
	Groups       []Group
	// Costs are what hints and time cost; nil when nothing does.
	Costs *Costs
	// Notes and Lexicon are the rule files beside the rubric; empty when it has none.
	Notes, Lexicon Companion
	// Weights is the file of a second opinion on notes; empty when it has none.
	Weights Companion
	// Claims is the file of what notes may claim, Claimable what it holds.
	Claims    Companion
	Claimable []Claim
	// Rules are the rules of all of them; nil when the rubric judges no notes.
	Rules *rule.Set
	// Hash is "sha256:" and the hash over the rubric and its companions.
	Hash string
	// Released is the date of the release that the content equals, as 2006-01-02; empty for
	// content that was not released.
	Released string
}

// Base is a shipped release that a rubric builds on.
type Base struct {
	// Name is NAME@VERSION, Hash the release's content hash.
	Name, Hash string
	// Companions are its rule files, each named NAME@VERSION/FILE.
	Companions []Companion
	// claims is the name of the one that holds claims; empty when none does.
	claims string
}

// holds reports whether the file of that name belongs to the base.
func (b Base) holds(file string) bool {
	return slices.ContainsFunc(b.Companions, func(c Companion) bool { return c.Name == file })
}

// Companion is a file that belongs to a rubric.
type Companion struct {
	Name string
	Data []byte
}

// Dimension is a property of candidates that criteria are reported under.
type Dimension struct{ ID, Title string }

// Group is a part of the rubric that is summed up on its own.
type Group struct {
	ID, Title string
	// Points is the sum of its criteria without penalties.
	Points int
	// Cap is the most of them that count; 0 where all do.
	Cap      int
	Criteria []Criterion
}

// Worth is the most that the group gives.
func (g Group) Worth() int {
	if g.Cap > 0 {
		return min(g.Points, g.Cap)
	}
	return g.Points
}

// Source says who judges a criterion.
type Source string

const (
	// FromNotes: a rule over the candidate's notes.
	FromNotes Source = "notes"
	// FromProbe: conditions over what probes counted.
	FromProbe Source = "probe"
	// FromExaminer: a person's mark.
	FromExaminer Source = "examiner"
	// FromClaims: verdicts over what the notes claim, see Claim.
	FromClaims Source = "claims"
)

// What a criterion of source claims asks for.
const (
	WantContradicted    = "contradicted"     // a claim is contradicted; for penalties
	WantConfirmed       = "confirmed"        // a claim is confirmed, none contradicted
	WantNotContradicted = "not-contradicted" // none is contradicted
)

// Criterion is one thing that earns or costs points.
type Criterion struct {
	ID string
	// Title is the examiner's wording, Candidate what a candidate may read beforehand.
	Title, Candidate string
	Source           Source
	// Points is positive, also for a penalty, where it is the cost.
	Points  int
	Penalty bool
	// Required is the least that it must earn for a pass; 0 where a pass needs nothing of it.
	Required   int
	Dimensions []string
	// Requires are criteria that must each have earned something.
	Requires []string
	// Rule is the id of the rule for the notes.
	Rule string
	// Probe is the default probe of the conditions.
	Probe string
	Steps []Step
	Scale []Anchor
	// Verdict is what is asked of claims, Claims are their ids; empty: all.
	Verdict string
	Claims  []string
}

// Step gives points when all its conditions hold.
type Step struct {
	Points int
	When   []Condition
}

// Anchor is one mark of an examiner's scale and what it stands for.
type Anchor struct {
	Points int
	Text   string
}

// Criteria returns all criteria in the order of the file.
func (r *Rubric) Criteria() []Criterion {
	var out []Criterion
	for _, g := range r.Groups {
		out = append(out, g.Criteria...)
	}
	return out
}

// Probes returns the probes that the rubric's conditions name, in the file's order.
func (r *Rubric) Probes() []string {
	var out []string
	seen := map[string]bool{}
	for _, c := range r.Criteria() {
		for _, name := range c.probes() {
			if !seen[name] {
				seen[name] = true
				out = append(out, name)
			}
		}
	}
	return out
}

// probes returns the probes of one criterion's conditions.
func (c Criterion) probes() []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range c.Steps {
		for _, w := range s.When {
			if !seen[w.Probe] {
				seen[w.Probe] = true
				out = append(out, w.Probe)
			}
		}
	}
	return out
}
