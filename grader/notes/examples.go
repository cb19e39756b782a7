package notes

import (
	"fmt"

	"firedrill/rubric"
	"firedrill/rubric/rule"
)

// CheckExamples judges the examples that the criteria carry and reports each one
// that the rules get wrong, with file and line. The second reader is not heard:
// examples say what a rule is for.
func CheckExamples(rules *rule.Set) []error {
	j := New(alone(rules), Options{})
	var errs []error
	for _, c := range rules.Criteria {
		for _, e := range c.For {
			if f := j.JudgeOne([]byte(e.Value), c.ID.Value); f.Outcome != rubric.Met {
				errs = append(errs, fmt.Errorf("%s:%d: %s: example for it is judged %s: %q",
					e.File, e.Line, c.ID.Value, f.Outcome, e.Value))
			}
		}
		for _, e := range c.Not {
			if f := j.JudgeOne([]byte(e.Value), c.ID.Value); f.Outcome == rubric.Met {
				errs = append(errs, fmt.Errorf("%s:%d: %s: example against it is met by rule %q: %q",
					e.File, e.Line, c.ID.Value, f.Rule, e.Value))
			}
		}
	}
	return errs
}

// alone gives the rules without a second reader.
func alone(rules *rule.Set) *rule.Set {
	out := *rules
	out.Weights = nil
	return &out
}
