// Package marks reads what people decided about a submission: marks that only an examiner can
// give, decisions that count instead of an automatic outcome, and what the exam's hints and
// time cost.
//
// The file is the examiner's. It stands beside the submission, as NAME-marks.yaml, or anywhere
// that a command line names; one inside a submission is the candidate's and is never read.
//
//	marks: 1                      # version of this form, first
//	submission: jane              # the submission's directory, or its hash: sha256:…
//	conduct:                      # optional: what costs points, see rubric.Costs
//	  hints: ["1", "4"]           # those that were given; [] says none
//	  minutes: 44
//	  by: ada
//	  when: 2026-05-04T10:44:00Z
//	entries:                      # oldest first; entries are added, never changed
//	  - criterion: examiner.approach
//	    points: 4                 # a mark of the scale, or what one of the steps gives
//	    by: ada
//	    when: 2026-05-04T11:00:00Z
//	    why: looked at the metrics first, and said what each log line would rule out
//	  - criterion: cause.dns
//	    outcome: met              # met or not_met, instead of what was found automatically
//	    by: ada
//	    when: 2026-05-04T11:05:00Z
//	    why: line 14 says it in Polish
//	  - criterion: cause.dns
//	    withdrawn: true           # what was found automatically counts again
//	    by: ada
//	    when: 2026-05-04T11:30:00Z
//	    why: line 14 is quoted from the runbook
//
// A person's last entry on a criterion is what that person says. Where people differ the
// criterion is open, until a person who has not marked it decides, in an entry with
// `decides: true`. All entries stay in the grade as its history.
package marks

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"firedrill/rubric"
	"firedrill/rubric/strict"
)

const (
	// Version is the version of the form.
	Version = 1
	// Suffix is what a submission's name is followed by in the name of its marks.
	Suffix = "-marks.yaml"
	// maxFile bounds a file of marks, in bytes.
	maxFile = 1 << 20
)

// Sheet is what people decided about one submission.
type Sheet struct {
	// File is where it stands.
	File string
	// Submission is the name of its directory, or its hash.
	Submission string
	Conduct    *rubric.Conduct
	Entries    []Entry
}

// Entry is one decision of one person.
type Entry struct {
	rubric.Mark
	// Decides settles what others disputed.
	Decides bool
	// Line is where it stands in the file, 1-based.
	Line int
}

// Read reads a file of marks strictly. The error joins all problems, each as file:line: path:
// message with a hint.
func Read(file string) (*Sheet, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s: larger than %d bytes", file, maxFile)
	}
	return Parse(file, data)
}

// Parse reads marks; file names them in errors.
func Parse(file string, data []byte) (*Sheet, error) {
	doc, root := strict.Parse(data)
	r := reader{doc: doc, sheet: &Sheet{File: file}}
	if root.Present() {
		r.read(root)
	}
	if err := problems(file, doc.Problems()); err != nil {
		return nil, err
	}
	return r.sheet, nil
}

func problems(file string, all []strict.Problem) error {
	var errs []error
	for _, p := range all {
		text := rubric.Problem{File: file, Line: p.Line, Path: p.Path, Message: p.Message}.String()
		if p.Hint != "" {
			text += "\n\thint: " + p.Hint
		}
		errs = append(errs, errors.New(text))
	}
	return errors.Join(errs...)
}

type reader struct {
	doc   *strict.Doc
	sheet *Sheet
}

func (r reader) read(root strict.Node) {
	const begin = "begin with `marks: 1`"
	m := root.Map("marks", "submission", "conduct", "entries")
	version := m.Need("marks", begin)
	if version.Present() && version.Scalar() != strconv.Itoa(Version) {
		version.Fail(begin, "version %q of the form is not known", version.Scalar())
		return
	}
	r.sheet.Submission = m.Need("submission", "the name of its directory, or its hash from the report").Text()
	if n := m.Get("conduct"); n.Present() {
		r.sheet.Conduct = r.conduct(n)
	}
	for i, n := range m.Get("entries").List() {
		e := r.entry(n)
		e.Line = r.doc.Line(fmt.Sprintf("entries[%d]", i))
		r.sheet.Entries = append(r.sheet.Entries, e)
	}
	r.order()
	r.deciders()
}

func (r reader) conduct(n strict.Node) *rubric.Conduct {
	m := n.Map("hints", "minutes", "by", "when")
	c := &rubric.Conduct{By: m.Need("by", "who noted it").Text(), When: r.when(m)}
	if hints := m.Get("hints"); hints.Present() {
		c.Hints = append([]string{}, hints.Texts()...)
	}
	if minutes := m.Get("minutes"); minutes.Present() {
		if c.Minutes = minutes.Int(); c.Minutes < 1 {
			minutes.Fail("the time used, in minutes", "must be at least 1")
		}
	}
	return c
}

