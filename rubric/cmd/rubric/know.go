package main

import (
	"fmt"
	"sync"

	"firedrill/fixtures/payment"
	"firedrill/grader/claims"
	"firedrill/grader/notes"
	"firedrill/lab/leak"
	"firedrill/rubric"
)

// probes gives the probes of an exam.
func probes(exam string) rubric.ProbeCounts {
	if exam == "payment" {
		return payment.ProbeCounts()
	}
	return nil
}

// leaks tells what in a text gives the answer of an exam away. The words are made ready once,
// when first asked for.
func leaks() func(exam, text string) []string {
	words := sync.OnceValues(func() (*leak.Vocabulary, error) { return payment.Wording(payment.Standard()) })
	return func(exam, text string) []string {
		if exam != "payment" {
			return nil
		}
		v, err := words()
		if err != nil {
			return []string{err.Error()}
		}
		var out []string
		for _, f := range v.Text("", []byte(text), leak.Paper) {
			out = append(out, fmt.Sprintf("%q is from %s", f.Found, f.From))
		}
		return out
	}
}

// examples holds a rubric's rules to the examples that they carry.
func examples(r *rubric.Rubric) []error {
	if r.Rules == nil {
		return nil
	}
	return append(notes.CheckExamples(r.Rules), claims.CheckExamples(r)...)
}

// papers gives the texts that candidates of an exam were given.
func papers(name string) ([]string, error) {
	exam, err := payment.Exam()
	if err != nil || name != exam.Name {
		return nil, err
	}
	return exam.Papers()
}

// corpus tries a rubric's rules on the notes in directories.
func corpus(r *rubric.Rubric, dirs []string) (rubric.Corpus, error) {
	var whole, short [][]byte
	for _, dir := range dirs {
		texts, n, err := notes.Texts(dir)
		if err != nil {
			return rubric.Corpus{}, fmt.Errorf("read corpus: %w", err)
		}
		whole, short = append(whole, texts[:n]...), append(short, texts[n:]...)
	}
	return notes.Fires(r.Rules, append(whole, short...), len(whole)), nil
}
