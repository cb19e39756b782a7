package rubric

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"firedrill/rubric/rule"
)

// rules reads the rule files and reports what is wrong in them, and every criterion
// whose rule they do not hold.
func (c checker) rules(dir string) {
	r := c.rubric
	var files []rule.File
	for _, f := range r.Base.Companions {
		if !strings.HasSuffix(f.Name, ".tsv") || r.Weights.Name == "" {
			files = append(files, rule.File(f))
		}
	}
	for _, f := range []Companion{r.Lexicon, r.Notes, r.Claims, r.Weights} {
		switch {
		case f.Name == "":
		case f.Data == nil:
			return // told already
		default:
			files = append(files, rule.File{Name: dir + f.Name, Data: f.Data})
		}
	}
	if len(files) > 0 {
		set, err := rule.Parse(files...)
		c.foreign = append(c.foreign, ruleProblems(err)...)
		if err != nil {
			return
		}
		set.Criteria = slices.DeleteFunc(set.Criteria, func(k *rule.Criterion) bool {
			return r.Base.holds(k.ID.File) && !r.uses(k.ID.Value)
		})
		r.Rules = set
	}
	for g, group := range r.Groups {
		for i, criterion := range group.Criteria {
			if criterion.Source != FromNotes || criterion.Rule == "" {
				continue
			}
			path := fmt.Sprintf("groups[%d].criteria[%d].rule", g, i)
			switch {
			case r.Notes.Name == "" && r.Base.Name == "":
				c.fail(path, "name the file of rules under `notes:` at the top",
					"the rubric has no rules for notes")
			case r.Rules != nil && r.Rules.Criterion(criterion.Rule) == nil:
				c.fail(path, "write the rule, or name another by `rule:`",
					"%s holds no rule %q", cmp.Or(r.Notes.Name, r.Base.Name), criterion.Rule)
			}
		}
	}
}

// uses reports whether a criterion is decided by that rule.
func (r *Rubric) uses(rule string) bool {
	return slices.ContainsFunc(r.Criteria(), func(c Criterion) bool { return c.Rule == rule })
}

// ruleProblems takes joined errors of the form file:line: message apart.
func ruleProblems(err error) []Problem {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var out []Problem
		for _, e := range joined.Unwrap() {
			out = append(out, ruleProblems(e)...)
		}
		return out
	}
	var told rule.Problem
	if errors.As(err, &told) {
		return []Problem{{File: told.File, Line: told.Line, Path: told.Path, Message: told.Message,
			Hint: told.Hint}}
	}
	file, rest, _ := strings.Cut(err.Error(), ":")
	number, message, found := strings.Cut(rest, ": ")
	line, bad := strconv.Atoi(number)
	if !found || bad != nil {
		return []Problem{{File: file, Message: err.Error()}}
	}
	return []Problem{{File: file, Line: line, Message: message}}
}
