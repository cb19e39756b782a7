package rubric

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"firedrill/rubric/shape"
)

// everything is a rubric, with its rule files, that uses every key of the format.
func everything() fstest.MapFS {
	fsys := claiming("")
	text := string(fsys["r.yaml"].Data)
	for _, change := range [][2]string{
		{"points: 3\n    criteria", "points: 3\n    cap: 2\n    criteria"},
		{"points: 10\n", "points: 9\n"},
		{"        rule: gremlin\n", "        rule: gremlin\n        required: 2\n"},
		{"verdict: contradicted\n", "verdict: contradicted\n        claims: [works, cap]\n"},
		{"groups:\n", "costs:\n  group: written\n  hints:\n    - {hint: \"1\", points: 1}\n" +
			"  time: {minutes: 45, every: 5, points: 1}\ngroups:\n"},
	} {
		text = strings.Replace(text, change[0], change[1], 1)
	}
	fsys["r.yaml"].Data = []byte(text)
	fsys["notes.yaml"].Data = []byte(`version: 1
concepts:
  rain: [rain; drops]
  section.cause: {any: [cause], except: [no cause]}
facts:
  - rule: wet
    all: ["@rain"]
criteria:
  - id: gremlin
    says: a gremlin is named
    unless: [no gremlin]
    unless_next: [not so]
    met:
      - rule: named
        all: [gremlin, "#wet"]
        span: two
        within: 12
        ordered: true
        unless: [maybe]
        unless_clause: [if]
        unless_next: [wrong]
        sections: [cause]
        not_sections: [cause]
        admit: [code, heading]
        polarity: any
        doubt: it is only hinted at
        bare: true
    against:
      - rule: denied
        all: [nothing]
        cancels: all
    examples:
      for: [a gremlin]
      against: [no gremlin]
  - id: cause.wrong
    says: the weather is blamed
    met:
      - rule: weather
        all: ["@weather"]
    detector: {name: timeline, least: 3}
    examples:
      for: [it rained]
      against: [it was sunny]
`)
	return fsys
}

// kinds are the files of everything and their kinds.
var kinds = map[string]string{"r.yaml": KindRubric, "notes.yaml": KindRules,
	"lexicon.yaml": KindRules, "claims.yaml": KindClaims}

func schema(t *testing.T, kind string) *jsonschema.Schema {
	t.Helper()
	data, err := Schema(kind)
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("schema.json", doc))
	s, err := c.Compile("schema.json")
	require.NoError(t, err)
	return s
}

// validate holds a file to a schema, as an editor does.
func validate(t *testing.T, s *jsonschema.Schema, data []byte) error {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(data, &v); err != nil {
		return err
	}
	text, err := json.Marshal(v)
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	return s.Validate(doc)
}

// beyondSchema are the messages about what a schema cannot say: sums, references, order,
// uniqueness, comparisons between values, phrases, and what depends on the place of a key.
var beyondSchema = regexp.MustCompile(strings.Join([]string{
	`sum to -?\d+ points`, `the first step gives`, `do not come (below|above)`, `is never reached`,
	`can never hold`, `must reach from 0 to`, `points are required where`, `bounds nothing of`,
	`must be from 0 to the rubric's`, `stands twice`, `is defined twice`,
	`no (criterion|dimension|group|claim|concept) .* is (defined|called)`, `no earlier fact is called`,
	`no concept .* names that section`, `holds no rule`, `leads back to`, `can earn nothing`,
	`there is no probe`, `has no count`, `no probe is named`, `the first key must be`,
	`phrase ".*": `, `contains itself`, `the rubric has no (rules|claims)`,
	`cannot read the file`, `cannot be used: `, `repeats the examiner's wording`,
	`could be confirmed and contradicted`, `is judged by the same as`, `has the same title`,
	`has no examples`, `no criterion uses the rule`, `tells a candidate too much`, `everybody passes`,
}, "|"))

// TestSchemaAgreesWithLint changes every value of every file in every way: what the schema
// refuses the linter tells, and what only the linter tells is beyond a schema.
func TestSchemaAgreesWithLint(t *testing.T) {
	tried, refused, beyond := 0, 0, 0
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		s := schema(t, kinds[name])
		original := everything()[name].Data
		require.NoError(t, validate(t, s, original), name)
		for _, m := range mutants(t, original) {
			fsys := everything()
			fsys[name].Data = m.data
			problems, err := Lint(fsys, "r.yaml", validProbes)
			require.NoError(t, err)
			invalid := validate(t, s, m.data)
			tried++
			switch {
			case invalid != nil:
				refused++
				assert.NotEmpty(t, problems, "%s: %s: only the schema refuses: %v", name, m.what, invalid)
			case len(problems) > 0:
				beyond++
				for _, p := range problems {
					assert.Regexp(t, beyondSchema, p.Message, "%s: %s", name, m.what)
				}
			}
			for _, p := range problems {
				assert.NotEmpty(t, p.Hint, "%s: %s: %s has no hint", name, m.what, p)
			}
		}
	}
	t.Logf("%d mutants: %d refused by the schema, %d more by the linter alone", tried, refused, beyond)
	require.Greater(t, refused, 1000)
	require.Greater(t, beyond, 50)
}

