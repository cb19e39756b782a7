package leak

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// JSON reads every key and every text of a JSON document, such as what the engine tells
// about a container or a network. Findings name the place within it.
func (v *Vocabulary) JSON(where string, data []byte, place Place) ([]Leak, error) {
	var doc any
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("read %s: %w", where, err)
	}
	return v.value(where, doc, place), nil
}

func (v *Vocabulary) value(where string, value any, place Place) []Leak {
	var out []Leak
	switch x := value.(type) {
	case string:
		out = v.Text(where, []byte(x), place)
	case []any:
		for i, e := range x {
			out = append(out, v.value(fmt.Sprintf("%s[%d]", where, i), e, place)...)
		}
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(x)) {
			out = append(out, v.Text(where+"."+k, []byte(k), place)...)
			out = append(out, v.value(where+"."+k, x[k], place)...)
		}
	}
	return out
}
