package rubric

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// valid is a small rubric that uses every field.
const valid = `rubric: 1
name: small
version: 1.2.0
exam: demo
title: A small rubric
points: 10
pass: 6
notes: notes.yaml
lexicon: lexicon.yaml
dimensions:
  - id: safety
    title: Is safe
groups:
  - id: written
    title: Written
    points: 3
    criteria:
      - id: cause.named
        title: Names the gremlin
        candidate: States the cause
        source: notes
        points: 3
        rule: gremlin
      - id: cause.wrong
        title: Blames the weather
        candidate: Wrong conclusions cost points
        source: notes
        points: 2
        penalty: true
  - id: running
    title: Running
    points: 5
    criteria:
      - id: works
        title: Answers under the fault
        candidate: Works again
        source: probe
        points: 4
        dimensions: [safety]
        probe: faulty.work
        steps:
          - points: 4
            when:
              - {of: [accepted, asked], at_least: 95%}
              - {count: lost, at_most: 0}
          - points: 2
            when:
              - {of: [accepted, asked], at_least: 50%}
      - id: safe
        title: Leaves nothing behind
        candidate: Is clean
        source: probe
        points: 1
        requires: [works]
        probe: faulty.rest
        when:
          - {count: rows, at_least: 3, at_most: 5}
  - id: seen
    title: Seen
    points: 2
    criteria:
      - id: manner
        title: Kept calm
        candidate: How you work
        source: examiner
        points: 2
        scale:
          - {points: 0, anchor: Panicked}
          - {points: 1, anchor: Hesitated}
          - {points: 2, anchor: Was calm}
`

// companions are the rule files that valid names.
const (
	validLexicon = `version: 1
concepts:
  weather: [rain, storm]
`
	validNotes = `version: 1
criteria:
  - id: gremlin
    says: a gremlin is named
    met:
      - rule: named
        all: [gremlin]
    examples:
      for: [a gremlin did it]
      against: [the weather did it]
  - id: cause.wrong
    says: the weather is blamed
    met:
      - rule: weather
        all: ["@weather"]
    examples:
      for: [it was the rain]
      against: [it was a gremlin]
`
)

var validProbes = ProbeCounts{
	"faulty.work": {"asked", "accepted", "lost"},
	"faulty.rest": {"rows"},
}

func files(rubric string) fstest.MapFS {
	return fstest.MapFS{
		"r.yaml":       {Data: []byte(rubric)},
		"notes.yaml":   {Data: []byte(validNotes)},
		"lexicon.yaml": {Data: []byte(validLexicon)},
	}
}

// mutate replaces the only occurrence of old in the valid rubric.
func mutate(t *testing.T, old, with string) string {
	t.Helper()
	require.Equal(t, 1, strings.Count(valid, old), "mutation of %q", old)
	return strings.Replace(valid, old, with, 1)
}

func TestValid(t *testing.T) {
	problems, err := Lint(files(valid), "r.yaml", validProbes)
	require.NoError(t, err)
	require.Empty(t, problems)
}

