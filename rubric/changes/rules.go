package changes

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"firedrill/rubric"
	"firedrill/rubric/rule"
)

// rules tells how notes are read differently, by the criterion that a rule decides.
func (d *differ) rules(before, after *rubric.Rubric) {
	old, new := before.Rules, after.Rules
	if old == nil {
		old = &rule.Set{}
	}
	if new == nil {
		new = &rule.Set{}
	}
	d.criterionRules("", old.Criteria, new.Criteria)
	d.criterionRules("claim ", old.Claims, new.Claims)
	d.facts(old.Facts, new.Facts)
	d.concepts(old.Concepts, new.Concepts)
	if string(before.Weights.Data) != string(after.Weights.Data) {
		switch {
		case before.Weights.Name == "":
			d.add("", Rule, "a second reader of notes is added: %s", after.Weights.Name)
		case after.Weights.Name == "":
			d.add("", Rule, "the second reader of notes is dropped; rules alone decide")
		default:
			d.add("", Rule, "the second reader of notes learned anew: any criterion of the notes may be judged otherwise")
		}
	}
}

func (d *differ) criterionRules(lead string, old, new []*rule.Criterion) {
	id := func(c *rule.Criterion) string { return c.ID.Value }
	pairs(old, new, id, func(was, is **rule.Criterion) {
		switch {
		case was == nil:
			d.add(lead+id(*is), Rule, "rules added: %d for it, %d against", len((*is).Met), len((*is).Against))
		case is == nil:
			d.add(lead+id(*was), Rule, "its rules are dropped")
		default:
			d.oneCriterion(lead+id(*is), *was, *is)
		}
	})
}

func (d *differ) oneCriterion(about string, was, is *rule.Criterion) {
	d.text(about, Wording, "what notes say who meet it", was.Says, is.Says)
	d.listed(about, Rule, "refused by", phrases(was.Unless), phrases(is.Unless))
	d.listed(about, Rule, "refused by the next sentence", phrases(was.UnlessNext), phrases(is.UnlessNext))
	d.ruleList(about, "rule", was.Met, is.Met)
	d.ruleList(about, "rule against", was.Against, is.Against)
	if !reflect.DeepEqual(detector(was), detector(is)) {
		d.add(about, Rule, "the built-in check is %s, was %s", detector(is), detector(was))
	}
	d.listed(about, Rule, "examples for it", texts(was.For), texts(is.For))
	d.listed(about, Rule, "examples against it", texts(was.Not), texts(is.Not))
}

func detector(c *rule.Criterion) string {
	if c.Detector == nil {
		return "none"
	}
	return fmt.Sprintf("%s, at least %d", c.Detector.Name.Value, c.Detector.Least)
}

// ruleList compares rules by name, and those of one name by what they hold.
func (d *differ) ruleList(about, what string, old, new []*rule.Rule) {
	was, is := byName(old), byName(new)
	for _, name := range names(new, old) {
		a, b := was[name], is[name]
		only := func(from, other []string) []string {
			return slices.DeleteFunc(slices.Clone(from), func(s string) bool { return slices.Contains(other, s) })
		}
		gone, come := only(a, b), only(b, a)
		switch {
		case len(a) == 0:
			d.add(about, Rule, "%s %q added: %s", what, name, strings.Join(b, "; or "))
		case len(b) == 0:
			d.add(about, Rule, "%s %q dropped", what, name)
		case len(gone) == 1 && len(come) == 1: // say only what of it is other
			was, is := strings.Split(gone[0], ", "), strings.Split(come[0], ", ")
			d.add(about, Rule, "%s %q: %s, was %s", what, name, or(only(is, was)), or(only(was, is)))
		case len(gone)+len(come) > 0:
			d.add(about, Rule, "%s %q is %s, was %s", what, name, or(come), or(gone))
		}
	}
}

// or spells a list that may be empty.
func or(all []string) string {
	if len(all) == 0 {
		return "not there"
	}
	return strings.Join(all, ", ")
}

func byName(all []*rule.Rule) map[string][]string {
	out := map[string][]string{}
	for _, r := range all {
		out[r.Name.Value] = append(out[r.Name.Value], spell(r))
	}
	return out
}

