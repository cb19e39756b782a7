package rubric

import (
	"fmt"
	"slices"
	"strconv"

	"firedrill/rubric/strict"
)

// decoded is a rubric with the places of its values, valid or not.
type decoded struct {
	file   string
	doc    *strict.Doc
	rubric *Rubric
	// readable is false when the file's version or syntax says nothing of the rest.
	readable bool
	// foreign are the problems of the rule files.
	foreign []Problem
}

// fail reports a problem with the value at a path.
func (d *decoded) fail(path, hint, format string, args ...any) {
	d.doc.Report(d.doc.Line(path), path, fmt.Sprintf(format, args...), hint)
}

func (d *decoded) problems() []Problem {
	var out []Problem
	for _, p := range d.doc.Problems() {
		out = append(out, Problem{d.file, p.Line, p.Path, p.Message, p.Hint, false})
	}
	return append(out, d.foreign...)
}

// decode reads the shape of a rubric: every field, its type and its place.
func decode(file string, data []byte) *decoded {
	doc, root := strict.Parse(data)
	d := &decoded{file: file, doc: doc, rubric: &Rubric{}}
	if !root.Present() {
		return d
	}
	const versionHint = "begin with `rubric: 1`; raise `version:` for your own changes"
	keys := root.Keys()
	m := root.Map(rubricShape.Keys()...)
	if len(keys) == 0 && len(doc.Problems()) > 0 {
		return d // no mapping
	}
	if len(keys) == 0 || keys[0] != "rubric" {
		d.fail("", versionHint, "the first key must be `rubric`, the version of the format")
		return d
	}
	if v := m.Get("rubric"); v.Scalar() != strconv.Itoa(FormatVersion) {
		d.fail("rubric", versionHint, "unknown version %q of the rubric format", v.Scalar())
		return d
	}
	d.readable = true
	d.head(m)
	for _, n := range d.some(m.Need("groups", "list parts with criteria")) {
		d.rubric.Groups = append(d.rubric.Groups, d.group(n))
	}
	return d
}

func (d *decoded) head(m strict.Map) {
	r := d.rubric
	r.Name = m.Need("name", "for instance `name: my-exam`").Text()
	r.Version = m.Need("version", "for instance `version: 0.1.0`").Scalar()
	r.Exam = m.Need("exam", "the exam that the rubric is for").Text()
	r.Title = m.Need("title", "a heading for reports").Text()
	r.Points = m.Need("points", "the sum over the groups").Int()
	r.Pass = m.Need("pass", "the points needed to pass").Int()
	r.Base.Name = m.Get("base").Text()
	r.Notes.Name = m.Get("notes").Text()
	r.Lexicon.Name = m.Get("lexicon").Text()
	r.Weights.Name = m.Get("weights").Text()
	r.Claims.Name = m.Get("claims").Text()
	for _, n := range m.Get("dimensions").List() {
		f := n.Map(dimensionShape.Keys()...)
		r.Dimensions = append(r.Dimensions, Dimension{
			ID:    f.Need("id", "criteria refer to it").Text(),
			Title: f.Need("title", "a heading for reports").Text()})
	}
	if n := m.Get("costs"); n.Present() {
		r.Costs = d.costs(n)
	}
}

func (d *decoded) costs(n strict.Node) *Costs {
	m := n.Map(costsShape.Keys()...)
	c := &Costs{Group: m.Need("group", "the id of the group that pays").Text()}
	hints, time := m.Get("hints"), m.Get("time")
	if !hints.Present() && !time.Present() {
		n.Fail("add `hints` or `time`", "costs nothing")
	}
	for _, h := range d.some(hints) {
		f := h.Map(hintShape.Keys()...)
		points := f.Need("points", "what it costs, 0 for nothing")
		if points.Int() < 0 {
			points.Fail("write a cost as a positive number", "must be at least 0")
		}
		c.Hints = append(c.Hints, HintCost{f.Need("hint", "its name in the paper").Text(), max(points.Int(), 0)})
	}
	if time.Present() {
		f := time.Map(timeShape.Keys()...)
		c.Time = &TimeCost{
			Minutes: d.atLeastOne(f.Need("minutes", "the time allowed"), "in minutes"),
			Every:   max(1, d.atLeastOne(f.Need("every", "how many minutes cost points"), "in minutes")),
			Points:  d.atLeastOne(f.Need("points", "what they cost"), "write a cost as a positive number"),
		}
	}
	return c
}

func (d *decoded) group(n strict.Node) Group {
	m := n.Map(groupShape.Keys()...)
	g := Group{
		ID:     m.Need("id", "name it for grades").Text(),
		Title:  m.Need("title", "a heading for reports").Text(),
		Points: m.Need("points", "the sum over its criteria").Int(),
		Cap:    d.atLeastOne(m.Get("cap"), "take the line out if everything counts"),
	}
	for _, c := range d.some(m.Need("criteria", "list what earns the points")) {
		g.Criteria = append(g.Criteria, d.criterion(c))
	}
	return g
}

