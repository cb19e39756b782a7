package notes

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"firedrill/rubric/kappa"
	"firedrill/rubric/rule"
)

// CriterionFigures says how well one criterion is judged.
type CriterionFigures struct {
	Criterion  string  `json:"criterion"`
	N          int     `json:"n"`
	Prevalence float64 `json:"prevalence"`
	Precision  float64 `json:"precision"`
	Recall     float64 `json:"recall"`
	F1         float64 `json:"f1"`
	Kappa      float64 `json:"kappa"`
	AC1        float64 `json:"ac1"`
}

// Figure is a figure with its bootstrap interval.
type Figure struct {
	Value float64 `json:"value"`
	Interval
}

// Evaluation compares judged notes with their labels.
type Evaluation struct {
	Notes    int                `json:"notes"`
	Criteria []CriterionFigures `json:"criteria"`
	MacroF1  Figure             `json:"macro_f1"`
	Kappa    Figure             `json:"kappa"`
	Decided  Figure             `json:"decided"`
	Accuracy Figure             `json:"accuracy_decided"`
	Evidence Figure             `json:"evidence_hit"`
	Score    ScoreError         `json:"score"`
	// Snippets is the accuracy on snippets; N is 0 when there are none.
	Snippets SnippetFigures `json:"snippets"`
	wrong    []decision
}

// ScoreError compares the number of points that a person and the rules give.
type ScoreError struct {
	MeanAbsolute float64 `json:"mean_absolute"`
	Bias         float64 `json:"bias"`
	// QWK is the quadratic weighted kappa of the scores.
	QWK float64 `json:"qwk"`
}

// SnippetFigures are the figures on snippets.
type SnippetFigures struct {
	N        int     `json:"n"`
	Accuracy float64 `json:"accuracy"`
	MacroF1  float64 `json:"macro_f1"`
}

// Evaluate judges a corpus and compares.
func Evaluate(rules *rule.Set, opts Options, c *Corpus) Evaluation {
	j := New(rules, opts)
	notes := judgeNotes(j, c)
	snips := judgeSnippets(j, c)
	ev := Evaluation{Notes: len(notes), Score: scoreError(notes)}
	for _, cr := range rules.Criteria {
		var t table
		for _, n := range notes {
			for _, d := range n {
				if d.criterion == cr.ID.Value {
					t.add(d.label, d.value())
				}
			}
		}
		ev.Criteria = append(ev.Criteria, CriterionFigures{cr.ID.Value, t.n(), finite(t.prevalence()),
			finite(t.precision()), finite(t.recall()), finite(t.f1()), finite(t.kappa()), finite(t.ac1())})
	}
	o := overall(notes)
	for _, f := range []struct {
		into  *Figure
		value float64
		pick  func(figures) float64
	}{
		{&ev.MacroF1, o.macroF1, func(f figures) float64 { return f.macroF1 }},
		{&ev.Kappa, o.kappa, func(f figures) float64 { return f.kappa }},
		{&ev.Decided, o.decided, func(f figures) float64 { return f.decided }},
		{&ev.Accuracy, o.accuracy, func(f figures) float64 { return f.accuracy }},
		{&ev.Evidence, o.evidence, func(f figures) float64 { return f.evidence }},
	} {
		*f.into = Figure{finite(f.value), bootstrap(notes, f.pick)}
	}
	ev.Snippets = snippetFigures(snips)
	for _, ds := range append(notes, snips) {
		for _, d := range ds {
			if d.value() != d.label {
				ev.wrong = append(ev.wrong, d)
			}
		}
	}
	return ev
}

func snippetFigures(ds []decision) SnippetFigures {
	per := map[string]*table{}
	var all table
	for _, d := range ds {
		if per[d.criterion] == nil {
			per[d.criterion] = &table{}
		}
		per[d.criterion].add(d.label, d.value())
		all.add(d.label, d.value())
	}
	return SnippetFigures{len(ds), finite(all.accuracy()), finite(macro(per))}
}

// finite turns an undefined figure into 0, because JSON has no word for it.
func finite(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return v
}

// scoreError takes one point per criterion met, and takes one for a penalty.
func scoreError(notes [][]decision) ScoreError {
	var human, machine []int
	for _, n := range notes {
		h, m := 0, 0
		for _, d := range n {
			sign := 1
			if strings.HasSuffix(d.criterion, ".wrong") {
				sign = -1
			}
			h += sign * d.label
			m += sign * d.value()
		}
		human, machine = append(human, h), append(machine, m)
	}
	var abs, bias float64
	for i := range human {
		d := float64(machine[i] - human[i])
		abs += math.Abs(d)
		bias += d
	}
	k := float64(max(1, len(human)))
	return ScoreError{abs / k, bias / k, finite(kappa.Weighted(human, machine))}
}

