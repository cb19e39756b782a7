package compose

import "fmt"

// Change is one difference between the candidate's file and the kit's.
type Change struct {
	Path string // services.NAME.environment.KEY
	Line int    // 1-based in the candidate's file; 0 for what was taken out
	// Value is the candidate's; empty for what was taken out.
	Value string
	// Applied tells whether the lab is started with it; Reason says why not.
	Applied bool
	Reason  string
}

// decide settles a change: without a reason against it, it is applied.
func (c *Change) decide(why string) { c.Applied, c.Reason = why == "", why }

// String says the change in words.
func (c Change) String() string {
	where := fmt.Sprintf("line %d", c.Line)
	if c.Line == 0 {
		where = "taken out"
	}
	if c.Applied {
		return fmt.Sprintf("%s (%s): applied", c.Path, where)
	}
	return fmt.Sprintf("%s (%s): not applied: %s", c.Path, where, c.Reason)
}

func unreadable(line int, why string) []Change {
	return []Change{{Path: "the whole file", Line: line, Reason: why}}
}
