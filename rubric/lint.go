package rubric

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
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
	// Warning marks what a person should look at, and what may be meant as it is.
	Warning bool
}

// String spells the problem as file:line: path: message, a warning as one.
func (p Problem) String() string {
	s := fmt.Sprintf("%s:%d: ", p.File, max(p.Line, 1))
	if p.Path != "" {
		s += p.Path + ": "
	}
	if p.Warning {
		s += "warning: "
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

// Knowledge is what the linter is told about the world: the parts of an exam, and notes to try
// rules on. What it is not told it does not check.
type Knowledge struct {
	// Probes gives the probes of an exam; nil for an exam that is not known. A nil function
	// knows nothing of any.
	Probes func(exam string) ProbeCounts
	// Leaks lists what in a text, shown to a candidate of the exam, gives the answer away.
	Leaks func(exam, text string) []string
	// Examples judges the examples that a sound rubric's rules carry, and says which they get
	// wrong, each error as file:line: message. Reading notes is not this package's business.
	Examples func(*Rubric) []error
	// Corpus tries a sound rubric's rules on notes.
	Corpus func(*Rubric) (Corpus, error)
}

// Lint reports every problem of the rubric file name in fsys, by line. Besides what
// Load refuses it reports probes and counts that do not exist, if probes is not nil, and
// what LintWith finds without further knowledge. The error is about reading the file.
func Lint(fsys fs.FS, name string, probes ProbeCounts) ([]Problem, error) {
	var know Knowledge
	if probes != nil {
		know.Probes = func(string) ProbeCounts { return probes }
	}
	return LintWith(fsys, name, know)
}

// LintWith reports every problem of the rubric file name in fsys, file by file and line by
// line. What needs a sound rubric (duplicates, missing examples, leaks, versions, rules that
// do nothing) is looked for once Load accepts it. Errors are about reading files.
func LintWith(fsys fs.FS, name string, know Knowledge) ([]Problem, error) {
	d, err := readFrom(func(file string) ([]byte, error) { return readFile(fsys, file) }, name, know.Probes)
	if err != nil {
		return nil, err
	}
	problems := d.problems()
	if len(problems) > 0 {
		return problems, nil
	}
	more, err := (&linter{decoded: d, know: know}).run(fsys, name)
	slices.SortStableFunc(more, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return more, err
}
