package rubric

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"firedrill/rubric/rule"
)

// rules reads the rule files and reports what is wrong in them, and every criterion
// whose rule they do not hold.
func (c checker) rules(fsys fs.FS, dir string) {
	r := c.rubric
	var names []string
	for _, f := range []Companion{r.Lexicon, r.Notes, r.Claims, r.Weights} {
		switch {
		case f.Name == "":
		case f.Data == nil:
			return // told already
		default:
			names = append(names, dir+f.Name)
		}
	}
	if len(names) > 0 {
		set, err := rule.Load(fsys, names...)
		c.foreign = append(c.foreign, ruleProblems(err)...)
		if err != nil {
			return
		}
		r.Rules = set
	}
	for g, group := range r.Groups {
		for i, criterion := range group.Criteria {
			if criterion.Source != FromNotes || criterion.Rule == "" {
				continue
			}
			path := fmt.Sprintf("groups[%d].criteria[%d].rule", g, i)
			switch {
			case r.Notes.Name == "":
				c.fail(path, "name the file of rules under `notes:` at the top",
					"the rubric has no rules for notes")
			case r.Rules != nil && r.Rules.Criterion(criterion.Rule) == nil:
				c.fail(path, "write the rule, or name another by `rule:`",
					"%s holds no rule %q", r.Notes.Name, criterion.Rule)
			}
		}
	}
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
	file, rest, _ := strings.Cut(err.Error(), ":")
	var syntax yaml.Error
	if errors.As(err, &syntax) {
		return []Problem{{File: file, Line: syntax.GetToken().Position.Line,
			Message: syntax.GetMessage()}}
	}
	number, message, found := strings.Cut(rest, ": ")
	line, bad := strconv.Atoi(number)
	if !found || bad != nil {
		return []Problem{{File: file, Message: err.Error()}}
	}
	return []Problem{{File: file, Line: line, Message: message}}
}
