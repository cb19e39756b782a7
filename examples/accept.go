package examples

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"firedrill/rubric"
)

// totals is how the line begins from which on Accept writes an expectation anew.
const totals = "points: "

// Accept makes a grade the one that an example in the host's directory dir must get, and
// says how it differs from the one before; where nothing does, the file is left alone.
// Whether the new one makes sense is for whoever reads the differences. What stands before
// the totals (who hands it in, which files they changed) is kept to the letter.
func Accept(dir, name string, g rubric.Grade) ([]string, error) {
	e, err := Load(os.DirFS(dir), name)
	if err != nil {
		return nil, err
	}
	differ := e.Differences(g)
	if len(differ) == 0 {
		return nil, nil
	}
	path := filepath.Join(dir, name+suffix)
	old, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("accept the grade of %s: %w", name, err)
	}
	head, _, found := bytes.Cut(old, []byte("\n"+totals))
	if !found {
		return nil, fmt.Errorf("accept the grade of %s: %s has no line %q to begin at",
			name, path, totals)
	}
	out := bytes.NewBuffer(bytes.Clone(head))
	fmt.Fprintf(out, "\n%s%d\nlowest: %d\nhighest: %d\ncriteria:\n", totals, g.Points, g.Lowest, g.Highest)
	for _, c := range g.Criteria {
		fmt.Fprintf(out, "  - {id: %s, outcome: %s, points: %d}\n", c.ID, c.Outcome, c.Points)
	}
	return differ, os.WriteFile(path, out.Bytes(), 0o644)
}
