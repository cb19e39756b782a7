package page

import (
	"errors"
	"fmt"
	"slices"

	"firedrill/grader/report"
	"firedrill/rubric"
)

// candidateView is everything that stands on a candidate's page. Besides what the candidate
// wrote it holds the words of this package, the rubric's words for candidates, the total and
// the run's id.
type candidateView struct {
	frame
	Date, Reference string
	Score           score
	Parts           []part
	// Untried says why nothing could be asked of the service; Output is the compiler's.
	Untried, Output string
	Claims          []said
	Settings        []setting
	Skipped         []string
	Diff            []file
	Notes           paper
}

// part is what one kind of judge looked at.
type part struct {
	Title, Doc string
	Items      []shownItem
	// Shown of All are how many items were shown.
	Shown, All int
}

// shownItem is a criterion as a candidate sees it.
type shownItem struct {
	Anchor, Words, Outcome, Class string
	// Needed tells that a pass needs it, and that it is missing.
	Needed bool
	Lines  cites
	Quote  string
}

// said is a statement of the notes with what became of it.
type said struct {
	Anchor, Quote, Words, Class string
	Lines                       cites
}

// partsFor are the judges in the order of the page.
var partsFor = []struct {
	title, doc string
	sources    []rubric.Source
}{
	{"Your notes", "Read from the notes that you handed in. The lines are your own.",
		[]rubric.Source{rubric.FromNotes, rubric.FromClaims}},
	{"Your service", "Rebuilt from what you handed in, and tried. What builds on something that was not shown is not shown either.", []rubric.Source{rubric.FromProbe}},
	{"How you worked", "Decided by the person who was with you.", []rubric.Source{rubric.FromExaminer}},
}

// ErrNoWording says that a report tells no criterion in words for candidates: it is older
// than they are.
var ErrNoWording = errors.New("the report has no words for candidates")

func candidate(r *report.Report) (candidateView, error) {
	if slices.ContainsFunc(r.Criteria, func(c rubric.Result) bool { return c.Candidate == "" }) {
		return candidateView{}, ErrNoWording
	}
	f, err := newFrame("Your on-call exercise")
	v := candidateView{frame: f, Score: newScore(r.Grade), Reference: r.Run.ID,
		Date: r.Run.Started.UTC().Format("2 January 2006")}
	by, most := citations{}, shown(r)
	n := 0
	for _, p := range partsFor {
		out := part{Title: p.title, Doc: p.doc}
		for _, c := range r.Criteria {
			if !slices.Contains(p.sources, c.Source) {
				continue
			}
			n++
			i := newShownItem(fmt.Sprintf("i%d", n), c, most)
			i.Needed = slices.Contains(r.Lacks, c.ID)
			by.add(cited(c), citing{i.Anchor, i.Words, i.Outcome, i.Class, weights[i.Class]})
			out.Items = append(out.Items, i)
			if c.Of > 0 {
				out.All++
				if c.Outcome == rubric.Met {
					out.Shown++
				}
			}
		}
		if len(out.Items) > 0 {
			v.Parts = append(v.Parts, out)
		}
	}
	for i, c := range r.Claims {
		s := said{Anchor: fmt.Sprintf("s%d", i+1), Quote: c.Quote, Words: "could not be checked",
			Class: verdictClass(c.Verdict), Lines: cite(c.Lines, most)}
		switch c.Verdict {
		case rubric.Confirmed:
			s.Words = "we saw it too"
		case rubric.Contradicted:
			s.Words = "we saw otherwise"
		}
		by.add(c.Lines, citing{s.Anchor, "what you said about the service", s.Words, "claim", weights["claim"]})
		v.Claims = append(v.Claims, s)
	}
	for _, s := range r.Settings {
		v.Settings = append(v.Settings, setting{s.File, s.Line, s.Path, s.Value, s.Applied, ""})
	}
	for _, s := range r.Submission.Skipped {
		v.Skipped = append(v.Skipped, s.Path)
	}
	v.Untried, v.Output = untried(r)
	v.Diff = changes(r.Diff)
	v.Notes = newPaper(r, by)
	return v, err
}

// newShownItem says an outcome without its ground, which would be the answer.
func newShownItem(anchor string, c rubric.Result, most int) shownItem {
	i := shownItem{Anchor: anchor, Words: c.Candidate, Lines: cite(cited(c), most)}
	_, i.Class = looks(c)
	switch i.Class {
	case "met":
		i.Outcome = "shown"
	case "part":
		i.Outcome = "shown in part"
	case "not":
		i.Outcome = "not shown"
	case "open":
		i.Outcome = "a person still decides"
	case "gone":
		i.Outcome = "could not be checked; costs nothing"
	case "due":
		i.Outcome = "costs points"
	case "free":
		i.Outcome = "costs nothing"
	}
	for _, e := range c.Evidence {
		if e.Kind == rubric.KindNotes && len(cited(c)) > 0 {
			i.Quote = e.Quote
		}
	}
	return i
}

// cited are the lines that a candidate may see for a criterion: those that showed it, cost
// points, or are in doubt. Those of what was not shown would say what was looked for.
func cited(c rubric.Result) []int {
	var out []int
	for _, e := range c.Evidence {
		contradicted := e.Kind == rubric.KindClaim && e.Verdict == rubric.Contradicted
		if e.Kind == rubric.KindNotes && c.Outcome != rubric.NotMet || contradicted {
			out = merge(out, e.Lines)
		}
	}
	return out
}

// untried tells when nothing at all could be asked of the service, by its own fault, and
// gives what the compiler said.
func untried(r *report.Report) (why, output string) {
	for _, n := range r.Notices {
		if n.About == "build" && output == "" {
			output = n.Output
		}
	}
	if r.Record == nil || len(r.Record.Observations) == 0 {
		return "", output
	}
	for _, o := range r.Record.Observations {
		if o.Down == "" || o.Down != r.Record.Observations[0].Down {
			return "", output
		}
	}
	return "Your service did not build, or did not answer, so nothing could be tried with it.", output
}
