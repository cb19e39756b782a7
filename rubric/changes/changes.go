// Package changes says in words how two versions of a rubric differ.
//
// It exists for the people who are asked why: a diff of two files shows lines, this shows
// what a change means for a candidate (points, conditions with their limits, wording, rules
// by the criterion that they decide). What it does to real submissions is package
// grader/regrade's business.
//
// Every difference of two loaded rubrics is told: where their content differs and no line
// below says so, a last one does (comments, order within a file of rules).
package changes

import (
	"fmt"
	"slices"
	"strings"

	"firedrill/rubric"
)

// Change is one difference, in words.
type Change struct {
	// About is the criterion, group or dimension, empty for the rubric as a whole.
	About string `json:"about"`
	// Kind is one of the constants below.
	Kind string `json:"kind"`
	// Text says it in a line.
	Text string `json:"text"`
}

// Kinds of changes.
const (
	Release   = "release"   // name, version, exam, hash, title
	Pass      = "pass"      // the pass line and the total
	Dimension = "dimension" // sub-scores for the reader
	Group     = "group"     // a group added, dropped, or of other points
	Added     = "added"     // a criterion that the old one does not have
	Dropped   = "dropped"   // a criterion that the new one does not have
	Points    = "points"    // what a criterion is worth or costs
	Condition = "condition" // steps, conditions, limits, prerequisites, scale, verdict
	Wording   = "wording"   // what people read
	Rule      = "rule"      // how notes are read
	Claim     = "claim"     // what notes may claim, and what it is held against
	Content   = "content"   // of files, where nothing above says what
)

// String spells the change with what it is about.
func (c Change) String() string {
	if c.About == "" {
		return c.Text
	}
	return c.About + ": " + c.Text
}

// differ collects changes.
type differ struct{ out []Change }

func (d *differ) add(about, kind, format string, args ...any) {
	d.out = append(d.out, Change{about, kind, fmt.Sprintf(format, args...)})
}

// text tells of a changed text.
func (d *differ) text(about, kind, what, before, after string) {
	switch {
	case before == after:
	case before == "":
		d.add(about, kind, "%s added: %q", what, after)
	case after == "":
		d.add(about, kind, "%s dropped: %q", what, before)
	default:
		d.add(about, kind, "%s is %q, was %q", what, after, before)
	}
}

// Between lists what differs, the new rubric's order first. It is empty for equal rubrics.
func Between(before, after *rubric.Rubric) []Change {
	d := &differ{}
	d.head(before, after)
	d.dimensions(before.Dimensions, after.Dimensions)
	d.groups(before.Groups, after.Groups)
	d.criteria(before, after)
	d.rules(before, after)
	d.claims(before, after)
	if before.Hash != after.Hash && !slices.ContainsFunc(d.out, told) {
		d.add("", Content, "nothing else: comments, order or layout of the files")
	}
	return d.out
}

// told reports changes that say what differs in the files, beside their names.
func told(c Change) bool { return c.Kind != Release }

func (d *differ) head(before, after *rubric.Rubric) {
	d.text("", Release, "name", before.Name, after.Name)
	d.text("", Release, "exam", before.Exam, after.Exam)
	switch {
	case before.Version != after.Version:
		d.add("", Release, "version %s, was %s", after.Version, before.Version)
	case before.Hash != after.Hash:
		d.add("", Release, "both call themselves %s, and their content differs: raise the version",
			after.Version)
	}
	if before.Hash != after.Hash {
		d.add("", Release, "content %s, was %s", short(after.Hash), short(before.Hash))
	}
	d.text("", Release, "date of release", before.Released, after.Released)
	d.text("", Rule, "base", before.Base.Name, after.Base.Name)
	d.text("", Wording, "title", before.Title, after.Title)
	if before.Points != after.Points {
		d.add("", Pass, "%s in all, was %d", points(after.Points), before.Points)
	}
	if before.Pass != after.Pass {
		d.add("", Pass, "%s to pass, was %d", points(after.Pass), before.Pass)
	}
	d.others("", *before, *after, []string{"Name", "Version", "Exam", "Title", "Points", "Pass",
		"Dimensions", "Groups", "Notes", "Lexicon", "Weights", "Claims", "Claimable", "Rules", "Hash",
		"Base", "Released"})
}

// short is enough of a hash to tell two releases apart.
func short(hash string) string {
	const enough = len("sha256:") + 12
	return hash[:min(len(hash), enough)]
}

func points(n int) string {
	if n == 1 || n == -1 {
		return fmt.Sprintf("%d point", n)
	}
	return fmt.Sprintf("%d points", n)
}

func (d *differ) dimensions(before, after []rubric.Dimension) {
	id := func(x rubric.Dimension) string { return x.ID }
	pairs(before, after, id, func(was, is *rubric.Dimension) {
		switch {
		case was == nil:
			d.add("", Dimension, "dimension %s added: %q", is.ID, is.Title)
		case is == nil:
			d.add("", Dimension, "dimension %s dropped", was.ID)
		default:
			d.text("dimension "+is.ID, Wording, "title", was.Title, is.Title)
		}
	})
}

func (d *differ) groups(before, after []rubric.Group) {
	id := func(x rubric.Group) string { return x.ID }
	pairs(before, after, id, func(was, is *rubric.Group) {
		switch {
		case was == nil:
			d.add("group "+is.ID, Group, "added, %s", points(is.Points))
		case is == nil:
			d.add("group "+was.ID, Group, "dropped, %s", points(was.Points))
		default:
			d.text("group "+is.ID, Wording, "title", was.Title, is.Title)
			if was.Points != is.Points {
				d.add("group "+is.ID, Group, "%s, was %d", points(is.Points), was.Points)
			}
			d.others("group "+is.ID, *was, *is, []string{"ID", "Title", "Points", "Criteria"})
		}
	})
}

// pairs calls f for everything that either list holds: the new order first, then what is
// gone.
func pairs[T any](before, after []T, id func(T) string, f func(was, is *T)) {
	for i := range after {
		at := slices.IndexFunc(before, func(x T) bool { return id(x) == id(after[i]) })
		if at < 0 {
			f(nil, &after[i])
			continue
		}
		f(&before[at], &after[i])
	}
	for i := range before {
		if !slices.ContainsFunc(after, func(x T) bool { return id(x) == id(before[i]) }) {
			f(&before[i], nil)
		}
	}
}

// listed tells of a list of names.
func (d *differ) listed(about, kind, what string, before, after []string) {
	var parts []string
	for _, s := range after {
		if !slices.Contains(before, s) {
			parts = append(parts, "+"+s)
		}
	}
	for _, s := range before {
		if !slices.Contains(after, s) {
			parts = append(parts, "-"+s)
		}
	}
	if len(parts) > 0 {
		d.add(about, kind, "%s: %s", what, strings.Join(parts, ", "))
	}
}
