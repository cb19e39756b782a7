package rubric

import "errors"

// Holds reports whether the condition holds for one observation's counts. An error says
// why that cannot be told.
func (c Condition) Holds(counts map[string]int) (bool, error) {
	k := c.apply(counts)
	if k.unknown != "" {
		return false, errors.New(k.unknown)
	}
	return k.holds, nil
}
