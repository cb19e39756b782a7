package shape

import (
	"fmt"
	"strings"
)

// Describe tells every field in words, those within another below it, each object once.
func Describe(v *Value) string {
	var b strings.Builder
	describe(&b, v, "", map[string]bool{})
	return b.String()
}

func describe(b *strings.Builder, v *Value, indent string, seen map[string]bool) {
	for v != nil && v.Fields == nil && v.Each != nil {
		v = v.Each
	}
	if v == nil || len(v.Fields) == 0 {
		return
	}
	if seen[v.name] {
		fmt.Fprintf(b, "%s… as above\n", indent)
		return
	}
	seen[v.name] = true
	wide := 0
	for _, f := range v.Fields {
		wide = max(wide, len(f.Key))
	}
	for _, f := range v.Fields {
		fmt.Fprintf(b, "%s%-*s  %s%s\n", indent, wide, f.Key, f.Doc, f.marks())
		describe(b, f.Value, indent+"    ", seen)
	}
}

// marks says whether the field must be there, where it belongs, and which words it takes.
func (f Field) marks() string {
	var parts []string
	if f.Required {
		parts = append(parts, "required")
	}
	if f.When != "" {
		parts = append(parts, f.When+": "+strings.Join(f.In, " or "))
	}
	if words := f.Value.words(); words != "" {
		parts = append(parts, "one of "+words)
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, "; ") + ")"
}

// words lists what an enumeration, or a list of them, takes.
func (v *Value) words() string {
	if v.Each != nil && v.Fields == nil {
		v = v.Each
	}
	all, _ := v.keywords["enum"].([]any)
	var out []string
	for _, w := range all {
		if s, ok := w.(string); ok {
			out = append(out, s)
		}
	}
	return strings.Join(out, ", ")
}