// Trial is a request to hold the readers against labelled notes.
type Trial struct {
	Dir        string   // with notes/ and labels.jsonl
	Format     string   // text or json
	Authors    []string // only notes whose names begin with one of these; none for all
	Wrong      []string // criteria whose wrong decisions are listed, or "all"
	Robustness bool     // perturb the notes and report how outcomes hold
	RulesOnly  bool     // without the second reader
}

// Run judges the notes and prints how well that went.
func (o Trial) Run(ctx context.Context, rules *rule.Set, opts Options, stdout io.Writer) error {
	if o.RulesOnly {
		rules = alone(rules)
	}
	c, err := LoadCorpus(os.DirFS(o.Dir), o.Authors)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if o.Robustness {
		return writeRobustness(stdout, o.Format, Robustness(rules, opts, c))
	}
	ev := Evaluate(rules, opts, c)
	if o.Format == "json" {
		return writeJSON(stdout, ev)
	}
	return writeEvaluation(stdout, ev, c, o.Wrong)
}

func writeEvaluation(w io.Writer, ev Evaluation, c *Corpus, wrong []string) error {
	var b strings.Builder
	writeWrong(&b, ev, c, wrong)
	fmt.Fprintf(&b, "%-26s %4s %5s %5s %5s %5s %6s %5s\n",
		"criterion", "n", "prev", "P", "R", "F1", "kappa", "AC1")
	for _, f := range ev.Criteria {
		fmt.Fprintf(&b, "%-26s %4d %5.2f %5.2f %5.2f %5.2f %6.2f %5.2f\n",
			f.Criterion, f.N, f.Prevalence, f.Precision, f.Recall, f.F1, f.Kappa, f.AC1)
	}
	fmt.Fprintf(&b, "\n%d notes, intervals of 95 %% by bootstrap over notes\n", ev.Notes)
	for _, f := range []struct {
		name string
		fig  Figure
	}{{"macro-F1", ev.MacroF1}, {"pooled kappa", ev.Kappa}, {"decided", ev.Decided},
		{"accuracy of decided", ev.Accuracy}, {"evidence hit rate", ev.Evidence}} {
		fmt.Fprintf(&b, "%-20s %.3f  [%.3f, %.3f]\n", f.name, f.fig.Value, f.fig.Low, f.fig.High)
	}
	fmt.Fprintf(&b, "%-20s mean absolute %.2f, bias %+.2f, weighted kappa %.3f\n", "score",
		ev.Score.MeanAbsolute, ev.Score.Bias, ev.Score.QWK)
	if ev.Snippets.N > 0 {
		fmt.Fprintf(&b, "%-20s %.3f of %d, macro-F1 %.3f\n", "snippet accuracy",
			ev.Snippets.Accuracy, ev.Snippets.N, ev.Snippets.MacroF1)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeWrong lists the wrong decisions of the criteria asked for.
func writeWrong(b *strings.Builder, ev Evaluation, c *Corpus, only []string) {
	text := map[string]string{}
	for _, n := range c.Notes {
		text[n.ID] = string(n.Text)
	}
	for i, s := range c.Snippets {
		text[fmt.Sprintf("snippet %d", i+1)] = s.Text
	}
	for _, d := range ev.wrong {
		if !asked(only, d.criterion) {
			continue
		}
		fmt.Fprintf(b, "%s %s: label %d, judged %s by %q%s\n", d.where, d.criterion, d.label,
			d.outcome, d.rule, lineList(d.lines))
		fmt.Fprintf(b, "    %s\n", d.why)
		if strings.HasPrefix(d.where, "snippet") {
			fmt.Fprintf(b, "    %s\n", strings.ReplaceAll(text[d.where], "\n", " / "))
			continue
		}
		lines := d.lines
		if d.label == 1 {
			lines = evidenceOf(c, d)
		}
		all := strings.Split(text[d.where], "\n")
		for _, l := range lines {
			fmt.Fprintf(b, "    %d: %s\n", l, all[min(l, len(all))-1])
		}
	}
}

func asked(only []string, id string) bool {
	for _, o := range only {
		if o == id || o == "all" {
			return true
		}
	}
	return false
}

func evidenceOf(c *Corpus, d decision) []int {
	for _, n := range c.Notes {
		if n.ID == d.where {
			return n.Evidence[d.criterion]
		}
	}
	return nil
}
