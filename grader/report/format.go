package report

import (
	"fmt"
	"io"
	"strings"

	"firedrill/rubric"
)

// Format is a form that a report can be written in.
type Format string

// The formats. HTML is a page of its own, see package page.
const (
	FormatText     Format = "text"     // for a terminal
	FormatJSON     Format = "json"     // the whole report, see Schema
	FormatJUnit    Format = "junit"    // for a CI's list of tests
	FormatSARIF    Format = "sarif"    // for tools that show findings beside lines
	FormatMarkdown Format = "markdown" // for a pull request or a step's summary
)

// Formats lists all formats, the usual one first.
func Formats() []Format {
	return []Format{FormatText, FormatJSON, FormatJUnit, FormatSARIF, FormatMarkdown}
}

// Encode writes the report in a format; width, in columns, is for text alone.
func (r *Report) Encode(w io.Writer, f Format, width int) error {
	switch f {
	case FormatText:
		return r.Text(w, width)
	case FormatJUnit:
		return r.JUnit(w)
	case FormatSARIF:
		return r.SARIF(w)
	case FormatMarkdown:
		return r.Markdown(w)
	case FormatJSON:
		data, err := r.JSON()
		if err != nil {
			return err
		}
		_, err = w.Write(data)
		return err
	}
	return fmt.Errorf("%q is no format of a report", f)
}

// Criterion gives one criterion with its evidence as Text prints it, or nothing where the
// report does not have it.
func (r *Report) Criterion(id string, width int) string {
	for _, c := range r.Criteria {
		if c.ID == id {
			return criterionText(c, width)
		}
	}
	return ""
}

func criterionText(c rubric.Result, width int) string {
	p := &printer{width: max(width, minWidth)}
	p.criterion(c)
	return strings.Trim(p.out.String(), "\n") + "\n"
}

// standing is what a criterion's outcome means for the candidate: a penalty that is met is
// a loss, so is what hints or time cost, and a lower step is neither all nor nothing.
type standing int

const (
	standsFull      standing = iota // met, or a penalty that is not due
	standsPart                      // a lower step or mark
	standsLost                      // not met, or a penalty that is due
	standsReview                    // a person must decide
	standsUnchecked                 // it could not be checked: nobody's loss
)

func stands(c rubric.Result) standing {
	switch {
	case c.Outcome == rubric.NotGradable:
		return standsUnchecked
	case c.Outcome == rubric.NeedsReview || c.Lowest != c.Highest:
		return standsReview
	case c.Points < 0:
		return standsLost
	case c.Outcome == rubric.Met || c.Of == 0: // nothing to earn, and nothing lost
		return standsFull
	case c.Points > 0:
		return standsPart
	}
	return standsLost
}

// pointsOf says in words what a criterion gave.
func pointsOf(c rubric.Result) string {
	got := span(c.Points, c.Lowest, c.Highest)
	switch {
	case c.Of > 0:
		return fmt.Sprintf("%s of %d points", got, c.Of)
	case c.Lowest != c.Highest:
		return fmt.Sprintf("%s points, costs %d if met", got, c.Penalty)
	case c.Points == 0:
		return "costs nothing"
	}
	return fmt.Sprintf("costs %d points", -c.Points)
}

// total says in words what the whole report gave.
func total(r *Report) string {
	out := fmt.Sprintf("%d of %d points", r.Points, r.Of)
	if r.Lowest != r.Highest {
		out += fmt.Sprintf(" so far, %d to %d once everything is decided", r.Lowest, r.Highest)
	}
	out = fmt.Sprintf("%s; %d to pass: %s", out, r.Pass, r.State)
	if len(r.Lacks) > 0 {
		out += ", no pass without " + strings.Join(r.Lacks, ", ")
	}
	return out
}
