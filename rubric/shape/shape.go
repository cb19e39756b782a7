// Package shape describes what a YAML format accepts: which keys a mapping may hold and in
// which order they are written, what may stand under each, and what each is for.
//
// One description serves everybody who must agree: the decoder takes its lists of keys from
// it, an editor gets it as JSON Schema, and the formatter takes its order of keys from it. It
// holds no values and reports no problems; it knows neither rubrics nor YAML.
package shape

import (
	"maps"
	"slices"
)

// Value says what may stand in one place.
type Value struct {
	// Fields are the keys of a mapping, in the order in which they are written.
	Fields []Field
	// Each is every entry of a list, or of a mapping whose keys are free; nil elsewhere.
	Each *Value
	// name makes the value a definition of the schema; keywords are JSON Schema's.
	name     string
	keywords map[string]any
	either   []*Value
}

// Field is a key of a mapping.
type Field struct {
	Key string
	// Doc says in a sentence what it is for; an editor shows it.
	Doc string
	// Required fields must be there.
	Required bool
	// When names a key of the same mapping, In its values where the field belongs; empty:
	// it always belongs.
	When  string
	In    []string
	Value *Value
}

// belongs reports whether the field may stand where the key named by When has that value.
func (f Field) belongs(value string) bool { return f.When == "" || slices.Contains(f.In, value) }

// Keys lists the mapping's keys.
func (v *Value) Keys() []string {
	var out []string
	for _, f := range v.Fields {
		out = append(out, f.Key)
	}
	return out
}

// Field finds the field of a key; nil when there is none.
func (v *Value) Field(key string) *Field {
	if v == nil {
		return nil
	}
	for i := range v.Fields {
		if v.Fields[i].Key == key {
			return &v.Fields[i]
		}
	}
	return nil
}

// Foreign lists the keys that do not belong where the key when has that value.
func (v *Value) Foreign(when, value string) []string {
	var out []string
	for _, f := range v.Fields {
		if f.When == when && !f.belongs(value) {
			out = append(out, f.Key)
		}
	}
	return out
}

// Text is any text that is not blank.
func Text() *Value { return Match(`\S`) }

// Match is text that matches a regular expression.
func Match(pattern string) *Value {
	return &Value{keywords: map[string]any{"type": "string", "pattern": pattern}}
}

// Scalar is text, a number or a truth value, taken as it is spelled.
func Scalar() *Value {
	return &Value{keywords: map[string]any{"type": []any{"string", "number", "boolean"}}}
}

// OneOf is one of some words.
func OneOf(words ...string) *Value {
	all := make([]any, len(words))
	for i, w := range words {
		all[i] = w
	}
	return &Value{keywords: map[string]any{"enum": all}}
}

// Whole is a whole number from least to most.
func Whole(least, most int) *Value {
	return &Value{keywords: map[string]any{"type": "integer", "minimum": least, "maximum": most}}
}

// Truth is true or false.
func Truth() *Value { return &Value{keywords: map[string]any{"type": "boolean"}} }

// List is a list of values.
func List(of *Value) *Value {
	return &Value{Each: of, keywords: map[string]any{"type": "array"}}
}

// Table is a mapping whose keys are free.
func Table(of *Value) *Value {
	return &Value{Each: of, keywords: map[string]any{"type": "object"}}
}

// Object is a mapping with the given fields, named for the schema.
func Object(name string, fields ...Field) *Value {
	return &Value{name: name, Fields: fields, keywords: map[string]any{"type": "object"}}
}

// Either is a value of one of several kinds. Only the last may have fields or entries that
// a formatter looks into.
func Either(values ...*Value) *Value {
	last := values[len(values)-1]
	return &Value{Fields: last.Fields, Each: last.Each, either: values}
}

// Or gives the enumeration with a further value.
func (v *Value) Or(value any) *Value {
	all, _ := v.keywords["enum"].([]any)
	return v.With("enum", append(slices.Clone(all), value))
}

// Named gives the object under another name, for a variant of it.
func (v *Value) Named(name string) *Value {
	out := *v
	out.name = name
	out.Fields = slices.Clone(v.Fields)
	return &out
}

// Requiring gives the object under another name with further required fields.
func (v *Value) Requiring(name string, keys ...string) *Value {
	out := v.Named(name)
	for _, key := range keys {
		out.Field(key).Required = true
	}
	return out
}

// With gives the value with a further keyword of JSON Schema, for what the other parts of
// the description cannot say.
func (v *Value) With(keyword string, value any) *Value {
	out := *v
	out.keywords = maps.Clone(v.keywords)
	if out.keywords == nil {
		out.keywords = map[string]any{}
	}
	out.keywords[keyword] = value
	return &out
}
