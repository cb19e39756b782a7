package golden

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"firedrill/rubric"
	"firedrill/rubric/strict"
)

// formatVersion is the version of the expectation's form.
const formatVersion = 1

// Expected is what one golden submission must get.
type Expected struct {
	// File is where it stands.
	File string
	// About says who hands it in.
	About string
	// Points, Lowest and Highest are the grade's totals; nil where nothing is expected.
	Points, Lowest, Highest *int
	// State is what the grade says about the pass line; empty where nothing is expected.
	State    rubric.State
	Criteria []Criterion
}

// Criterion is what is expected of one criterion.
type Criterion struct {
	ID      string
	Outcome rubric.Outcome
	// Points are nil where only the outcome is expected.
	Points *int
	// Line is where it stands in the file, 1-based.
	Line int
}

// readExpected reads an expectation strictly; the error joins all problems, each as
// file:line: path: message with a hint.
func readExpected(file string) (*Expected, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	doc, root := strict.Parse(data)
	e := &Expected{File: file}
	if root.Present() {
		e.decode(doc, root)
	}
	var errs []error
	for _, p := range doc.Problems() {
		text := rubric.Problem{File: file, Line: p.Line, Path: p.Path, Message: p.Message}.String()
		if p.Hint != "" {
			text += "\n\thint: " + p.Hint
		}
		errs = append(errs, errors.New(text))
	}
	return e, errors.Join(errs...)
}

func (e *Expected) decode(doc *strict.Doc, root strict.Node) {
	m := root.Map("expected", "about", "changed", "points", "lowest", "highest", "state", "criteria")
	version := m.Need("expected", "begin with `expected: 1`")
	if version.Present() && version.Scalar() != strconv.Itoa(formatVersion) {
		version.Fail("begin with `expected: 1`", "version %q of the form is not known", version.Scalar())
		return
	}
	e.About = m.Get("about").Text()
	m.Get("changed").Texts() // of examples, which follow a kit
	e.Points, e.Lowest, e.Highest = number(m.Get("points")), number(m.Get("lowest")), number(m.Get("highest"))
	state := m.Get("state")
	e.State = rubric.State(state.Text())
	if state.Present() && !oneOf(e.State, rubric.Passed, rubric.Failed, rubric.Open) {
		state.Fail("one of passed, failed, open", "unknown state %q", e.State)
	}
	seen := map[string]bool{}
	for i, n := range m.Need("criteria", "list what it must get: {id: …, outcome: met}").List() {
		f := n.Map("id", "outcome", "points")
		outcome := f.Need("outcome", "one of met, not_met, needs_review, not_gradable")
		c := Criterion{ID: f.Need("id", "").Text(), Outcome: rubric.Outcome(outcome.Text()),
			Points: number(f.Get("points")), Line: doc.Line(fmt.Sprintf("criteria[%d]", i))}
		if outcome.Present() && !oneOf(c.Outcome, rubric.Met, rubric.NotMet, rubric.NeedsReview, rubric.NotGradable) {
			outcome.Fail("one of met, not_met, needs_review, not_gradable", "unknown outcome %q", c.Outcome)
		}
		if seen[c.ID] {
			n.Fail("keep one of the two", "%q stands twice", c.ID)
		}
		seen[c.ID] = true
		e.Criteria = append(e.Criteria, c)
	}
}

func number(n strict.Node) *int {
	if !n.Present() {
		return nil
	}
	i := n.Int()
	return &i
}

func oneOf[T comparable](v T, all ...T) bool {
	for _, a := range all {
		if a == v {
			return true
		}
	}
	return false
}
