package rubric

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// idPattern keeps ids usable in file names, URLs and columns.
var idPattern = regexp.MustCompile(idExpression)

// versionPattern is semantic versioning without build metadata.
var versionPattern = regexp.MustCompile(versionExpression)

// checker looks for what a well-formed file may still get wrong.
type checker struct {
	*decoded
	// probes are the probes that exist; nil when that is not known.
	probes ProbeCounts
}

func (c checker) run() {
	if !c.readable {
		return
	}
	c.head()
	c.ids()
	c.sums()
	for g, group := range c.rubric.Groups {
		for i := range group.Criteria {
			c.criterion(fmt.Sprintf("groups[%d].criteria[%d]", g, i), group.Criteria[i])
		}
	}
	c.cycles()
	c.costs()
}

// costs reports a group that is not there, hints that stand twice, and ids that are taken.
func (c checker) costs() {
	costs := c.rubric.Costs
	if costs == nil {
		return
	}
	if !slices.ContainsFunc(c.rubric.Groups, func(g Group) bool { return g.ID == costs.Group }) && costs.Group != "" {
		c.fail("costs.group", "define it, or correct the name", "no group %q is defined", costs.Group)
	}
	for i, h := range costs.Hints {
		if slices.ContainsFunc(costs.Hints[:i], func(o HintCost) bool { return o.Hint == h.Hint }) {
			c.fail(fmt.Sprintf("costs.hints[%d].hint", i), "keep one of them", "%q stands twice", h.Hint)
		}
	}
	for g, group := range c.rubric.Groups {
		for i, criterion := range group.Criteria {
			if criterion.ID == CostsHints || criterion.ID == CostsTime {
				c.fail(fmt.Sprintf("groups[%d].criteria[%d].id", g, i), "take another id",
					"%q is what costs are called in grades", criterion.ID)
			}
		}
	}
}

func (c checker) head() {
	r := c.rubric
	if r.Name != "" && !idPattern.MatchString(r.Name) {
		c.fail("name", "use lower case, digits, dots and dashes", "%q is no id", r.Name)
	}
	if r.Version != "" && !versionPattern.MatchString(r.Version) {
		c.fail("version", "for instance 1.2.0", "%q is no semantic version", r.Version)
	}
	if r.Exam != "" && !idPattern.MatchString(r.Exam) {
		c.fail("exam", "use lower case, digits, dots and dashes", "%q is no id", r.Exam)
	}
	if r.Pass < 0 || r.Pass > r.Points {
		c.fail("pass", "lower it, or give more points", "must be from 0 to the rubric's %d points", r.Points)
	}
}

// ids reports ids that are malformed, used twice or not defined.
func (c checker) ids() {
	used := map[string]map[string]bool{"dimension": {}, "group": {}, "criterion": {}}
	note := func(what, path, id string) {
		switch {
		case id == "":
		case !idPattern.MatchString(id):
			c.fail(path, "use lower case, digits, dots and dashes", "%q is no id", id)
		case used[what][id]:
			c.fail(path, "ids are unique", "the %s %q stands twice", what, id)
		}
		used[what][id] = true
	}
	for i, d := range c.rubric.Dimensions {
		note("dimension", fmt.Sprintf("dimensions[%d].id", i), d.ID)
	}
	for g, group := range c.rubric.Groups {
		note("group", fmt.Sprintf("groups[%d].id", g), group.ID)
		for i, criterion := range group.Criteria {
			note("criterion", fmt.Sprintf("groups[%d].criteria[%d].id", g, i), criterion.ID)
		}
	}
	for g, group := range c.rubric.Groups {
		for i, criterion := range group.Criteria {
			path := fmt.Sprintf("groups[%d].criteria[%d]", g, i)
			c.known(path+".dimensions", "dimension", criterion.Dimensions, used["dimension"])
			c.known(path+".requires", "criterion", criterion.Requires, used["criterion"])
		}
	}
}

func (c checker) known(path, what string, ids []string, known map[string]bool) {
	for i, id := range ids {
		at := fmt.Sprintf("%s[%d]", path, i)
		if id != "" && !known[id] {
			c.fail(at, "define it, or correct the name", "no %s %q is defined", what, id)
		}
		if slices.Contains(ids[:i], id) {
			c.fail(at, "keep one of them", "%q stands twice", id)
		}
	}
}

// sums reports points that do not add up.
func (c checker) sums() {
	total := 0
	for g, group := range c.rubric.Groups {
		sum := 0
		for _, criterion := range group.Criteria {
			if !criterion.Penalty {
				sum += criterion.Points
			}
		}
		total += group.Worth()
		if sum != group.Points {
			c.fail(fmt.Sprintf("groups[%d].points", g), "penalties do not count here",
				"its criteria sum to %d points, not %d", sum, group.Points)
		}
		if group.Cap >= group.Points && group.Cap > 0 {
			c.fail(fmt.Sprintf("groups[%d].cap", g), "take it out, or make it lower than the points",
				"a cap of %d bounds nothing of %d points", group.Cap, group.Points)
		}
	}
	if total != c.rubric.Points {
		c.fail("points", "correct it, or the points of a group; a cap counts where there is one",
			"the groups sum to %d points, not %d", total, c.rubric.Points)
	}
}

