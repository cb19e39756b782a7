package rubric

import (
	"fmt"
	"slices"
)

// Inputs is everything that a grade is made of besides the rubric.
type Inputs struct {
	// NotesFile is the name under which evidence cites the notes.
	NotesFile    string
	Findings     []Finding
	Observations []Observation
	// Marks are people's decisions, one for a criterion; Conduct is what costs points.
	Marks   []Mark
	Conduct *Conduct
	// Claims are the notes' claims with their verdicts, see CheckClaims.
	Claims []Claimed
}

const (
	// shownCalls and shownLogs bound what one piece of evidence repeats.
	shownCalls = 6
	shownLogs  = 10
)

// Score judges the inputs under a loaded rubric. It is a pure function, and has no
// error: what it is not given leaves an outcome open.
func Score(r *Rubric, in Inputs) Grade {
	s := scorer{in: in, criteria: map[string]Criterion{}, results: map[string]Result{}}
	g := Grade{
		Rubric: Version{r.Name, r.Version, r.Exam, r.Title, r.Hash, r.Released},
		Of:     r.Points, Pass: r.Pass,
		Groups: []Subtotal{}, Dimensions: []Subtotal{}, Criteria: []Result{},
	}
	for _, c := range r.Criteria() {
		s.criteria[c.ID] = c
	}
	for _, group := range r.Groups {
		sum := Subtotal{ID: group.ID, Title: group.Title}
		var costs Subtotal
		for _, c := range group.Criteria {
			result := s.result(c)
			result.Group = group.ID
			g.Criteria = append(g.Criteria, result)
			if c.Penalty {
				costs.add(result)
			} else {
				sum.add(result)
			}
		}
		for _, result := range s.costs(r.Costs, group) {
			g.Criteria = append(g.Criteria, result)
			costs.add(result)
		}
		sum.cap(group.Worth())
		sum.Points, sum.Lowest, sum.Highest =
			sum.Points+costs.Points, sum.Lowest+costs.Lowest, sum.Highest+costs.Highest
		sum.floor()
		g.Groups = append(g.Groups, sum)
		g.Points += sum.Points
		g.Lowest += sum.Lowest
		g.Highest += sum.Highest
	}
	for _, d := range r.Dimensions {
		sum := Subtotal{ID: d.ID, Title: d.Title}
		for _, result := range g.Criteria {
			if slices.Contains(s.criteria[result.ID].Dimensions, d.ID) {
				sum.add(result)
			}
		}
		sum.floor()
		g.Dimensions = append(g.Dimensions, sum)
	}
	g.settle()
	return g
}

// settle says where the grade stands. An open required criterion keeps it open, unless the
// total fails already.
func (g *Grade) settle() {
	sure := g.Lowest >= g.Pass
	for _, r := range g.Criteria {
		if r.Required == 0 {
			continue
		}
		sure = sure && r.Lowest >= r.Required
		if r.Highest < r.Required {
			g.Lacks = append(g.Lacks, r.ID)
		}
	}
	switch {
	case g.Highest < g.Pass || len(g.Lacks) > 0:
		g.State = Failed
	case sure:
		g.State = Passed
	default:
		g.State = Open
	}
}

func (s *Subtotal) add(r Result) {
	s.Points += r.Points
	s.Lowest += r.Lowest
	s.Highest += r.Highest
	s.Of += r.Of
}

// cap bounds what a group's criteria earn together.
func (s *Subtotal) cap(most int) {
	s.Points, s.Lowest, s.Highest = min(s.Points, most), min(s.Lowest, most), min(s.Highest, most)
	s.Of = min(s.Of, most)
}

func (s *Subtotal) floor() {
	s.Points, s.Lowest, s.Highest = max(s.Points, 0), max(s.Lowest, 0), max(s.Highest, 0)
}

// scorer judges criteria, each once; prerequisites first.
type scorer struct {
	in       Inputs
	criteria map[string]Criterion
	results  map[string]Result
}

func (s *scorer) result(c Criterion) Result {
	if r, ok := s.results[c.ID]; ok {
		return r
	}
	r := Result{ID: c.ID, Title: c.Title, Candidate: c.Candidate, Source: c.Source, Of: c.Points,
		Required: c.Required}
	if c.Penalty {
		r.Of, r.Penalty = 0, c.Points
	}
	switch c.Source {
	case FromNotes:
		s.notes(c, &r)
	case FromProbe:
		s.probe(c, &r)
	case FromExaminer:
		s.examiner(c, &r)
	case FromClaims:
		s.claims(c, &r)
	}
	s.require(c, &r)
	if c.Source != FromExaminer && s.override(c, &r) {
		s.require(c, &r)
	}
	s.results[c.ID] = r
	return r
}

// decide settles a result on points.
func (r *Result) decide(o Outcome, points int, reason string) {
	r.Outcome, r.Reason = o, reason
	r.Points, r.Lowest, r.Highest = points, points, points
}

// open leaves a result open between its worst and its best.
func (r *Result) open(o Outcome, reason string) {
	r.Outcome, r.Reason = o, reason
	r.Points, r.Lowest, r.Highest = 0, -r.Penalty, r.Of
	if len(r.Evidence) == 0 {
		r.Evidence = []Evidence{{Kind: KindNone, Reason: reason}}
	}
}

