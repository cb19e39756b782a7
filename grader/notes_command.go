package grader

import (
	"context"
	"fmt"
	"io"
	"slices"

	"firedrill/grader/notes"
	"firedrill/rubric"
	"firedrill/rubric/rule"
)

// notes runs the commands that look at notes alone: notes, explain and eval. They take
// the rules of the exam's own rubric, or of the one that --rubric names.
func (c Command) notes(ctx context.Context, args []string, stdin io.Reader,
	stdout, stderr io.Writer) error {
	name, rest, file := args[0], args[1:], ""
	rest, file = takeRubric(rest)
	cfg := Config{Exam: &c.Exam}
	if file != "" {
		r, err := rubric.LoadFile(file)
		if err != nil {
			return &commandError{err, "rubric lint " + file + " says more", ExitRubric}
		}
		cfg.Rubric = r
	}
	r, err := cfg.against()
	if err != nil {
		return coded(err)
	}
	if r.Rules == nil {
		err := fmt.Errorf("rubric %s judges no notes", r.Name)
		return &commandError{err, "name rule files under `notes:`", ExitRubric}
	}
	papers, err := cfg.papers()
	if err != nil {
		return coded(err)
	}
	rules := r.Rules
	if name == "explain" { // claims are found by rules as well
		rules = &rule.Set{Concepts: rules.Concepts, Facts: rules.Facts,
			Criteria: slices.Concat(rules.Criteria, rules.Claims), Weights: rules.Weights}
	}
	run := map[string]func(context.Context, *rule.Set, notes.Options, []string,
		io.Reader, io.Writer, io.Writer) error{
		"notes": notes.RunNotes, "explain": notes.RunExplain, "eval": notes.RunEval,
		"train": notes.RunTrain,
	}[name]
	return coded(run(ctx, rules, notes.Options{Papers: papers}, rest, stdin, stdout, stderr))
}

// takeRubric takes --rubric FILE out of a command line, wherever it stands.
func takeRubric(args []string) (rest []string, file string) {
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case (a == "--rubric" || a == "-rubric") && i+1 < len(args):
			i++
			file = args[i]
		case len(a) > 9 && a[:9] == "--rubric=":
			file = a[9:]
		default:
			rest = append(rest, a)
		}
	}
	return rest, file
}