// indexes are the places in lists that a path goes through.
var indexes = regexp.MustCompile(`\[\d+\]`)

type mutant struct {
	what string
	data []byte
}

// mutants gives files with one value taken out, replaced, or added.
func mutants(t *testing.T, original []byte) []mutant {
	t.Helper()
	parse := func() any {
		var v yaml.MapSlice
		require.NoError(t, yaml.UnmarshalWithOptions(original, &v, yaml.UseOrderedMap()))
		return v
	}
	var out []mutant
	add := func(what string, v any) {
		data, err := yaml.Marshal(v)
		require.NoError(t, err)
		out = append(out, mutant{what, data})
	}
	walked := map[string]bool{} // one of several that are alike is enough
	var walk func(path string, v any, put func(any) any)
	walk = func(path string, v any, put func(any) any) {
		for _, with := range []any{"odd words", "", -1, true, nil, []any{},
			yaml.MapSlice{{Key: "a", Value: "b"}}} {
			add(fmt.Sprintf("%s = %v", path, with), put(with))
		}
		switch v := v.(type) {
		case yaml.MapSlice:
			kind := indexes.ReplaceAllString(path, "[]")
			for _, item := range v {
				kind += fmt.Sprint(" ", item.Key)
				if item.Key == "source" || item.Key == "figure" {
					kind += fmt.Sprint("=", item.Value)
				}
			}
			if walked[kind] {
				return
			}
			walked[kind] = true
			for i, item := range v {
				without := slices.Delete(slices.Clone(v), i, i+1)
				add(path+"."+fmt.Sprint(item.Key)+" taken out", put(without))
				walk(path+"."+fmt.Sprint(item.Key), item.Value, func(with any) any {
					changed := slices.Clone(v)
					changed[i].Value = with
					return put(changed)
				})
			}
			more := append(slices.Clone(v), yaml.MapItem{Key: "colour", Value: "red"})
			add(path+" with a colour", put(more))
		case []any:
			for i := range v {
				add(fmt.Sprintf("%s[%d] taken out", path, i), put(slices.Delete(slices.Clone(v), i, i+1)))
				walk(fmt.Sprintf("%s[%d]", path, i), v[i], func(with any) any {
					changed := slices.Clone(v)
					changed[i] = with
					return put(changed)
				})
			}
			if len(v) > 0 {
				add(path+" twice", put(append(slices.Clone(v), v[0])))
			}
		}
	}
	walk("", parse(), func(v any) any { return v })
	return out
}

// TestEverythingUsesEveryKey keeps the agreement above about the whole format.
func TestEverythingUsesEveryKey(t *testing.T) {
	used := ""
	for name, f := range everything() {
		require.Contains(t, kinds, name)
		used += "\n" + string(f.Data)
	}
	for _, kind := range []string{KindRubric, KindRules, KindClaims} {
		v, err := Shape(kind)
		require.NoError(t, err)
		eachField(v, map[string]bool{}, func(f shape.Field) {
			require.Regexp(t, `^[A-Z].*\.$|^[A-Za-z].*\.$`, f.Doc, "%s is documented", f.Key)
			if f.Key != "base" && f.Key != "weights" { // they need what was released or learned
				require.Regexp(t, `(^|[\s{,-])`+f.Key+`:`, used, "%s: %s is used", kind, f.Key)
			}
		})
	}
}

func eachField(v *shape.Value, seen map[string]bool, do func(shape.Field)) {
	if v == nil {
		return
	}
	eachField(v.Each, seen, do)
	key := strings.Join(v.Keys(), " ")
	if seen[key] {
		return
	}
	seen[key] = true
	for _, f := range v.Fields {
		do(f)
		eachField(f.Value, seen, do)
	}
}

// TestShippedFilesFitTheSchema: what editors complain about is what is wrong.
func TestShippedFilesFitTheSchema(t *testing.T) {
	for file, kind := range map[string]string{"payment.yaml": KindRubric, "notes.yaml": KindRules,
		"lexicon.yaml": KindRules, "claims.yaml": KindClaims} {
		data, err := fs.ReadFile(Shipped(), "payment/"+file)
		require.NoError(t, err)
		require.NoError(t, validate(t, schema(t, kind), data), file)
	}
}

func TestSchemaIsStable(t *testing.T) {
	for _, kind := range []string{KindRubric, KindRules, KindClaims} {
		one, err := Schema(kind)
		require.NoError(t, err)
		two, err := Schema(kind)
		require.NoError(t, err)
		require.Equal(t, string(one), string(two))
		require.Contains(t, string(one), shape.Draft)
	}
	_, err := Schema("weights")
	require.ErrorContains(t, err, `unknown kind of file "weights"`)
}