func (s *scorer) notes(c Criterion, r *Result) {
	f, reason := only(s.in.Findings, "finding", func(f Finding) bool { return f.Criterion == c.Rule })
	if reason != "" {
		r.open(NotGradable, reason)
		return
	}
	r.Evidence = []Evidence{{
		Kind: KindNotes, File: s.in.NotesFile, Lines: f.Lines, Quote: f.Quote,
		Reason: f.Reason, Rule: f.Rule,
	}}
	switch f.Outcome {
	case Met:
		r.decide(Met, c.Points, f.Reason)
		if c.Penalty {
			r.decide(Met, -c.Points, f.Reason)
		}
	case NotMet:
		r.decide(NotMet, 0, f.Reason)
	case NeedsReview, NotGradable:
		r.open(f.Outcome, f.Reason)
	default:
		r.open(NotGradable, fmt.Sprintf("the finding's outcome %q is not known", f.Outcome))
	}
}

func (s *scorer) probe(c Criterion, r *Result) {
	if down := s.down(c); len(down) > 0 {
		r.Evidence = down
		r.decide(NotMet, 0, down[0].Reason)
		return
	}
	checks, unknown := s.apply(c)
	reached := slices.IndexFunc(checks, func(row []check) bool {
		return !slices.ContainsFunc(row, func(k check) bool { return !k.holds })
	})
	if reached >= 0 {
		checks = checks[:reached+1] // what less would earn is of no interest
	}
	r.Evidence = s.probeEvidence(c, checks)
	switch {
	case unknown != "":
		r.open(NotGradable, unknown)
	case reached == 0:
		r.decide(Met, c.Points, "all conditions hold")
	case reached > 0:
		points := c.Steps[reached].Points
		r.decide(NotMet, points, fmt.Sprintf(
			"the conditions for %d of %d points hold, those for more do not", points, c.Points))
	default:
		r.decide(NotMet, 0, "the conditions do not hold")
	}
}

// down gives one piece of evidence for each of the criterion's probes that found the
// service gone by its own fault.
func (s *scorer) down(c Criterion) []Evidence {
	var out []Evidence
	for _, name := range c.probes() {
		if o, reason := s.observation(name); reason == "" && o.Down != "" {
			out = append(out, Evidence{Kind: KindProbe, Probe: name, World: o.World, Reason: o.Down})
		}
	}
	return out
}

// apply checks all conditions of all steps; unknown says why some could not be.
func (s *scorer) apply(c Criterion) (checks [][]check, unknown string) {
	for _, step := range c.Steps {
		var row []check
		for _, w := range step.When {
			o, reason := s.observation(w.Probe)
			k := check{condition: w, unknown: reason}
			if reason == "" {
				k = w.apply(o.Counts)
			}
			if unknown == "" {
				unknown = k.unknown
			}
			row = append(row, k)
		}
		checks = append(checks, row)
	}
	return checks, unknown
}

func (s *scorer) observation(probe string) (Observation, string) {
	o, reason := only(s.in.Observations, "observation of "+probe,
		func(o Observation) bool { return o.Probe == probe })
	if reason == "" && o.Unchecked != "" {
		reason = o.Unchecked
	}
	return o, reason
}

// only returns the single element that matches, or why there is none.
func only[T any](all []T, what string, match func(T) bool) (T, string) {
	var zero T
	i := slices.IndexFunc(all, match)
	if i < 0 {
		return zero, "there is no " + what
	}
	if slices.ContainsFunc(all[i+1:], match) {
		return zero, "there is more than one " + what
	}
	return all[i], ""
}

// probeEvidence gives one piece for each probe that the criterion looks at.
func (s *scorer) probeEvidence(c Criterion, checks [][]check) []Evidence {
	var out []Evidence
	for _, name := range c.probes() {
		o, reason := s.observation(name)
		if reason != "" {
			out = append(out, Evidence{Kind: KindNone, Probe: name, Reason: reason})
			continue
		}
		e := Evidence{
			Kind: KindProbe, Probe: name, World: o.World,
			Logs: o.Logs[:min(len(o.Logs), shownLogs)], Remarks: o.Notes,
		}
		for _, row := range checks {
			for _, k := range row {
				if k.condition.Probe == name && k.unknown == "" && !slices.Contains(e.Counted, k.words) {
					e.Counted = append(e.Counted, k.words)
				}
			}
		}
		for _, x := range o.Transcript[:min(len(o.Transcript), shownCalls)] {
			e.Transcript = append(e.Transcript,
				Call{x.Method, x.Path, x.Body, x.Status, x.Answer, x.Error})
		}
		out = append(out, e)
	}
	return out
}

// require takes away what was earned without its prerequisites.
func (s *scorer) require(c Criterion, r *Result) {
	for _, id := range c.Requires {
		switch needed := s.result(s.criteria[id]); {
		case needed.Highest <= 0:
			r.decide(NotMet, 0, "counts only with "+id+", which earned nothing")
			return
		case needed.Lowest <= 0 && r.Highest > 0:
			r.Outcome, r.Points, r.Lowest = needed.Outcome, 0, min(r.Lowest, 0)
			r.Reason = "counts only with " + id + ", which is open"
		}
	}
}