// names lists the names of rules in order, each once.
func names(lists ...[]*rule.Rule) []string {
	var out []string
	for _, r := range slices.Concat(lists...) {
		if !slices.Contains(out, r.Name.Value) {
			out = append(out, r.Name.Value)
		}
	}
	return out
}

// spell writes a rule on a line, as its file does.
func spell(r *rule.Rule) string {
	out := []string{"all " + strings.Join(phrases(r.All), " & ")}
	add := func(key, value string) {
		if value != "" && value != "0" && value != "false" {
			out = append(out, key+" "+value)
		}
	}
	add("span", string(r.Span))
	add("within", fmt.Sprint(r.Within))
	add("ordered", fmt.Sprint(r.Ordered))
	add("unless", strings.Join(phrases(r.Unless), " | "))
	add("unless_clause", strings.Join(phrases(r.UnlessClause), " | "))
	add("unless_next", strings.Join(phrases(r.UnlessNext), " | "))
	add("sections", strings.Join(r.Sections, " "))
	add("not_sections", strings.Join(r.NotSections, " "))
	add("admit", strings.Join(r.Admit, " "))
	add("polarity", r.Polarity)
	add("cancels", r.Cancels)
	add("doubt", r.Doubt)
	add("bare", fmt.Sprint(r.Bare))
	return strings.Join(out, ", ")
}

func phrases(all []rule.Phrase) []string {
	out := make([]string, len(all))
	for i, p := range all {
		out[i] = p.Value
	}
	return out
}

func texts(all []rule.Text) []string {
	out := make([]string, len(all))
	for i, t := range all {
		out[i] = fmt.Sprintf("%q", t.Value)
	}
	return out
}

func (d *differ) facts(old, new []*rule.Rule) { d.ruleList("", "fact", old, new) }

// concepts tells which words changed; every criterion that uses them may be judged otherwise.
func (d *differ) concepts(old, new map[string]*rule.Concept) {
	var all []string
	for name := range old {
		all = append(all, name)
	}
	for name := range new {
		if old[name] == nil {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	for _, name := range all {
		was, is := old[name], new[name]
		switch {
		case was == nil:
			d.add("", Rule, "words @%s added", name)
		case is == nil:
			d.add("", Rule, "words @%s dropped", name)
		default:
			d.listed("", Rule, "words @"+name, phrases(was.Any), phrases(is.Any))
			d.listed("", Rule, "words @"+name+", exceptions", phrases(was.Except), phrases(is.Except))
		}
	}
}

// claims tells what claims are held against.
func (d *differ) claims(before, after *rubric.Rubric) {
	id := func(c rubric.Claim) string { return c.ID }
	pairs(before.Claimable, after.Claimable, id, func(was, is *rubric.Claim) {
		switch {
		case was == nil:
			d.add("claim "+is.ID, Claim, "added: %s", is.Says)
		case is == nil:
			d.add("claim "+was.ID, Claim, "dropped: %s", was.Says)
		case !reflect.DeepEqual(*was, *is):
			d.text("claim "+is.ID, Wording, "what it says", was.Says, is.Says)
			if a, b := held(*was), held(*is); a != b {
				d.add("claim "+is.ID, Claim, "held against %s, was %s", b, a)
			}
		}
	})
}

// held spells what a claim is held against.
func held(c rubric.Claim) string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	if c.Figure != "" {
		add("a figure of %s", c.Figure)
	}
	for _, w := range c.Confirmed {
		add("confirmed by %s", w)
	}
	for _, w := range c.Contradicted {
		add("contradicted by %s", w)
	}
	if c.Of[0] != "" {
		add("%s: %s of %s", c.Probe, c.Of[0], c.Of[1])
	}
	for _, l := range []struct {
		what  string
		limit *rubric.Limit
	}{{"near", c.Near}, {"stated", c.Stated}, {"below", c.Below}} {
		if l.limit != nil {
			add("%s %s", l.what, l.limit)
		}
	}
	if c.Count != "" {
		add("%s: %s in %s", c.Probe, c.Count, c.Unit)
	}
	return strings.Join(parts, ", ")
}
