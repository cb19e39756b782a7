package report

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	generate "github.com/invopop/jsonschema"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"firedrill/grader/diff"
	"firedrill/rubric"
)

// published are the schemas, by file, and what each is of.
var published = map[string]struct {
	of    any
	title string
}{
	"report.schema.json": {Report{}, "Firedrill report, version 1"},
	"record.schema.json": {Record{}, "Firedrill record of a grade, version 1"},
}

// closed are the values that there are; kinds and sources may become more.
var closed = map[reflect.Type][]any{
	reflect.TypeFor[rubric.Outcome](): {rubric.Met, rubric.NotMet, rubric.NeedsReview, rubric.NotGradable},
	reflect.TypeFor[rubric.State]():   {rubric.Passed, rubric.Failed, rubric.Open},
	reflect.TypeFor[rubric.Verdict](): {rubric.Confirmed, rubric.Contradicted, rubric.NotChecked},
	reflect.TypeFor[diff.Kind]():      {diff.Changed, diff.Removed, diff.Added},
}

// younger are fields that the first reports of version 1 did not have.
var younger = []string{"claims", "settings", "diff", "candidate"}

// generated makes a schema from the Go types and their comments. A strict one refuses
// fields that it does not know; the published ones allow them.
func generated(t *testing.T, file string, strict bool) []byte {
	t.Helper()
	r := generate.Reflector{Anonymous: true, ExpandedStruct: true, AllowAdditionalProperties: !strict,
		Mapper: func(of reflect.Type) *generate.Schema {
			if values := closed[of]; values != nil {
				return &generate.Schema{Type: "string", Enum: values}
			}
			if of == reflect.TypeFor[rubric.Answer]() {
				return &generate.Schema{Type: "string", Pattern: `^[0-9]+ [0-9]+$`,
					Description: "Status and microseconds, 202 1843; status 0 is no answer."}
			}
			return nil
		}}
	for _, dir := range []string{".", "../diff", "../../rubric"} {
		require.NoError(t, r.AddGoComments("firedrill/grader/report", dir, generate.WithFullComment()))
	}
	for name, text := range r.CommentMap { // a comment's lines are wrapped for code
		r.CommentMap[name] = strings.Join(strings.Fields(text), " ")
	}
	s := r.Reflect(published[file].of)
	s.Title = published[file].title
	optional(s)
	for _, d := range s.Definitions {
		optional(d)
	}
	out, err := json.MarshalIndent(s, "", "  ")
	require.NoError(t, err)
	return append(out, '\n')
}

func optional(s *generate.Schema) {
	s.Required = slices.DeleteFunc(s.Required, func(name string) bool { return slices.Contains(younger, name) })
}

// schema compiles a JSON Schema.
func schema(t *testing.T, text []byte) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.AssertContent()
	require.NoError(t, c.AddResource("urn:it", decoded(t, text)))
	s, err := c.Compile("urn:it")
	require.NoError(t, err)
	return s
}

func decoded(t *testing.T, data []byte) any {
	t.Helper()
	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	require.NoError(t, err)
	return out
}

// TestSchemasAreTheTypes: what is published is what the Go types write, field by field. After
// a change of a type: go test ./grader/report -update, and see that Version's promise holds.
func TestSchemasAreTheTypes(t *testing.T) {
	for file := range published {
		fresh := generated(t, file, false)
		if *update {
			require.NoError(t, os.WriteFile(file, fresh, 0o644))
		}
		kept, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, string(kept), string(fresh), "go test ./grader/report -update makes %s anew", file)
	}
	if *update {
		return // what is embedded is that of before
	}
	require.Equal(t, string(generated(t, "report.schema.json", false)), string(Schema()))
	require.Equal(t, string(generated(t, "record.schema.json", false)), string(RecordSchema()))
}

// record is one with every field filled.
func record() *Record {
	return &Record{Run: "k3v9", Submission: sample().Submission, Seed: 7, Rubric: sample().Rubric,
		Notes:    []byte("# Notes\n"),
		Findings: []rubric.Finding{{Criterion: "cause.dns", Outcome: rubric.Met, Lines: []int{3}}, {Criterion: "fix", Outcome: rubric.NotMet}},
		Said:     []rubric.Said{{Claim: "a", Figures: []rubric.Figure{{Class: "pct", Value: 12.5}}}, {Claim: "b"}},
		Observations: []rubric.Observation{
			{Probe: "faulty.payments", World: "faulty", Counts: map[string]int{"asked": 200},
				Transcript: []rubric.Exchange{{Method: "POST", Path: "/api/payment", Status: 202, Micros: 900}},
				Logs:       []string{"a"}, Notes: []string{"b"},
				Pace: &rubric.Pace{Took: 5, Asked: 1, Answers: []rubric.Answer{{Status: 202, Micros: 900}}}},
			{Probe: "healed.payments", World: "healed", Unchecked: "no engine"}, {Down: "does not compile"}},
		Marks: []rubric.Mark{{Criterion: "examiner.approach", Points: 2, By: "A", When: "2026-05-04", Why: "b"}},
	}
}