// TestBroken mutates the valid rubric once per case and expects exactly the
// problems named, without file and hint.
func TestBroken(t *testing.T) {
	cases := []struct {
		name, old, with string
		want            []string
	}{
		{"newer version", "rubric: 1\n", "rubric: 2\n",
			[]string{`1: rubric: unknown version "2" of the rubric format`}},
		{"odd version", "rubric: 1\n", "rubric: v1-beta\n",
			[]string{`1: rubric: unknown version "v1-beta" of the rubric format`}},
		{"version not first", "rubric: 1\nname: small\n", "name: small\nrubric: 1\n",
			[]string{"1: the first key must be `rubric`, the version of the format"}},
		{"syntax", "title: A small rubric", "title: [",
			[]string{"5: not YAML: sequence end token ']' not found"}},
		{"unknown field", "pass: 6", "pass: 6\npasss: 6",
			[]string{"8: passs: unknown field"}},
		{"twice", "exam: demo", "exam: demo\nexam: other",
			[]string{"5: exam: stands twice"}},
		{"no name", "name: small\n", "",
			[]string{"1: `name` is missing"}},
		{"empty name", "name: small", "name:",
			[]string{"2: name: has no value"}},
		{"bad name", "name: small", "name: Very Small",
			[]string{`2: name: "Very Small" is no id`}},
		{"no semver", "version: 1.2.0", "version: 1.2",
			[]string{`3: version: "1.2" is no semantic version`}},
		{"points are text", "pass: 6", "pass: six",
			[]string{"7: pass: is text, must be a whole number"}},
		{"points are huge", "pass: 6", "pass: 99999999999",
			[]string{"7: pass: 99999999999 is out of range"}},
		{"pass out of reach", "pass: 6", "pass: 11",
			[]string{"7: pass: must be from 0 to the rubric's 10 points"}},
		{"total off", "points: 10", "points: 12",
			[]string{"6: points: the groups sum to 10 points, not 12"}},
		{"group off", "points: 3\n    criteria", "points: 4\n    criteria",
			[]string{"6: points: the groups sum to 11 points, not 10",
				"16: groups[0].points: its criteria sum to 3 points, not 4"}},
		{"companion elsewhere", "lexicon: lexicon.yaml", "lexicon: ../lexicon.yaml",
			[]string{`9: lexicon: "../lexicon.yaml" is no plain file name`}},
		{"companion missing", "notes: notes.yaml", "notes: rules.yaml",
			[]string{"8: notes: cannot read the file: open rules.yaml: file does not exist"}},
		{"unknown source", "source: examiner", "source: oracle",
			[]string{`65: groups[2].criteria[0].source: unknown source "oracle"`}},
		{"criterion twice", "id: safe\n", "id: works\n",
			[]string{`49: groups[1].criteria[1].id: the criterion "works" stands twice`}},
		{"group twice", "id: seen", "id: running",
			[]string{`58: groups[2].id: the group "running" stands twice`}},
		{"unknown dimension", "dimensions: [safety]", "dimensions: [speed]",
			[]string{`39: groups[1].criteria[0].dimensions[0]: no dimension "speed" is defined`}},
		{"unknown prerequisite", "requires: [works]", "requires: [sleeps]",
			[]string{`54: groups[1].criteria[1].requires[0]: no criterion "sleeps" is defined`}},
		{"requires itself", "requires: [works]", "requires: [safe]",
			[]string{`54: groups[1].criteria[1].requires: leads back to "safe" itself`}},
		{"requires a penalty", "requires: [works]", "requires: [cause.wrong]",
			[]string{`54: groups[1].criteria[1].requires[0]: ` +
				`"cause.wrong" is a penalty and can earn nothing`}},
		{"no wording", "        candidate: Is clean\n", "",
			[]string{"49: groups[1].criteria[1]: `candidate` is missing"}},
		{"wording leaks", "candidate: States the cause", "candidate: names the Gremlin",
			[]string{"20: groups[0].criteria[0].candidate: repeats the examiner's wording"}},
		{"negative points", "points: 2\n        penalty: true", "points: -2\n        penalty: true",
			[]string{"28: groups[0].criteria[1].points: must be at least 1"}},
		{"foreign field", "rule: gremlin", "rule: gremlin\n        probe: faulty.work",
			[]string{"24: groups[0].criteria[0].probe: does not belong to a criterion of source notes"}},
		{"first step partial", "- points: 4\n            when", "- points: 3\n            when",
			[]string{"42: groups[1].criteria[0].steps[0].points: the first step gives 3 points of 4"}},
		{"steps not monotone", "- points: 2\n            when", "- points: 4\n            when",
			[]string{"46: groups[1].criteria[0].steps[1].points: " +
				"4 points do not come below the step before, 4"}},
		{"step out of reach", "at_least: 50%}",
			"at_least: 95%}\n              - {count: lost, at_most: 0}",
			[]string{"46: groups[1].criteria[0].steps[1]: is never reached: where it holds, " +
				"the step for 4 points holds too"}},
		{"ratio without percent", "at_least: 50%", "at_least: 50",
			[]string{"48: groups[1].criteria[0].steps[1].when[0].at_least: " +
				"is no percentage from 0 % to 100 %"}},
		{"more than all", "at_least: 50%", "at_least: 100.01%",
			[]string{"48: groups[1].criteria[0].steps[1].when[0].at_least: " +
				"is no percentage from 0 % to 100 %"}},
		{"no limit", "{count: lost, at_most: 0}", "{count: lost}",
			[]string{"45: groups[1].criteria[0].steps[0].when[1]: has no limit"}},
		{"neither of nor count", "{count: lost, at_most: 0}", "{at_most: 0}",
			[]string{"45: groups[1].criteria[0].steps[0].when[1]: needs either `of` or `count`"}},
		{"of three", "of: [accepted, asked], at_least: 50%", "of: [a, b, c], at_least: 50%",
			[]string{"48: groups[1].criteria[0].steps[1].when[0].of: must name two counts"}},
		{"unknown probe", "probe: faulty.rest", "probe: faulty.sleep",
			[]string{`57: groups[1].criteria[1].when[0]: there is no probe "faulty.sleep"`}},
		{"unknown count", "count: rows", "count: columns",
			[]string{`57: groups[1].criteria[1].when[0]: the probe faulty.rest has no count "columns"`}},
		{"scale out of order", "{points: 1, anchor", "{points: 0, anchor",
			[]string{"69: groups[2].criteria[0].scale[1].points: " +
				"0 points do not come above the mark before, 0"}},
		{"scale too short", "          - {points: 2, anchor: Was calm}\n", "",
			[]string{"67: groups[2].criteria[0].scale: must reach from 0 to 2 points"}},
		{"alias", "title: Is safe", "title: *safe",
			[]string{"12: dimensions[0].title: an alias (*) is not allowed here"}},
		{"deep brackets", "title: Is safe", "title: " + strings.Repeat("[", 1e5),
			[]string{"12: is nested too deeply"}},
		{"deep lists", "title: Is safe", "title:\n     " + strings.Repeat("- ", 1e5),
			[]string{"13: is nested too deeply"}},
		{"no such rule", "rule: gremlin", "rule: goblin",
			[]string{`23: groups[0].criteria[0].rule: notes.yaml holds no rule "goblin"`}},
		{"no rules", "notes: notes.yaml\nlexicon: lexicon.yaml\n", "", []string{
			"21: groups[0].criteria[0].rule: the rubric has no rules for notes",
			"22: groups[0].criteria[1].rule: the rubric has no rules for notes"}},
		{"list is text", "requires: [works]", "requires: works",
			[]string{"54: groups[1].criteria[1].requires: is text, must be a list"}},
	}
	require.Greater(t, len(cases), 30)
	s := schema(t, KindRubric)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text := mutate(t, c.old, c.with)
			problems, err := Lint(files(text), "r.yaml", validProbes)
			require.NoError(t, err)
			fits := !strings.HasPrefix(c.name, "deep ") && validate(t, s, []byte(text)) == nil
			var got []string
			for _, p := range problems {
				require.NotEmpty(t, p.Hint)
				if fits { // then no schema could tell
					require.Regexp(t, beyondSchema, p.Message)
				}
				got = append(got, strings.TrimPrefix(p.String(), "r.yaml:"))
			}
			require.Equal(t, c.want, got)
		})
	}
}

