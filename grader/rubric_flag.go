package grader

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"firedrill/grader/notes"
	"firedrill/rubric"
	"firedrill/rubric/cli"
	"firedrill/rubric/rule"
)

// rubricFlag gives a command the flag --rubric.
func rubricFlag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "rubric", "", "rubric `FILE` (default: the exam's own)")
	cli.Complete(cmd, "rubric", cli.Files("yaml", "yml"))
}

// loadRubric reads the rubric that --rubric names; nil where it names none.
func loadRubric(file string) (*rubric.Rubric, error) {
	if file == "" {
		return nil, nil
	}
	r, err := rubric.LoadFile(file)
	if err != nil {
		return nil, &commandError{err, "rubric lint " + file + " says more", ExitRubric}
	}
	return r, nil
}

// reading gives what notes are read with: the rules of a rubric file, or of the exam's own
// rubric where there is none, and the papers that tell copies.
func (c Command) reading(file string) (*rule.Set, notes.Options, error) {
	cfg := Config{Exam: &c.Exam}
	var err error
	if cfg.Rubric, err = loadRubric(file); err != nil {
		return nil, notes.Options{}, err
	}
	r, err := cfg.against()
	if err != nil {
		return nil, notes.Options{}, err
	}
	if r.Rules == nil {
		err := fmt.Errorf("rubric %s judges no notes", r.Name)
		return nil, notes.Options{}, &commandError{err, "name rule files under `notes:`", ExitRubric}
	}
	papers, err := cfg.papers()
	return r.Rules, notes.Options{Papers: papers}, err
}

// withClaims adds the rules that find claims, as criteria of their own.
func withClaims(rules *rule.Set) *rule.Set {
	return &rule.Set{Concepts: rules.Concepts, Facts: rules.Facts,
		Criteria: slices.Concat(rules.Criteria, rules.Claims), Weights: rules.Weights}
}