func (r reader) entry(n strict.Node) Entry {
	m := n.Map("criterion", "points", "outcome", "withdrawn", "decides", "by", "when", "why")
	e := Entry{Decides: m.Get("decides").Bool()}
	e.Criterion = m.Need("criterion", "the id of what is decided").Text()
	e.Points = m.Get("points").Int()
	e.Withdrawn = m.Get("withdrawn").Bool()
	e.By = m.Need("by", "who decides").Text()
	e.Why = m.Need("why", "on what ground; it is read when the grade is asked about").Text()
	e.When = r.when(m)
	outcome := m.Get("outcome")
	e.Outcome = rubric.Outcome(outcome.Text())
	if outcome.Present() && e.Outcome != rubric.Met && e.Outcome != rubric.NotMet {
		outcome.Fail("met or not_met; leave the entry out while it is open", "unknown outcome %q", e.Outcome)
	}
	said := 0
	for _, given := range []bool{m.Get("points").Present(), outcome.Present(), e.Withdrawn} {
		if given {
			said++
		}
	}
	if said != 1 {
		n.Fail("give one of them", "needs either points, outcome or withdrawn: true")
	}
	if e.Withdrawn && e.Decides {
		n.Fail("give points or an outcome", "cannot decide and be withdrawn")
	}
	return e
}

// when reads a date, or a moment.
func (r reader) when(m strict.Map) string {
	n := m.Need("when", "for instance 2026-05-04 or 2026-05-04T11:00:00Z")
	s := n.Scalar()
	if _, ok := moment(s); n.Present() && !ok {
		n.Fail("for instance 2026-05-04 or 2026-05-04T11:00:00Z", "%q is no date", s)
	}
	return s
}

func moment(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// order reports entries that are dated before the one above them: history is not rewritten.
func (r reader) order() {
	var last time.Time
	for i, e := range r.sheet.Entries {
		at, ok := moment(e.When)
		switch {
		case !ok:
		case at.Before(last.Truncate(24*time.Hour)) || len(e.When) > len(time.DateOnly) && at.Before(last):
			r.fail(i, "add entries at the end, and leave those before as they are",
				"is dated before the entry above it")
		default:
			last = at
		}
	}
}

// deciders reports who decides about marks of their own, and who marks what was decided.
func (r reader) deciders() {
	decided := map[string]string{}
	for i, e := range r.sheet.Entries {
		by := decided[e.Criterion]
		own := slices.ContainsFunc(r.sheet.Entries[:i], func(o Entry) bool {
			return o.Criterion == e.Criterion && o.By == e.By && !o.Decides
		})
		switch {
		case e.Decides && own:
			r.fail(i, "somebody who has not marked it decides", "%s marked %s before", e.By, e.Criterion)
		case !e.Decides && by != "":
			r.fail(i, "only an entry with `decides: true` changes that",
				"%s was decided by %s", e.Criterion, by)
		}
		if e.Decides {
			decided[e.Criterion] = e.By
		}
	}
}

func (r reader) fail(i int, hint, format string, args ...any) {
	path := fmt.Sprintf("entries[%d]", i)
	r.doc.Report(r.doc.Line(path), path, fmt.Sprintf(format, args...), hint)
}

// Check reports entries that do not fit a rubric: no such criterion, points that it does not
// give, or a hint without a price.
func (s *Sheet) Check(r *rubric.Rubric) error {
	var errs []error
	fail := func(line int, hint, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s:%d: %s\n\thint: %s", s.File, line, fmt.Sprintf(format, args...), hint))
	}
	known := map[string]rubric.Criterion{}
	var ids []string
	for _, c := range r.Criteria() {
		known[c.ID] = c
		ids = append(ids, c.ID)
	}
	for _, e := range s.Entries {
		c, ok := known[e.Criterion]
		switch {
		case !ok:
			fail(e.Line, nearest(e.Criterion, ids), "rubric %s %s has no criterion %q", r.Name, r.Version, e.Criterion)
		case e.Withdrawn:
		case c.Source == rubric.FromExaminer && e.Outcome != "":
			fail(e.Line, "give points", "%s is marked on a scale, not met or not met", c.ID)
		case e.Outcome == "" && !slices.Contains(worths(c), e.Points):
			fail(e.Line, "one of "+spelled(worths(c)), "%s does not give %d points", c.ID, e.Points)
		}
	}
	if s.Conduct != nil && r.Costs != nil && len(r.Costs.Hints) > 0 {
		for _, h := range s.Conduct.Hints {
			if !slices.ContainsFunc(r.Costs.Hints, func(p rubric.HintCost) bool { return p.Hint == h }) {
				fail(1, "see `costs:` in the rubric", "the hint %q has no price", h)
			}
		}
	}
	return errors.Join(errs...)
}

// worths are the points that a decision may give.
func worths(c rubric.Criterion) []int {
	if c.Source != rubric.FromExaminer {
		return c.Worths()
	}
	var out []int
	for _, a := range c.Scale {
		out = append(out, a.Points)
	}
	return out
}

func spelled(all []int) string {
	var out []string
	for _, n := range all {
		out = append(out, strconv.Itoa(n))
	}
	return strings.Join(out, ", ")
}

// nearest names the ids of the same family, or all.
func nearest(id string, all []string) string {
	family, _, _ := strings.Cut(id, ".")
	same := slices.DeleteFunc(slices.Clone(all), func(s string) bool { return !strings.HasPrefix(s, family+".") })
	if len(same) == 0 {
		same = all
	}
	return "one of " + strings.Join(same, ", ")
}
