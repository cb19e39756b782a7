package page

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"firedrill/grader/diff"
	"firedrill/grader/probe"
	"firedrill/grader/report"
	"firedrill/rubric"
)

// examinerView is everything that stands on the examiner's page.
type examinerView struct {
	frame
	R     *report.Report
	Score score
	// Lacks are required criteria that did not earn what a pass needs of them.
	Lacks []item
	// Open is what a person has to decide, that first on which most points hang.
	Open       []item
	Groups     []group
	Tally      []counted
	Dimensions []subtotal
	Worlds     []world
	Seconds    string // the charts' whole time
	Claims     []claim
	Settings   []setting
	Diff       []file
	Facts      []fact
	Notes      paper
	Stable     []string
}

// score is the total against the pass mark.
type score struct {
	Points, Lowest, Highest string
	Of, Pass                int
	// State is passed, failed or open, in words for the reader.
	State, Class string
	Interval     bool
	// Lacks says that a pass needs more than points.
	Lacks bool
	Bar   bar
}

func newScore(g rubric.Grade) score {
	s := score{Points: signed(g.Points), Lowest: signed(g.Lowest), Highest: signed(g.Highest),
		Of: g.Of, Pass: g.Pass, Interval: g.Lowest != g.Highest, Lacks: len(g.Lacks) > 0,
		Bar: newBar(g.Points, g.Lowest, g.Highest, g.Of, g.Pass)}
	switch g.State {
	case rubric.Passed:
		s.State, s.Class = "Passed", "met"
	case rubric.Failed:
		s.State, s.Class = "Not passed", "not"
	default:
		s.State, s.Class = "Open", "open"
	}
	return s
}

// subtotal is a group's or a dimension's points.
type subtotal struct {
	Title, Points string
	Of            int
	Bar           bar
}

func newSubtotal(s rubric.Subtotal) subtotal {
	points := signed(s.Points)
	if s.Lowest != s.Highest {
		points = fmt.Sprintf("%s–%s", signed(s.Lowest), signed(s.Highest))
	}
	return subtotal{s.Title, points, s.Of, newBar(s.Points, s.Lowest, s.Highest, s.Of, 0)}
}

// group is a part of the rubric with its criteria.
type group struct {
	subtotal
	Anchor string
	Items  []item
}

// fact is a line of the environment.
type fact struct{ Name, Value string }

// examiner puts the page together.
func examiner(in Input) (examinerView, error) {
	r := in.Report
	f, err := newFrame(r.Rubric.Title + ": grade")
	v := examinerView{frame: f, R: r, Score: newScore(r.Grade)}
	b := builder{shown: shown(r), by: citations{}, docs: map[string]probe.Probe{},
		file: r.Submission.Notes, uses: map[string][]item{}}
	for _, p := range in.Probes {
		b.docs[p.ID] = p
	}
	for _, g := range r.Groups {
		out := group{subtotal: newSubtotal(g), Anchor: "g-" + g.ID}
		for _, c := range r.Criteria {
			if c.Group == g.ID {
				out.Items = append(out.Items, b.item(c))
			}
		}
		v.Groups = append(v.Groups, out)
		v.Open = append(v.Open, undecided(out.Items)...)
		for _, i := range out.Items {
			if slices.Contains(r.Lacks, i.ID) {
				v.Lacks = append(v.Lacks, i)
			}
		}
	}
	slices.SortStableFunc(v.Open, func(a, b item) int { return cmp.Compare(b.Stake, a.Stake) })
	for _, d := range r.Dimensions {
		v.Dimensions = append(v.Dimensions, newSubtotal(d))
	}
	v.Claims = b.claims(r.Claims)
	v.Tally = tally(v.Groups)
	if r.Record != nil {
		v.Worlds, v.Seconds = b.worlds(r.Record.Observations)
	}
	for _, s := range r.Settings {
		v.Settings = append(v.Settings, setting{s.File, s.Line, s.Path, s.Value, s.Applied, s.Reason})
	}
	v.Diff = changes(r.Diff)
	v.Facts = facts(r)
	if r.Stability != nil {
		for _, d := range slices.Concat(r.Stability.Criteria, r.Stability.Counts) {
			v.Stable = append(v.Stable, d.String())
		}
	}
	v.Notes = newPaper(r, b.by)
	return v, err
}

