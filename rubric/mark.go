package rubric

import (
	"fmt"
	"slices"
	"strings"
)

// Mark is a person's decision on a criterion: the mark on a criterion of source examiner, or
// what counts instead of an automatic outcome. There is at most one for a criterion; package
// rubric/marks makes it from what several people wrote.
type Mark struct {
	Criterion string `json:"criterion"`
	// Points are one of the scale's marks, or what one of the steps gives. They do not count
	// where Outcome is set.
	Points int `json:"points"`
	// Outcome, met or not_met, decides a criterion for all its points or none.
	Outcome Outcome `json:"outcome,omitempty"`
	// By and When say who decided and when, Why on what ground; free text.
	By   string `json:"by"`
	When string `json:"when"`
	Why  string `json:"why"`
	// Withdrawn takes earlier decisions back: what holds is what would hold without any.
	Withdrawn bool `json:"withdrawn,omitempty"`
	// Disputed says that people differ and how; the criterion is open until one decides.
	Disputed string `json:"disputed,omitempty"`
	// Earlier are decisions that this one replaces, oldest first.
	Earlier []Mark `json:"earlier,omitempty"`
}

// Spelled says what was decided.
func (m Mark) Spelled() string {
	switch {
	case m.Withdrawn:
		return "withdrawn"
	case m.Outcome != "":
		return strings.ReplaceAll(string(m.Outcome), "_", " ")
	case m.Points == 1:
		return "1 point"
	}
	return fmt.Sprintf("%d points", m.Points)
}

// Automatic is the outcome that a person's decision replaced.
type Automatic struct {
	Outcome Outcome `json:"outcome"`
	Points  int     `json:"points"`
	Reason  string  `json:"reason"`
}

// mark finds the decision on a criterion, or says why there is none.
func (s *scorer) mark(c Criterion) (Mark, string) {
	m, reason := only(s.in.Marks, "mark", func(m Mark) bool { return m.Criterion == c.ID })
	if reason == "" && m.Withdrawn {
		reason = "the mark was withdrawn by " + m.By
	}
	return m, reason
}

// examiner judges what only a person can.
func (s *scorer) examiner(c Criterion, r *Result) {
	var scale []string
	for _, a := range c.Scale {
		scale = append(scale, fmt.Sprint(a.Points))
	}
	m, reason := s.mark(c)
	r.Evidence = markEvidence(m)
	switch {
	case reason != "":
		r.open(NeedsReview, reason+"; an examiner gives one of "+strings.Join(scale, ", "))
		return
	case m.Disputed != "":
		r.open(NeedsReview, m.Disputed)
		return
	case m.Outcome != "" || !slices.ContainsFunc(c.Scale, func(a Anchor) bool { return a.Points == m.Points }):
		r.open(NeedsReview, fmt.Sprintf("the mark %s by %s is none of %s",
			m.Spelled(), m.By, strings.Join(scale, ", ")))
		return
	}
	outcome := NotMet
	if m.Points == c.Points {
		outcome = Met
	}
	r.decide(outcome, m.Points, "marked by "+m.By)
}

// override lets a person's decision count instead of an automatic outcome, which stays
// visible. A decision that does not fit the criterion leaves it for review: it may have been
// made under another rubric.
func (s *scorer) override(c Criterion, r *Result) bool {
	m, reason := only(s.in.Marks, "mark", func(m Mark) bool { return m.Criterion == c.ID })
	if reason != "" && !strings.HasPrefix(reason, "there is more") {
		return false
	}
	r.Automatic = &Automatic{r.Outcome, r.Points, r.Reason}
	r.Evidence = append(markEvidence(m), r.Evidence...)
	points, fits := m.worth(c)
	switch {
	case reason != "":
		r.open(NeedsReview, reason)
	case m.Withdrawn:
		r.Automatic = nil
		return false
	case m.Disputed != "":
		r.open(NeedsReview, m.Disputed)
	case !fits:
		r.open(NeedsReview, fmt.Sprintf("the decision by %s, %s, does not fit this criterion", m.By, m.Spelled()))
	default:
		outcome := NotMet
		if points == r.Of-r.Penalty {
			outcome = Met
		}
		r.decide(outcome, points, "decided by "+m.By)
	}
	return true
}

// worth gives the points of a decision on a criterion that is judged automatically, and
// whether it can be one.
func (m Mark) worth(c Criterion) (points int, fits bool) {
	full := c.Points
	if c.Penalty {
		full = -c.Points
	}
	switch {
	case m.Outcome == Met:
		return full, true
	case m.Outcome == NotMet:
		return 0, true
	case m.Outcome != "":
		return 0, false
	}
	for _, p := range c.Worths() {
		if p == m.Points {
			return p, true
		}
	}
	return 0, false
}

// Worths are the points that the criterion may give: all, a step's or a mark's, or none.
func (c Criterion) Worths() []int {
	out := []int{0, c.Points}
	if c.Penalty {
		out[1] = -c.Points
	}
	for _, s := range c.Steps {
		out = append(out, s.Points)
	}
	for _, a := range c.Scale {
		out = append(out, a.Points)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// markEvidence shows who decided, and what was decided before.
func markEvidence(m Mark) []Evidence {
	if m.Criterion == "" {
		return nil
	}
	var out []Evidence
	if m.Disputed == "" {
		out = append(out, Evidence{Kind: KindMark, By: m.By, When: m.When, Reason: m.Spelled() + ": " + m.Why})
	}
	for i := len(m.Earlier) - 1; i >= 0; i-- {
		e := m.Earlier[i]
		what := "before: "
		if m.Disputed != "" {
			what = ""
		}
		out = append(out, Evidence{Kind: KindMark, By: e.By, When: e.When, Reason: what + e.Spelled() + ": " + e.Why})
	}
	return out
}
