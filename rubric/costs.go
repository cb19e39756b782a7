package rubric

import (
	"fmt"
	"slices"
	"strings"
)

// Costs are what hints and time cost. They are taken off the points of one group, whose sum
// never falls below zero.
//
//	costs:
//	  group: examiner
//	  hints:                        # every hint that may be given, and its price
//	    - {hint: "1", points: 0}
//	    - {hint: "2", points: 1}
//	  time: {minutes: 45, every: 5, points: 1}   # a point for every 5 minutes begun after 45
type Costs struct {
	// Group is the id of the group that pays.
	Group string
	Hints []HintCost
	// Time is nil where time costs nothing.
	Time *TimeCost
}

// HintCost is the price of one hint, as the paper with the hints names it.
type HintCost struct {
	Hint   string
	Points int
}

// TimeCost is the price of time: Points for every Every minutes begun after Minutes.
type TimeCost struct{ Minutes, Every, Points int }

// Conduct is what an examiner noted of an exam that costs points.
type Conduct struct {
	// Hints are those that were given, in order; nil when nobody told, empty when none were.
	Hints []string `json:"hints"`
	// Minutes is the time used; 0 when nobody told.
	Minutes int `json:"minutes"`
	// By and When say who noted it and when.
	By   string `json:"by"`
	When string `json:"when"`
}

// Ids of the results that tell what hints and time cost.
const (
	CostsHints = "costs.hints"
	CostsTime  = "costs.time"
)

// costs gives what a group pays. Without any conduct there is none to tell: then the marks
// are open as well. What a conduct leaves out is open.
func (s *scorer) costs(c *Costs, group Group) []Result {
	if c == nil || c.Group != group.ID || s.in.Conduct == nil {
		return nil
	}
	var out []Result
	if len(c.Hints) > 0 {
		out = append(out, s.hints(c.Hints))
	}
	if c.Time != nil {
		out = append(out, s.time(*c.Time, group.Worth()))
	}
	for i := range out {
		out[i].Group, out[i].Source = group.ID, FromExaminer
	}
	return out
}

func (s *scorer) hints(prices []HintCost) Result {
	r := Result{ID: CostsHints, Title: "Hints that were given", Candidate: "What hints cost"}
	for _, p := range prices {
		r.Penalty += p.Points
	}
	if s.in.Conduct.Hints == nil {
		r.open(NeedsReview, "nobody noted which hints were given; `hints: []` says none")
		return r
	}
	cost := 0
	var told []string
	for i, hint := range s.in.Conduct.Hints {
		at := slices.IndexFunc(prices, func(p HintCost) bool { return p.Hint == hint })
		switch {
		case at < 0:
			r.open(NeedsReview, fmt.Sprintf("the hint %q has no price", hint))
			return r
		case slices.Contains(s.in.Conduct.Hints[:i], hint): // given twice, paid once
			continue
		}
		cost += prices[at].Points
		told = append(told, fmt.Sprintf("hint %s costs %d", hint, prices[at].Points))
	}
	s.pays(&r, cost, append(told, "no hints")[:max(1, len(told))])
	return r
}

// time may cost all that the group has, most, while nobody told it.
func (s *scorer) time(t TimeCost, most int) Result {
	r := Result{ID: CostsTime, Title: "Time beyond what is allowed", Candidate: "What extra time costs"}
	used := s.in.Conduct.Minutes
	if used <= 0 {
		r.Penalty = most
		r.open(NeedsReview, "nobody noted the time")
		return r
	}
	steps := (max(0, used-t.Minutes) + t.Every - 1) / t.Every
	r.Penalty = steps * t.Points
	s.pays(&r, r.Penalty, []string{fmt.Sprintf("%d minutes of %d", used, t.Minutes)})
	return r
}

// pays settles a result on its cost.
func (s *scorer) pays(r *Result, cost int, told []string) {
	reason := strings.Join(told, ", ")
	outcome := NotMet
	if cost > 0 {
		outcome = Met
	}
	r.Evidence = []Evidence{{Kind: KindMark, By: s.in.Conduct.By, When: s.in.Conduct.When, Reason: reason}}
	r.decide(outcome, -cost, reason)
}