// counted is how many criteria have an outcome.
type counted struct {
	Class, Words string
	N            int
}

// tally counts outcomes, the good ones first; penalties that are not due are none.
func tally(all []group) []counted {
	out := []counted{{"met", "met", 0}, {"part", "partly met", 0}, {"not", "not met", 0},
		{"open", "for a person", 0}, {"gone", "not gradable", 0}, {"due", "penalty due", 0}}
	for _, g := range all {
		for _, i := range g.Items {
			if at := slices.IndexFunc(out, func(c counted) bool { return c.Class == i.Class }); at >= 0 {
				out[at].N++
			}
		}
	}
	return slices.DeleteFunc(out, func(c counted) bool { return c.N == 0 })
}

// undecided are the criteria that a person has to decide.
func undecided(all []item) []item {
	var out []item
	for _, i := range all {
		if i.Stake > 0 {
			out = append(out, i)
		}
	}
	return out
}

// facts are the environment and the versions.
func facts(r *report.Report) []fact {
	took := r.Run.Finished.Sub(r.Run.Started).Seconds()
	out := []fact{
		{"Run", r.Run.ID},
		{"Graded", r.Run.Started.UTC().Format("2006-01-02 15:04:05 UTC") + fmt.Sprintf(", in %.1f s", took)},
		{"Submission", r.Submission.Hash},
		{"Rubric", fmt.Sprintf("%s %s for the exam %s", r.Rubric.Name, r.Rubric.Version, r.Rubric.Exam) +
			named(", released %s", r.Rubric.Released)},
		{"Rubric's content", r.Rubric.Hash},
	}
	engine := r.Run.Engine
	if engine == "" {
		engine = "none, only the notes were graded"
	}
	out = append(out, fact{"Container engine", engine})
	if r.Run.Isolation != nil {
		out = append(out, fact{"Isolation of the service", r.Run.Isolation.String()})
	}
	for i, a := range r.Run.Attempts {
		if a.Error != "" {
			out = append(out, fact{fmt.Sprintf("Attempt %d, broken by the machine", i+1), a.Error})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Run.Versions)) {
		out = append(out, fact{"Image " + name, r.Run.Versions[name]})
	}
	if r.Record != nil {
		out = append(out, fact{"Seed of the requests", fmt.Sprint(r.Record.Seed)})
	}
	return out
}

// setting is a change of the compose file; Why says on the examiner's page why it was not
// applied.
type setting struct {
	File        string
	Line        int
	Path, Value string
	Applied     bool
	Why         string
}

// file is a changed file with its lines numbered.
type file struct {
	Path, Reason, Words string
	Kind                diff.Kind
	Hunks               []hunk
	Cut                 int
}

type hunk struct {
	Head  string
	Lines []changed
}

// changed is one line of a hunk. Old or New is empty where that side does not have it.
type changed struct{ Class, Old, New, Text string }

func changes(all []diff.File) []file {
	var out []file
	for _, f := range all {
		x := file{Path: f.Path, Reason: f.Reason, Kind: f.Kind, Cut: f.Cut,
			Words: fmt.Sprintf("%s, +%d −%d", f.Kind, f.Added, f.Removed)}
		for _, h := range f.Hunks {
			x.Hunks = append(x.Hunks, newHunk(h))
		}
		out = append(out, x)
	}
	return out
}

func newHunk(h diff.Hunk) hunk {
	out := hunk{Head: h.Head()}
	old, own := h.Old, h.New
	for _, s := range h.Lines {
		c := changed{Text: s}
		if !strings.HasPrefix(s, "+") {
			c.Old = fmt.Sprint(old)
			old++
		}
		if !strings.HasPrefix(s, "-") {
			c.New = fmt.Sprint(own)
			own++
		}
		switch {
		case c.Old == "":
			c.Class = "add"
		case c.New == "":
			c.Class = "del"
		}
		out.Lines = append(out.Lines, c)
	}
	return out
}