// TestAllAtOnce shows that one mistake does not hide another.
func TestAllAtOnce(t *testing.T) {
	text := strings.NewReplacer("pass: 6", "pass: six", "id: seen", "id: written",
		"at_most: 0", "at_most: 0%", "anchor: Panicked", "ancor: Panicked").Replace(valid)
	problems, err := Lint(files(text), "r.yaml", nil)
	require.NoError(t, err)
	require.Len(t, problems, 5)
	_, err = Load(files(text), "r.yaml")
	for _, p := range problems {
		require.ErrorContains(t, err, p.String())
	}
	require.ErrorContains(t, err, "did you mean `anchor`?")
}

// TestBrokenRules shows that problems of the rule files are told with their place.
func TestBrokenRules(t *testing.T) {
	for _, c := range []struct{ old, with, want string }{
		{"[rain, storm]", "[rain, '@hail']",
			`lexicon.yaml:3: concepts.weather[1]: phrase "@hail": no concept is called hail`},
		{"says: a gremlin", "say: a gremlin", "notes.yaml:4: criteria[0].say: unknown field"},
	} {
		fsys := files(valid)
		for name, f := range fsys {
			fsys[name].Data = []byte(strings.Replace(string(f.Data), c.old, c.with, 1))
		}
		_, err := Load(fsys, "r.yaml")
		require.ErrorContains(t, err, c.want)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(valid)
	f.Add("rubric: 1\ngroups: [{criteria: [{source: probe, steps: [{when: [{of: [a]}]}]}]}]")
	f.Add("? [a]\n: b\n<<: *x\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Load(files(text), "r.yaml")
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		g := Score(r, Inputs{})
		require.LessOrEqual(t, g.Lowest, g.Highest)
		require.LessOrEqual(t, g.Highest, g.Of)
		require.GreaterOrEqual(t, g.Lowest, 0)
	})
}
