package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/jstemmer/go-junit-report/v2/junit"

	"firedrill/rubric"
)

// junitWidth is how wide the evidence of a test case is printed.
const junitWidth = 100

// JUnit writes the report as JUnit XML, for a CI that lists tests.
//
// A group is a suite and a criterion is a test case. It passes when it is met, or when it
// is a penalty that is not due; it fails, with its evidence, when it is not or only partly
// met. What a person must decide and what could not be checked is skipped, with the reason,
// as CIs show an error in the colour of a failure. Points stand in the suite's properties:
// grade.points, points and points.ID among them.
//
// Text of candidates is cleaned, so that the document holds what XML 1.0 allows and nothing
// that a terminal acts on.
func (r *Report) JUnit(w io.Writer) error {
	all := junit.Testsuites{Name: Clean(r.Rubric.Title),
		Time: fmt.Sprintf("%.3f", r.Run.Finished.Sub(r.Run.Started).Seconds())}
	for i, g := range r.Groups {
		all.AddSuite(r.suite(i, g))
	}
	if _, err := io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"); err != nil {
		return err
	}
	return all.WriteXML(w)
}

func (r *Report) suite(i int, g rubric.Subtotal) junit.Testsuite {
	s := junit.Testsuite{ID: i, Name: Clean(g.Title), Package: Clean(r.Rubric.Exam), Time: "0.000"}
	if !r.Run.Started.IsZero() {
		s.SetTimestamp(r.Run.Started)
	}
	s.AddProperty("grade.state", string(r.State))
	addPoints(&s, "grade.", r.Points, r.Lowest, r.Highest, r.Of)
	s.AddProperty("grade.pass", strconv.Itoa(r.Pass))
	if len(r.Lacks) > 0 {
		s.AddProperty("grade.lacks", Clean(strings.Join(r.Lacks, " ")))
	}
	s.AddProperty("rubric", Clean(r.Rubric.Name+" "+r.Rubric.Version+" "+r.Rubric.Hash))
	s.AddProperty("submission", Clean(r.Submission.Hash))
	addPoints(&s, "", g.Points, g.Lowest, g.Highest, g.Of)
	for _, c := range r.Criteria {
		if c.Group == g.ID {
			s.AddProperty("points."+Clean(c.ID), pointsOf(c))
			s.AddTestcase(r.testcase(c))
		}
	}
	return s
}

func addPoints(s *junit.Testsuite, prefix string, points, lowest, highest, of int) {
	s.AddProperty(prefix+"points", strconv.Itoa(points))
	s.AddProperty(prefix+"lowest", strconv.Itoa(lowest))
	s.AddProperty(prefix+"highest", strconv.Itoa(highest))
	s.AddProperty(prefix+"of", strconv.Itoa(of))
}

func (r *Report) testcase(c rubric.Result) junit.Testcase {
	out := junit.Testcase{
		Classname: Clean(r.Rubric.Exam + "." + c.Group),
		Name:      Clean(c.ID + ": " + c.Title),
	}
	text := criterionText(c, junitWidth)
	said := &junit.Result{Message: Clean(fmt.Sprintf("%s, %s: %s", outcome(c), pointsOf(c), short(c.Reason))),
		Type: string(c.Outcome), Data: "\n" + text}
	switch stands(c) {
	case standsFull:
		out.SystemOut = &junit.Output{Data: "\n" + text}
	case standsReview, standsUnchecked:
		out.Skipped = said
	default:
		out.Failure = said
	}
	return out
}
