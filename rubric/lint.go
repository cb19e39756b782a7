package rubric

import (
	"fmt"
	"io/fs"
	"strings"
)

// Problem is one complaint about a rubric.
type Problem struct {
	File string
	// Line is 1-based; 0 when the complaint is about the file as a whole.
	Line int
	// Path leads to the value, for instance groups[0].criteria[2].points.
	Path string
	// Message says what is wrong, Hint what to do; Hint may be empty.
	Message, Hint string
}

// String spells the problem as file:line: path: message.
func (p Problem) String() string {
	s := fmt.Sprintf("%s:%d: ", p.File, max(p.Line, 1))
	if p.Path != "" {
		s += p.Path + ": "
	}
	return s + p.Message
}

// InvalidError is returned for a rubric that cannot be used.
type InvalidError struct{ Problems []Problem }

// Error tells every problem, one a line, each hint below its problem.
func (e *InvalidError) Error() string {
	lines := []string{"the rubric cannot be used:"}
	for _, p := range e.Problems {
		lines = append(lines, p.String())
		if p.Hint != "" {
			lines = append(lines, "\thint: "+p.Hint)
		}
	}
	return strings.Join(lines, "\n")
}

// ProbeCounts are the probes that exist, by id, with the counts that each gives.
type ProbeCounts map[string][]string

// Lint reports every problem of the rubric file name in fsys, by line. Besides what
// Load refuses it reports probes and counts that do not exist, if probes is not nil.
// The error is about reading the file.
func Lint(fsys fs.FS, name string, probes ProbeCounts) ([]Problem, error) {
	_, problems, err := read(fsys, name, probes)
	return problems, err
}
