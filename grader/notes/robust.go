package notes

import (
	"fmt"
	"io"
	"strings"

	"firedrill/rubric/rule"
)

// Perturbed says how many outcomes a change of the notes leaves as they were.
type Perturbed struct {
	Change string  `json:"change"`
	N      int     `json:"n"`
	Held   float64 `json:"held"`
	// MacroF1 and Kappa are against the labels, after the change.
	MacroF1 float64 `json:"macro_f1"`
	Kappa   float64 `json:"kappa"`
}

// Robustness judges notes after changes that must not matter and counts how
// often the outcome stays.
func Robustness(rules *rule.Set, opts Options, c *Corpus) []Perturbed {
	j := New(rules, opts)
	plain := judgeNotes(j, c)
	var out []Perturbed
	for _, p := range perturbations {
		changed := &Corpus{Notes: make([]Labelled, len(c.Notes))}
		for i, n := range c.Notes {
			n.Text = []byte(p.apply(string(n.Text)))
			changed.Notes[i] = n
		}
		after := judgeNotes(j, changed)
		n, held := 0, 0
		for i := range plain {
			for k := range plain[i] {
				n++
				if plain[i][k].outcome == after[i][k].outcome {
					held++
				}
			}
		}
		o := overall(after)
		out = append(out, Perturbed{p.name, n, ratio(held, n), finite(o.macroF1), finite(o.kappa)})
	}
	return out
}

func writeRobustness(w io.Writer, format string, ps []Perturbed) error {
	if format == "json" {
		return writeJSON(w, ps)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%-28s %6s %6s %8s %6s\n", "change", "n", "held", "macro-F1", "kappa")
	for _, p := range ps {
		fmt.Fprintf(&b, "%-28s %6d %6.3f %8.3f %6.3f\n", p.Change, p.N, p.Held, p.MacroF1, p.Kappa)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
