package rule

import (
	"bufio"
	"bytes"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Weights is what a linear reader has learned from labelled notes: beside the rules, a
// second opinion on every criterion that it knows. It is data like the rules, one feature
// a line, so that a person can look up why a sentence weighed as it did.
//
// A feature is a word, a pair of neighbouring words, a concept, a section role and so on;
// package grader/notes says which there are. A weight is what a sentence's log-odds gain
// from it; they are kept in hundredths.
type Weights struct {
	// Criteria holds what was learned per criterion, in the order of the file.
	Criteria []Weighing
	// Features gives, per feature, the criteria for which it weighs anything.
	Features map[string][]Weight
}

// Weighing is how the opinions on one criterion are put together: the log-odds that it is
// met are Offset + Top × the best sentence's log-odds + Sum × those of all sentences
// together + Rule × (1 where the rules say met, -1 where not, 0 where they doubt).
type Weighing struct {
	Criterion              string
	Bias                   float64 // of every sentence
	Offset, Top, Sum, Rule float64
}

// Weight is what a feature weighs for one criterion.
type Weight struct {
	Criterion int // index in Criteria
	Value     float64
}

// weightsHead is the first line of a file of weights.
const weightsHead = "firedrill weights 1"

// weighingFields are the numbers of a Weighing in the order in which they are written.
func (w *Weighing) fields() []*float64 {
	return []*float64{&w.Bias, &w.Offset, &w.Top, &w.Sum, &w.Rule}
}

// ParseWeights reads what Format wrote. An error names the line.
func ParseWeights(data []byte) (*Weights, error) {
	w := &Weights{Features: map[string][]Weight{}}
	sc := bufio.NewScanner(bytes.NewReader(data))
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		if err := w.line(n, sc.Text()); err != nil {
			return nil, fmt.Errorf("%d: %w", n, err)
		}
	}
	if len(w.Criteria) == 0 {
		return nil, fmt.Errorf("1: no weights: `grader train` writes such a file")
	}
	return w, sc.Err()
}

func (w *Weights) line(n int, text string) error {
	switch {
	case n == 1 && text != weightsHead:
		return fmt.Errorf("begins with %q, want %q", text, weightsHead)
	case n == 1 || text == "" || strings.HasPrefix(text, "# "):
		return nil
	}
	cells := strings.Split(text, "\t")
	if cells[0] == "criterion" {
		return w.criterion(cells[1:])
	}
	if _, twice := w.Features[cells[0]]; twice {
		return fmt.Errorf("feature %q is there twice", cells[0])
	}
	for _, cell := range cells[1:] {
		at, value, ok := strings.Cut(cell, ":")
		i, err := strconv.Atoi(at)
		v, err2 := strconv.Atoi(value)
		if !ok || err != nil || err2 != nil || i < 0 || i >= len(w.Criteria) {
			return fmt.Errorf("weight %q of %q is not CRITERION:HUNDREDTHS", cell, cells[0])
		}
		w.Features[cells[0]] = append(w.Features[cells[0]], Weight{i, float64(v) / 100})
	}
	return nil
}

func (w *Weights) criterion(cells []string) error {
	var c Weighing
	into := c.fields()
	if len(cells) != 1+len(into) {
		return fmt.Errorf("a criterion needs a name and %d numbers", len(into))
	}
	c.Criterion = cells[0]
	for i, cell := range cells[1:] {
		v, err := strconv.Atoi(cell)
		if err != nil {
			return fmt.Errorf("%q is not a number of hundredths", cell)
		}
		*into[i] = float64(v) / 100
	}
	w.Criteria = append(w.Criteria, c)
	return nil
}

// Format writes the weights, features in order, weights that round to nothing left out.
func (w *Weights) Format() []byte {
	var b bytes.Buffer
	fmt.Fprintln(&b, weightsHead)
	fmt.Fprintln(&b, "# written by `grader train`; all numbers are hundredths")
	fmt.Fprintln(&b, "# criterion, bias, offset, top, sum, rule")
	for _, c := range w.Criteria {
		fmt.Fprintf(&b, "criterion\t%s", c.Criterion)
		for _, f := range c.fields() {
			fmt.Fprintf(&b, "\t%d", hundredths(*f))
		}
		b.WriteByte('\n')
	}
	fmt.Fprintln(&b, "# feature, then criterion (from 0):weight")
	for _, name := range slices.Sorted(maps.Keys(w.Features)) {
		line := name
		for _, f := range w.Features[name] {
			if h := hundredths(f.Value); h != 0 {
				line += fmt.Sprintf("\t%d:%d", f.Criterion, h)
			}
		}
		if line != name {
			fmt.Fprintln(&b, line)
		}
	}
	return b.Bytes()
}

func hundredths(v float64) int { return int(math.Round(v * 100)) }
