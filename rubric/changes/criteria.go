package changes

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"firedrill/rubric"
)

func (d *differ) criteria(before, after *rubric.Rubric) {
	id := func(c rubric.Criterion) string { return c.ID }
	in := func(r *rubric.Rubric) map[string]string {
		out := map[string]string{}
		for _, g := range r.Groups {
			for _, c := range g.Criteria {
				out[c.ID] = g.ID
			}
		}
		return out
	}
	was, is := in(before), in(after)
	pairs(before.Criteria(), after.Criteria(), id, func(old, new *rubric.Criterion) {
		switch {
		case old == nil:
			d.add(new.ID, Added, "added, %s, by %s: %s", worth(*new), new.Source, new.Title)
			for _, s := range new.Steps {
				d.add(new.ID, Added, "%s", step(s))
			}
		case new == nil:
			d.add(old.ID, Dropped, "dropped, %s, by %s: %s", worth(*old), old.Source, old.Title)
		default:
			if was[old.ID] != is[new.ID] {
				d.add(new.ID, Group, "in group %s, was in %s", is[new.ID], was[old.ID])
			}
			d.criterion(*old, *new)
		}
	})
}

// worth spells what a criterion can earn or cost.
func worth(c rubric.Criterion) string {
	if c.Penalty {
		return fmt.Sprintf("costs up to %s", points(c.Points))
	}
	return points(c.Points)
}

func (d *differ) criterion(old, new rubric.Criterion) {
	id := new.ID
	if old.Points != new.Points || old.Penalty != new.Penalty {
		d.add(id, Points, "%s, was %s", worth(new), worth(old))
	}
	if old.Source != new.Source {
		d.add(id, Condition, "judged by %s, was by %s", new.Source, old.Source)
	}
	if old.Rule != new.Rule {
		d.text(id, Rule, "rule", old.Rule, new.Rule)
	}
	d.text(id, Wording, "the examiner's wording", old.Title, new.Title)
	d.text(id, Wording, "the candidate's wording", old.Candidate, new.Candidate)
	d.listed(id, Dimension, "dimensions", old.Dimensions, new.Dimensions)
	d.listed(id, Condition, "counts only with", old.Requires, new.Requires)
	d.text(id, Condition, "what is asked of claims", old.Verdict, new.Verdict)
	d.listed(id, Condition, "claims", old.Claims, new.Claims)
	d.steps(id, old.Steps, new.Steps)
	d.scale(id, old.Scale, new.Scale)
	known := []string{"ID", "Title", "Candidate", "Source", "Points", "Penalty", "Dimensions",
		"Requires", "Rule", "Probe", "Steps", "Scale", "Verdict", "Claims"}
	d.others(id, old, new, known)
}

// others tells of fields that this package has no words for, so that a later field of the
// format is never passed over.
func (d *differ) others(about string, old, new any, known []string) {
	a, b := reflect.ValueOf(old), reflect.ValueOf(new)
	for i := range a.NumField() {
		name := a.Type().Field(i).Name
		if slices.Contains(known, name) || reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			continue
		}
		d.add(about, Condition, "%s is %s, was %s", strings.ToLower(name),
			spelled(b.Field(i)), spelled(a.Field(i)))
	}
}

// spelled writes any value for a reader.
func spelled(v reflect.Value) string {
	data, err := json.Marshal(v.Interface())
	if err != nil || v.IsZero() {
		return "not there"
	}
	return string(data)
}

// step spells a step with its conditions.
func step(s rubric.Step) string {
	var when []string
	for _, c := range s.When {
		when = append(when, c.String())
	}
	return fmt.Sprintf("%s when %s", points(s.Points), strings.Join(when, "; and "))
}

// steps compares steps by place, and conditions by what they look at.
func (d *differ) steps(id string, old, new []rubric.Step) {
	for i := range max(len(old), len(new)) {
		switch {
		case i >= len(old):
			d.add(id, Condition, "step added: %s", step(new[i]))
		case i >= len(new):
			d.add(id, Condition, "step dropped: %s", step(old[i]))
		default:
			if old[i].Points != new[i].Points {
				d.add(id, Points, "step %d gives %s, was %d", i+1, points(new[i].Points), old[i].Points)
			}
			d.conditions(id, new[i].Points, old[i].When, new[i].When)
		}
	}
}

func (d *differ) conditions(id string, worth int, old, new []rubric.Condition) {
	about := func(c rubric.Condition) string { return c.Probe + " " + c.Count + " " + strings.Join(c.Of[:], "/") }
	what := fmt.Sprintf("for %s", points(worth))
	pairs(old, new, about, func(was, is *rubric.Condition) {
		switch {
		case was == nil:
			d.add(id, Condition, "%s, also wanted: %s", what, is)
		case is == nil:
			d.add(id, Condition, "%s, no longer wanted: %s", what, was)
		case was.String() != is.String():
			d.add(id, Condition, "%s: %s, was %s", what, is, limits(*was))
		}
	})
}

// limits spells what a condition wants.
func limits(c rubric.Condition) string {
	var parts []string
	if c.AtLeast != nil {
		parts = append(parts, "at least "+c.AtLeast.String())
	}
	if c.AtMost != nil {
		parts = append(parts, "at most "+c.AtMost.String())
	}
	return strings.Join(parts, " and ")
}

func (d *differ) scale(id string, old, new []rubric.Anchor) {
	mark := func(a rubric.Anchor) string { return fmt.Sprint(a.Points) }
	pairs(old, new, mark, func(was, is *rubric.Anchor) {
		switch {
		case was == nil:
			d.add(id, Condition, "mark %d added: %q", is.Points, is.Text)
		case is == nil:
			d.add(id, Condition, "mark %d dropped", was.Points)
		default:
			d.text(id, Wording, fmt.Sprintf("the anchor of mark %d", is.Points), was.Text, is.Text)
		}
	})
}
