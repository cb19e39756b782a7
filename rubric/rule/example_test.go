package rule_test

import (
	"fmt"

	"firedrill/rubric/rule"
)

// Rules are data: concepts are what people write when they mean a thing, criteria are rules
// over statements, with examples for and against each.
func ExampleParse() {
	set, err := rule.Parse(rule.File{Name: "notes.yaml", Data: []byte(`version: 1
concepts:
  burning: [burn|burns|burning, on fire]
  cue.negation: [not]
criteria:
  - id: cause
    says: it is said what burns
    met:
      - rule: the oil burns
        all: [oil, "@burning"]
    examples:
      for: [The oil burns.]
      against: [The oil does not burn.]
`)})
	if err != nil {
		panic(err)
	}
	c := set.Criterion("cause")
	fmt.Println(c.ID.Value, len(set.Concepts), c.For[0].Value)
	// Output: cause 2 The oil burns.
}

// What cannot be read is an error with file and line.
func ExampleParse_error() {
	_, err := rule.Parse(rule.File{Name: "notes.yaml", Data: []byte(`version: 1
criteria:
  - id: cause
    says: it is said what burns
    met:
      - rule: the oil burns
        all: ["@burning"]
    examples:
      for: [The oil burns.]
      against: [The oil does not burn.]
`)})
	fmt.Println(err)
	// Output:
	// notes.yaml:7: criteria[0].met[0].all[0]: phrase "@burning": no concept is called burning
}
