package rubric

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"firedrill/rubric/strict"
)

// claims decodes what the claims of the rubric's files are held against; the rules by which
// statements are found are read with the other rule files.
func (c checker) claims(dir string) {
	var files []Companion
	for _, f := range c.rubric.Base.Companions {
		if f.Name == c.rubric.Base.claims {
			files = append(files, f)
		}
	}
	if own := c.rubric.Claims; own.Name != "" && own.Data != nil {
		files = append(files, Companion{dir + own.Name, own.Data})
	}
	for _, file := range files {
		doc, root := strict.Parse(file.Data)
		part := checker{probes: c.probes,
			decoded: &decoded{file: file.Name, doc: doc, rubric: c.rubric}}
		if root.Present() {
			list := anyMap(root).Need("claims", "list what notes may claim").List()
			for i, n := range list {
				claim := part.claim(anyMap(n))
				part.checkClaim(fmt.Sprintf("claims[%d].observed", i), claim)
				c.rubric.Claimable = append(c.rubric.Claimable, claim)
			}
		}
		c.foreign = append(c.foreign, part.problems()...)
	}
}

// anyMap reads a mapping whose keys the reader of rules checks.
func anyMap(n strict.Node) strict.Map { return n.Map(n.Keys()...) }

func (d *decoded) claim(m strict.Map) Claim {
	out := Claim{ID: m.Get("id").Text(), Says: m.Get("says").Text()}
	observed := m.Need("observed", "say what it is held against")
	if !observed.Present() {
		return out
	}
	o := observed.Map(observedShape.Keys()...)
	out.Probe = o.Need("probe", "name the probe that can tell").Text()
	figure := m.Get("figure")
	out.Figure = FigureKind(figure.Text())
	switch out.Figure {
	case "":
		d.foreignKeys(o, "a claim without figure", out.Figure)
		out.Confirmed = d.conditions(o.Get("confirmed"), out.Probe)
		out.Contradicted = d.conditions(o.Get("contradicted"), out.Probe)
		if len(out.Confirmed)+len(out.Contradicted) == 0 {
			observed.Fail("list conditions under `confirmed`, `contradicted` or both", "decides nothing")
		}
	case Success, Failure:
		d.foreignKeys(o, "a share", out.Figure)
		of := o.Need("of", "for instance `of: [accepted, asked]`")
		if pair := of.Texts(); len(pair) == 2 {
			out.Of = [2]string(pair)
		} else if of.Present() {
			of.Fail("for instance `of: [accepted, asked]`", "must name two counts")
		}
		out.Near = d.limit(o.Need("near", "for instance `near: 5%`"), true)
		out.Stated = d.limit(o.Need("stated", "for instance `stated: 80%`"), true)
		out.Below = d.limit(o.Need("below", "for instance `below: 50%`"), true)
		if out.Near != nil && out.Stated != nil && out.Below != nil &&
			out.Stated.Num < out.Below.Num+out.Near.Num {
			observed.Fail("raise `stated`, or lower the others", "a share could be confirmed and contradicted: stated must "+
				"exceed below and near")
		}
	case Amount:
		d.foreignKeys(o, "an amount", out.Figure)
		out.Count = o.Need("count", "name a count of dollars or cents").Text()
		unit := o.Need("unit", "dollars or cents")
		out.Unit = unit.Text()
		if unit.Present() && out.Unit != "dollars" && out.Unit != "cents" {
			unit.Fail("dollars or cents", "unknown unit %q", out.Unit)
		}
	default:
		figure.Fail("one of success, failure, amount", "unknown figure %q", out.Figure)
	}
	return out
}

func (d *decoded) foreignKeys(m strict.Map, what string, figure FigureKind) {
	for _, key := range observedShape.Keys() {
		own := key == "probe" || slices.Contains(keysOfFigure[figure], key)
		if v := m.Get(key); v.Present() && !own {
			v.Fail("take it out, or change the claim's figure", "does not belong to %s", what)
		}
	}
}

// checkClaim reports probes and counts that do not exist.
func (c checker) checkClaim(path string, claim Claim) {
	if c.probes == nil || claim.Probe == "" {
		return
	}
	all := append(append([]Condition{}, claim.Confirmed...), claim.Contradicted...)
	if claim.Figure != "" {
		all = []Condition{{Probe: claim.Probe, Of: claim.Of, Count: claim.Count}}
	}
	for _, condition := range all {
		names, ok := c.probes[condition.Probe]
		if !ok {
			c.fail(path, "probes: "+strings.Join(slices.Sorted(maps.Keys(c.probes)), ", "),
				"there is no probe %q", condition.Probe)
			continue
		}
		for _, name := range condition.counts() {
			if name != "" && !slices.Contains(names, name) {
				c.fail(path, "it counts "+strings.Join(names, ", "),
					"the probe %s has no count %q", condition.Probe, name)
			}
		}
	}
}

// claimed reports criteria over claims that are not there, and verdicts without sense.
func (c checker) claimed(path string, criterion Criterion) {
	switch {
	case c.rubric.Claims.Name == "" && c.rubric.Base.claims == "":
		c.fail(path+".source", "name the file of claims under `claims:` at the top",
			"the rubric has no claims")
	case criterion.Penalty != (criterion.Verdict == WantContradicted):
		c.fail(path+".verdict", "contradicted is for penalties, confirmed and not-contradicted earn",
			"%q does not fit the criterion", criterion.Verdict)
	case criterion.Verdict != WantContradicted && criterion.Verdict != WantConfirmed &&
		criterion.Verdict != WantNotContradicted:
		c.fail(path+".verdict", "one of contradicted, confirmed, not-contradicted",
			"unknown verdict %q", criterion.Verdict)
	}
	for i, id := range criterion.Claims {
		if _, ok := c.rubric.claim(id); !ok && len(c.rubric.Claimable) > 0 {
			c.fail(fmt.Sprintf("%s.claims[%d]", path, i), "define it, or correct the name",
				"no claim %q is defined", id)
		}
	}
}
