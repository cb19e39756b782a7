package notes

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"firedrill/rubric"
	"firedrill/rubric/rule"
)

const ablated = `version: 1
concepts:
  cue.negation: [not]
facts:
  - rule: seen
    all: [gremlin]
criteria:
  - id: named
    says: the gremlin is named
    met:
      - {rule: by name, all: [gremlin]}
      - {rule: by nick, all: [imp]}
    against:
      - {rule: taken back, all: [withdrawn], cancels: all}
  - id: seen
    says: the gremlin was seen
    met:
      - {rule: was seen, all: ["#seen"]}
`

func TestAblate(t *testing.T) {
	set, err := rule.Load(fstest.MapFS{"r.yaml": {Data: []byte(ablated)}}, "r.yaml")
	require.NoError(t, err)
	j := New(set, Options{})
	changed := func(src string) map[string][]rubric.Outcome {
		out := map[string][]rubric.Outcome{}
		for _, a := range j.Ablate([]byte(src)) {
			for _, f := range a.Findings {
				key := a.Criterion + "/" + a.Rule.Name.Value + "/" + f.Criterion
				out[key] = append(out[key], f.Outcome)
			}
		}
		return out
	}
	require.Equal(t, map[string][]rubric.Outcome{
		"named/by name/named": {rubric.NotMet},
		"seen/was seen/seen":  {rubric.NotMet},
		"/seen/seen":          {rubric.NotMet},
	}, changed("A gremlin did it."))
	require.Equal(t, map[string][]rubric.Outcome{
		"seen/was seen/seen": {rubric.NotMet},
		"/seen/seen":         {rubric.NotMet},
	}, changed("A gremlin, an imp, did it."), "either rule is enough")
	require.Equal(t, map[string][]rubric.Outcome{
		"named/taken back/named": {rubric.Met},
	}, changed("An imp did it. That is withdrawn."))
	require.Len(t, j.Ablate(nil), 5, "the same places for all notes")
}