func (d *decoded) criterion(n strict.Node) Criterion {
	m := n.Map(criterionShape.Keys()...)
	c := Criterion{
		ID:         m.Need("id", "name it for grades").Text(),
		Title:      m.Need("title", "say what earns the points, for the examiner").Text(),
		Candidate:  m.Need("candidate", "say what a candidate may know of it").Text(),
		Source:     Source(m.Need("source", "one of notes, probe, examiner, claims").Text()),
		Points:     m.Need("points", "what it earns at most").Int(),
		Penalty:    m.Get("penalty").Bool(),
		Required:   d.atLeastOne(m.Get("required"), "the least points that a pass needs of it"),
		Dimensions: m.Get("dimensions").Texts(),
		Requires:   m.Get("requires").Texts(),
		Rule:       m.Get("rule").Text(),
		Probe:      m.Get("probe").Text(),
	}
	if slices.Contains(sources, string(c.Source)) {
		d.refuse(m, c.Source)
	}
	switch c.Source {
	case FromNotes:
		if c.Rule == "" {
			c.Rule = c.ID
		}
	case FromProbe:
		c.Steps = d.steps(m, c)
	case FromExaminer:
		for _, s := range d.some(m.Need("scale", "list points with an anchor each")) {
			f := s.Map(anchorShape.Keys()...)
			c.Scale = append(c.Scale, Anchor{
				Points: f.Need("points", "the mark").Int(),
				Text:   f.Need("anchor", "say what one sees in such a candidate").Text(),
			})
		}
	case FromClaims:
		c.Verdict = m.Need("verdict", "one of contradicted, confirmed, not-contradicted").Text()
		c.Claims = m.Get("claims").Texts()
	}
	return c
}

// some reads a list that must not be empty.
func (d *decoded) some(n strict.Node) []strict.Node {
	out := n.List()
	if n.IsList() && len(out) == 0 {
		n.Fail("add an entry", "is an empty list")
	}
	return out
}

// atLeastOne reads an optional whole number from 1; 0 is none.
func (d *decoded) atLeastOne(n strict.Node, hint string) int {
	v := n.Int()
	if n.Present() && v < 1 {
		n.Fail(hint, "must be at least 1")
	}
	return max(v, 0)
}

// refuse reports fields that belong to another source.
func (d *decoded) refuse(m strict.Map, source Source) {
	for _, key := range criterionShape.Foreign("source", string(source)) {
		if v := m.Get(key); v.Present() {
			v.Fail("take it out, or change the source",
				"does not belong to a criterion of source %s", source)
		}
	}
}

func (d *decoded) steps(m strict.Map, c Criterion) []Step {
	when, list := m.Get("when"), m.Get("steps")
	switch {
	case when.Present() && list.Present():
		when.Fail("move the conditions into a step", "stands beside `steps`")
	case when.Present():
		return []Step{{Points: c.Points, When: d.conditions(when, c.Probe)}}
	case !list.Present():
		m.Need("steps", "or `when:` with conditions, for all points or none")
	}
	var out []Step
	for _, n := range d.some(list) {
		f := n.Map(stepShape.Keys()...)
		out = append(out, Step{
			Points: f.Need("points", "what the step gives").Int(),
			When:   d.conditions(f.Need("when", "list its conditions"), c.Probe),
		})
	}
	return out
}

func (d *decoded) conditions(n strict.Node, probe string) []Condition {
	var out []Condition
	for _, e := range n.List() {
		m := e.Map(conditionShape.Keys()...)
		c := Condition{Probe: probe, Count: m.Get("count").Text()}
		if p := m.Get("probe"); p.Present() {
			c.Probe = p.Text()
		}
		if c.Probe == "" {
			e.Fail("name it under the criterion or in the condition", "no probe is named")
		}
		of := m.Get("of")
		switch pair := of.Texts(); {
		case of.Present() == (c.Count != ""):
			e.Fail("for instance `of: [accepted, asked]`", "needs either `of` or `count`")
		case of.Present() && len(pair) != 2:
			of.Fail("for instance `of: [accepted, asked]`", "must name two counts")
		case of.Present():
			c.Of = [2]string(pair)
		}
		c.AtLeast = d.limit(m.Get("at_least"), of.Present())
		c.AtMost = d.limit(m.Get("at_most"), of.Present())
		if c.AtLeast == nil && c.AtMost == nil {
			e.Fail("add `at_least` or `at_most`", "has no limit")
		}
		out = append(out, c)
	}
	return out
}

func (d *decoded) limit(n strict.Node, ratio bool) *Limit {
	if !n.Present() {
		return nil
	}
	if !ratio {
		v := n.Int()
		if v < 0 || v > maxLimit {
			n.Fail("a count is compared as it is", "must be from 0 to %d", maxLimit)
		}
		return &Limit{Num: uint64(max(v, 0)), Den: 1}
	}
	l, ok := parsePercent(n.Scalar())
	if !ok || l.Num > 10_000 {
		n.Fail("for instance `95%` or `99.5%`", "is no percentage from 0 %% to 100 %%")
		return &Limit{Den: 1}
	}
	return l
}
