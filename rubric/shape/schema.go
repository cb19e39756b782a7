package shape

import (
	"encoding/json"
	"maps"
	"slices"
)

// Draft names the version of JSON Schema that Schema writes.
const Draft = "https://json-schema.org/draft/2020-12/schema"

// Schema gives a format as JSON Schema, with an id and a title. Equal descriptions give
// equal bytes.
func Schema(root *Value, id, title string) ([]byte, error) {
	w := writer{defs: map[string]any{}}
	out := w.value(root, true)
	out["$schema"], out["$id"], out["title"] = Draft, id, title
	if len(w.defs) > 0 {
		out["$defs"] = w.defs
	}
	data, err := json.MarshalIndent(out, "", "  ")
	return append(data, '\n'), err
}

type writer struct{ defs map[string]any }

// value spells a value; an object with a name becomes a definition, unless it is the root.
func (w writer) value(v *Value, root bool) map[string]any {
	out := maps.Clone(v.keywords)
	switch {
	case v.either != nil:
		var all []any
		for _, e := range v.either {
			all = append(all, w.value(e, false))
		}
		return map[string]any{"anyOf": all}
	case v.Fields != nil:
		if !root {
			if _, known := w.defs[v.name]; known {
				return map[string]any{"$ref": "#/$defs/" + v.name}
			}
			w.defs[v.name] = nil // it may contain itself
		}
		w.object(v, out)
		if !root {
			w.defs[v.name] = out
			return map[string]any{"$ref": "#/$defs/" + v.name}
		}
	case v.Each != nil && out["type"] == "array":
		out["items"] = w.value(v.Each, false)
	case v.Each != nil:
		out["additionalProperties"] = w.value(v.Each, false)
	}
	return out
}

func (w writer) object(v *Value, out map[string]any) {
	properties := map[string]any{}
	required := []any{}
	for _, f := range v.Fields {
		p := w.value(f.Value, false)
		p["description"] = f.Doc
		properties[f.Key] = p
		if f.Required && f.When == "" {
			required = append(required, f.Key)
		}
	}
	out["properties"], out["additionalProperties"] = properties, false
	if len(required) > 0 {
		out["required"] = required
	}
	if cases := v.cases(); len(cases) > 0 {
		all, _ := out["allOf"].([]any)
		out["allOf"] = append(cases, all...)
	}
}

// cases say which fields belong, and which are required, for each value of the keys that
// fields depend on.
func (v *Value) cases() []any {
	values := map[string][]string{}
	for _, f := range v.Fields {
		for _, in := range f.In {
			if !slices.Contains(values[f.When], in) {
				values[f.When] = append(values[f.When], in)
			}
		}
	}
	var out []any
	for _, when := range slices.Sorted(maps.Keys(values)) {
		slices.Sort(values[when])
		for _, value := range values[when] {
			not, need := map[string]any{}, []any{}
			for _, f := range v.Fields {
				switch {
				case f.When == when && !f.belongs(value):
					not[f.Key] = false
				case f.When == when && f.Required:
					need = append(need, f.Key)
				}
			}
			then := map[string]any{"properties": not}
			if len(need) > 0 {
				then["required"] = need
			}
			out = append(out, map[string]any{
				"if": map[string]any{"required": []any{when},
					"properties": map[string]any{when: map[string]any{"const": value}}},
				"then": then,
			})
		}
	}
	return out
}