// TestReportsAreValid holds what is written against the schemas, also against ones that
// refuse fields they do not know: no field is undocumented.
func TestReportsAreValid(t *testing.T) {
	valid := func(file string, data []byte, published []byte) {
		require.NoError(t, schema(t, published).Validate(decoded(t, data)), file)
		require.NoError(t, schema(t, generated(t, file, true)).Validate(decoded(t, data)), file)
	}
	stable := sample()
	stable.Stability = &Stability{Runs: 2, Criteria: []Difference{{ID: "a", Seen: []Seen{{"met", []int{1}}}}}}
	for _, r := range []*Report{sample(), {Grade: sample().Grade}, stable, poison("\x00\xff<@")} {
		data, err := r.JSON()
		require.NoError(t, err)
		valid("report.schema.json", data, Schema())
	}
	empty, err := (&Record{}).JSON()
	require.NoError(t, err)
	full, err := record().JSON()
	require.NoError(t, err)
	valid("record.schema.json", empty, RecordSchema())
	valid("record.schema.json", full, RecordSchema())
}

// TestSchemaRefuses: the schema is no formality.
func TestSchemaRefuses(t *testing.T) {
	good, err := sample().JSON()
	require.NoError(t, err)
	for was, is := range map[string]string{
		`"outcome": "met"`:            `"outcome": "passed"`,
		`"verdict": "contradicted"`:   `"verdict": "wrong"`,
		`"points": 10,`:               `"points": "10",`,
		`"lowest": 8,`:                ``,
		`"started": "2026-05-04T10:0`: `"started": "yesterday`,
		`"applied": true`:             `"applied": 1`,
	} {
		require.Contains(t, string(good), was)
		bad := strings.Replace(string(good), was, is, 1)
		require.Error(t, schema(t, Schema()).Validate(decoded(t, []byte(bad))), is)
	}
}

// TestOldReportsLoad: reports of earlier graders are valid, and nothing of them is lost but
// what the reader does not know.
func TestOldReportsLoad(t *testing.T) {
	files, err := filepath.Glob("testdata/old/*.json")
	require.NoError(t, err)
	require.Len(t, files, 3)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, schema(t, Schema()).Validate(decoded(t, data)), file)
		strict := json.NewDecoder(bytes.NewReader(data))
		strict.DisallowUnknownFields() // a field that went away would be one
		var r Report
		require.NoError(t, strict.Decode(&r), file)
		require.Equal(t, Version, r.Report)
		require.NotEmpty(t, r.Criteria)
		for _, f := range Formats() {
			require.NoError(t, r.Encode(&bytes.Buffer{}, f, 80), "%s as %s", file, f)
		}
		again, err := r.JSON()
		require.NoError(t, err)
		requireKept(t, decoded(t, data), decoded(t, again), file)
	}
}

// requireKept holds everything of old to be in new, at its place.
func requireKept(t *testing.T, old, new any, at string) {
	t.Helper()
	switch old := old.(type) {
	case map[string]any:
		for key, value := range old {
			require.Contains(t, new, key, at)
			requireKept(t, value, new.(map[string]any)[key], at+"."+key)
		}
	case []any:
		require.Len(t, new, len(old), at)
		for i := range old {
			requireKept(t, old[i], new.([]any)[i], at)
		}
	default:
		require.Equal(t, old, new, at)
	}
}

// TestPromiseHolds compares the schemas with those of the first release: nothing is taken
// away, and nothing becomes optional. New fields may come.
func TestPromiseHolds(t *testing.T) {
	for file := range published {
		released, err := os.ReadFile(filepath.Join("testdata/old", file+".1"))
		require.NoError(t, err)
		now, err := os.ReadFile(file)
		require.NoError(t, err)
		requireShape(t, decoded(t, released), decoded(t, now), file)
	}
}

// requireShape holds a schema to promise what an older one did; wording may change.
func requireShape(t *testing.T, old, new any, at string) {
	t.Helper()
	was, ok := old.(map[string]any)
	require.True(t, ok, at)
	is, ok := new.(map[string]any)
	require.True(t, ok, "%s: is gone", at)
	for _, group := range []string{"properties", "$defs"} {
		for name, value := range sub(was[group]) {
			requireShape(t, value, sub(is[group])[name], at+"."+name)
		}
	}
	if items, ok := was["items"]; ok {
		requireShape(t, items, is["items"], at+"[]")
	}
	for _, key := range []string{"type", "enum", "$ref", "format", "pattern", "contentEncoding"} {
		require.Equal(t, was[key], is[key], "%s: %s", at, key)
	}
	if required, ok := was["required"].([]any); ok {
		require.Subset(t, is["required"], required, at)
	}
}

func sub(v any) map[string]any { m, _ := v.(map[string]any); return m }
