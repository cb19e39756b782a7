package rubric_test

import (
	"fmt"
	"testing/fstest"

	"firedrill/rubric"
)

// files are a rubric of one criterion from notes, one from a probe, and their rules.
var files = fstest.MapFS{
	"kitchen.yaml": {Data: []byte(`rubric: 1
name: kitchen
version: 1.0.0
exam: kitchen
title: A kitchen on fire
notes: notes.yaml
lexicon: words.yaml
points: 10
pass: 6
groups:
  - id: all
    title: All of it
    points: 10
    criteria:
      - id: cause
        title: Finds what burns
        candidate: Finds the cause
        source: notes
        points: 4
      - id: served
        title: Guests are served meanwhile
        candidate: Guests are served
        source: probe
        points: 6
        probe: faulty.orders
        steps:
          - points: 6
            when:
              - {of: [served, asked], at_least: 95%}
          - points: 3
            when:
              - {of: [served, asked], at_least: 50%}
`)},
	"words.yaml": {Data: []byte(`version: 1
concepts:
  burning: [burn|burns|burning, on fire]
  cue.negation: [not]
`)},
	"notes.yaml": {Data: []byte(`version: 1
criteria:
  - id: cause
    says: it is said what burns
    met:
      - rule: the oil burns
        all: [oil, "@burning"]
    examples:
      for: [The oil burns.]
      against: [The oil does not burn.]
`)},
}

// A rubric and what was found give a grade. What nobody could check leaves it open, as an
// interval, and costs nothing.
func Example() {
	r, err := rubric.Load(files, "kitchen.yaml")
	if err != nil {
		panic(err)
	}
	said := rubric.Finding{Criterion: "cause", Outcome: rubric.Met, Lines: []int{3},
		Quote: "The oil burns.", Reason: "says what burns", Rule: "the oil burns"}
	seen := rubric.Observation{Probe: "faulty.orders", World: "faulty",
		Counts: map[string]int{"asked": 200, "served": 120}}

	for _, in := range []rubric.Inputs{
		{Findings: []rubric.Finding{said}},
		{Findings: []rubric.Finding{said}, Observations: []rubric.Observation{seen}},
	} {
		g := rubric.Score(r, in)
		fmt.Printf("%d to %d of %d points: %s\n", g.Lowest, g.Highest, g.Of, g.State)
	}
	// Output:
	// 4 to 10 of 10 points: open
	// 7 to 7 of 10 points: passed
}

// Every problem of a file is told at once, with its line and what to do.
func ExampleLint() {
	broken := fstest.MapFS{"kitchen.yaml": {Data: []byte("rubric: 1\nname: kitchen\nversion: one\npoint: 10\n")}}
	problems, err := rubric.Lint(broken, "kitchen.yaml", nil)
	if err != nil {
		panic(err)
	}
	for _, p := range problems[:2] {
		fmt.Println(p)
	}
	// Output:
	// kitchen.yaml:1: `exam` is missing
	// kitchen.yaml:1: `title` is missing
}