func (c checker) criterion(path string, criterion Criterion) {
	if criterion.Points < 1 {
		c.fail(path+".points", "a penalty's cost is written as a positive number",
			"must be at least 1")
	}
	if strings.EqualFold(criterion.Title, criterion.Candidate) && criterion.Title != "" {
		c.fail(path+".candidate", "say what is looked at, not what is to be found",
			"repeats the examiner's wording")
	}
	switch criterion.Source {
	case "":
	case FromNotes: // see rules
	case FromProbe:
		c.probe(path, criterion)
	case FromExaminer:
		c.scale(path, criterion)
	case FromClaims:
		c.claimed(path, criterion)
	default:
		c.fail(path+".source", "one of notes, probe, examiner, claims",
			"unknown source %q", criterion.Source)
	}
	switch {
	case criterion.Penalty && len(criterion.Requires) > 0:
		c.fail(path+".requires", "take it out: a cost stands by itself", "a penalty requires nothing")
	case criterion.Penalty && criterion.Required > 0:
		c.fail(path+".required", "make its cost higher instead", "a penalty earns nothing")
	case criterion.Required > 0 && criterion.Required > criterion.Points:
		c.fail(path+".required", "ask for at most the criterion's points",
			"%d points are required where it gives %d", criterion.Required, criterion.Points)
	}
}

// probe reports steps out of order and steps that no service can reach.
func (c checker) probe(path string, criterion Criterion) {
	for i, step := range criterion.Steps {
		at := fmt.Sprintf("%s.steps[%d]", path, i)
		c.counts(at, step)
		if len(step.When) == 0 {
			c.fail(at, "a step needs at least one condition", "has no conditions")
			continue
		}
		switch {
		case i == 0 && step.Points != criterion.Points:
			c.fail(at+".points", "the best step comes first and is worth everything",
				"the first step gives %d points of %d", step.Points, criterion.Points)
		case step.Points < 1:
			c.fail(at+".points", "no step means no points", "must be at least 1")
		case i > 0 && step.Points >= criterion.Steps[i-1].Points:
			c.fail(at+".points", "list steps from best to least",
				"%d points do not come below the step before, %d",
				step.Points, criterion.Steps[i-1].Points)
		}
		for _, better := range criterion.Steps[:i] {
			if len(better.When) > 0 && impliesAll(step.When, better.When) {
				c.fail(at, "ask for less than the better step does",
					"is never reached: where it holds, the step for %d points holds too",
					better.Points)
				break
			}
		}
	}
}

// counts reports probes and counts that do not exist.
func (c checker) counts(path string, step Step) {
	if c.probes == nil {
		return
	}
	for i, condition := range step.When {
		at := c.written(path, i)
		names, ok := c.probes[condition.Probe]
		if !ok {
			c.fail(at, "probes: "+strings.Join(slices.Sorted(maps.Keys(c.probes)), ", "),
				"there is no probe %q", condition.Probe)
			continue
		}
		for _, name := range condition.counts() {
			if name != "" && !slices.Contains(names, name) {
				c.fail(at, "it counts "+strings.Join(names, ", "),
					"the probe %s has no count %q", condition.Probe, name)
			}
		}
	}
}

// written returns the path of a step's condition; a `when:` directly under the
// criterion is no step in the file.
func (c checker) written(step string, i int) string {
	path := fmt.Sprintf("%s.when[%d]", step, i)
	if !c.doc.Has(path) {
		path = strings.Replace(path, ".steps[0]", "", 1)
	}
	return path
}

// impliesAll reports whether conditions can only hold where all others hold too.
func impliesAll(conditions, others []Condition) bool {
	for _, other := range others {
		if !slices.ContainsFunc(conditions, func(c Condition) bool { return c.implies(other) }) {
			return false
		}
	}
	return true
}

func (c checker) scale(path string, criterion Criterion) {
	last := -1
	for i, a := range criterion.Scale {
		if a.Points <= last {
			c.fail(fmt.Sprintf("%s.scale[%d].points", path, i), "list marks from worst to best",
				"%d points do not come above the mark before, %d", a.Points, last)
		}
		last = a.Points
	}
	n := len(criterion.Scale)
	if n == 1 {
		c.fail(path+".scale", "list at least the mark 0 and the full mark", "has a single mark")
	}
	if n > 0 && (criterion.Scale[0].Points != 0 || criterion.Scale[n-1].Points != criterion.Points) {
		c.fail(path+".scale", "begin with the mark 0 and end with all points", "must reach from 0 to %d points", criterion.Points)
	}
}

// cycles reports criteria that require themselves, by whatever way, or a penalty.
func (c checker) cycles() {
	byID := map[string]Criterion{}
	for _, criterion := range c.rubric.Criteria() {
		if _, twice := byID[criterion.ID]; twice {
			return // it is not clear which of the two is required
		}
		byID[criterion.ID] = criterion
	}
	reaches := func(from, to string) bool {
		seen := map[string]bool{}
		queue := byID[from].Requires
		for len(queue) > 0 {
			id := queue[0]
			queue = slices.Clone(queue[1:])
			if id == to {
				return true
			}
			if !seen[id] {
				seen[id] = true
				queue = append(queue, byID[id].Requires...)
			}
		}
		return false
	}
	for g, group := range c.rubric.Groups {
		for i, criterion := range group.Criteria {
			path := fmt.Sprintf("groups[%d].criteria[%d].requires", g, i)
			if reaches(criterion.ID, criterion.ID) {
				c.fail(path, "take one of the references out", "leads back to %q itself", criterion.ID)
			}
			for j, id := range criterion.Requires {
				if byID[id].Penalty {
					c.fail(fmt.Sprintf("%s[%d]", path, j), "take it out",
						"%q is a penalty and can earn nothing", id)
				}
			}
		}
	}
}
