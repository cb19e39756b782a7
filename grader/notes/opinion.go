package notes

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"firedrill/rubric"
	"firedrill/rubric/rule"
)

// The rules are the first reader: they find what they were written for, and miss people
// who say it in other words. The second is linear and learned from labelled notes; alone
// it is no better than the rules, but it errs elsewhere. So both are heard: the log-odds
// of the two together decide, and where they come out even a person has to.
//
// The second reader only hears what the rules may hear: no hidden, copied or addressed
// text, no keyword lists, and code and logs only for criteria whose rules admit them. What
// is learned from a pile of words could be fed with one; whole statements still have to be
// made. Notes that look like gaming get no credit from it at all, only from rules.

// doubtBand is the distance from even, as a probability, within which a person decides.
const doubtBand = 0.02

// weighing is what the second reader makes of one document, per criterion that it knows.
type weighing struct {
	top, sum float64 // log-odds of the best sentence, and of all together
	best     int     // the best sentence, -1 when none may count
}

// compiledWeights are weights ready for lookups by hash.
type compiledWeights struct {
	of map[featureID][]rule.Weight
	// some has the last bits of the features that weigh: most of a sentence's do not, and are
	// told by that alone.
	some     [maybe / 64]uint64
	criteria []rule.Weighing
	admit    []source // per criterion, the sources that its rules admit
}

// maybe is the number of places in compiledWeights.some.
const maybe = 1 << 18

func compileWeights(w *rule.Weights, criteria []*criterion) *compiledWeights {
	if w == nil {
		return nil
	}
	out := &compiledWeights{of: make(map[featureID][]rule.Weight, len(w.Features)), criteria: w.Criteria}
	for name, ws := range w.Features {
		id := featureOf(name)
		out.of[id] = ws
		out.some[id%maybe/64] |= 1 << (id % 64)
	}
	for _, x := range w.Criteria {
		out.admit = append(out.admit, admitted(criteria, x.Criterion))
	}
	return out
}

// admitted are the sources that may speak for a criterion. Headings and questions are
// features: what they are worth is learned.
func admitted(criteria []*criterion, id string) source {
	admit := srcHeading | srcQuestion | srcGuess
	for _, c := range criteria {
		if c.ID.Value != id {
			continue
		}
		for _, r := range c.met {
			admit |= r.admit &^ srcKeywords
		}
	}
	return admit
}

// weigh gives every sentence's log-odds for every criterion that the second reader knows;
// a sentence that nobody may hear has none.
func (d *document) weigh() [][]float64 {
	out := make([][]float64, len(d.sents))
	d.inParallel(func(from, to int) {
		for _, s := range d.sents[from:to] {
			s.held = d.concepts(s)
		}
	})
	again := d.repeated()
	d.inParallel(func(from, to int) {
		f := newFeatureSet(nil)
		for i := from; i < to; i++ {
			if d.sents[i].src&(srcNever|srcKeywords) == 0 && !again[i] {
				out[i] = d.p.weights.odds(d.features(f, i))
			}
		}
	})
	return out
}

// mostSaid is how often the second reader hears the same words: a word such as "none" stands
// in several places of honest notes, and what is said a hundred times is no more than once.
const mostSaid = 3

// repeated says which sentences were said often enough before.
func (d *document) repeated() []bool {
	out := make([]bool, len(d.sents))
	said := map[string]int{}
	var key []byte
	for i, s := range d.sents {
		key = key[:0]
		for _, t := range s.toks {
			key = append(append(key, t.text...), 0)
		}
		said[string(key)]++
		out[i] = said[string(key)] > mostSaid
	}
	return out
}

// odds are the log-odds of a sentence with these features.
func (w *compiledWeights) odds(fs []feature) []float64 {
	out := make([]float64, len(w.criteria))
	for k := range out {
		out[k] = w.criteria[k].Bias
	}
	for _, x := range fs {
		if w.some[x.id%maybe/64]&(1<<(x.id%64)) == 0 {
			continue
		}
		for _, v := range w.of[x.id] {
			out[v.Criterion] += v.Value * float64(x.value)
		}
	}
	return out
}

// weighFor gives what the second reader makes of the document for one criterion.
func (d *document) weighFor(c *criterion, k int) weighing {
	if d.odds == nil {
		d.odds = d.weigh()
	}
	out := weighing{top: math.Inf(-1), sum: math.Inf(-1), best: -1}
	var heard []float64
	denied := d.denied(c)
	for i, s := range d.sents {
		if d.odds[i] == nil || denied[i] || s.src&^d.p.weights.admit[k] != 0 {
			continue
		}
		z := d.odds[i][k]
		heard = append(heard, z)
		if z > out.top {
			out.top, out.best = z, i
		}
	}
	out.sum = together(heard)
	return out
}

// mostHeard bounds the sentences that add up. Each of them adds a little, whatever it says:
// without a bound a heap of empty ones would make a statement. Of 504 labelled notes one has
// more.
const mostHeard = 100

// together gives the log-odds of the best sentences of notes. It may reorder odds.
func together(odds []float64) float64 {
	if len(odds) > mostHeard {
		slices.SortFunc(odds, func(a, b float64) int { return cmp.Compare(b, a) })
		odds = odds[:mostHeard]
	}
	sum := math.Inf(-1)
	for _, z := range odds {
		sum = logSum(sum, z)
	}
	return sum
}

// denied says which sentences the rules have understood and refused for a criterion: they
// are negated or carry what speaks against them, or a later statement takes them back.
// What the rules know better the second reader does not hear.
func (d *document) denied(c *criterion) []bool {
	out := make([]bool, len(d.sents))
	for _, r := range c.met {
		for i, s := range d.sents {
			if !out[i] && s.row == (r.span == rule.SpanRow) && d.hasAll(r, s) && d.refuses(r, i) {
				out[i] = true
			}
		}
	}
	for _, r := range c.met { // what one rule refuses another may take
		for _, m := range d.eval(r) {
			for _, p := range m.parts {
				out[p.sent] = false
			}
		}
	}
	for _, r := range c.against {
		for _, by := range d.eval(r) {
			for i := range out {
				out[i] = out[i] || d.takes(by, i)
			}
		}
	}
	return out
}

// refuses says whether a sentence that holds all parts of a rule is refused for what
// it says, not for where it stands.
func (d *document) refuses(r *crule, i int) bool {
	s := d.sents[i]
	for _, a := range r.unless {
		if s.has.any(a.ids) {
			return true
		}
	}
	if !r.affirmed {
		return false
	}
	free := *r
	free.affirmed = false
	strict := &combo{d: d, r: r, sent: i, s: s}
	loose := &combo{d: d, r: &free, sent: i, s: s}
	return !strict.search(0) && loose.search(0)
}

// takes says whether a statement against takes back what sentence i says.
func (d *document) takes(by match, i int) bool {
	m := match{rule: by.rule, parts: []part{{i, hit{from: 0, to: 1}}}}
	return len(d.cancel([]match{m}, by)) == 0
}

// noSentence stands for the log-odds of notes in which no sentence may count.
const noSentence = -8

// logSum is log(e^a + e^b).
func logSum(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(b, -1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}

// views are what both readers say, as numbers.
func views(w weighing, first rubric.Outcome) (top, sum, rules float64) {
	top, sum = max(w.top, noSentence), max(w.sum, noSentence)
	switch first {
	case rubric.Met:
		rules = 1
	case rubric.NotMet:
		rules = -1
	}
	return top, sum, rules
}

// chance is the probability that the criterion is met, by both readers.
func chance(c rule.Weighing, w weighing, first rubric.Outcome) float64 {
	top, sum, rules := views(w, first)
	return 1 / (1 + math.Exp(-(c.Offset + c.Top*top + c.Sum*sum + c.Rule*rules)))
}

// second gives the second reader's index of a criterion, or -1.
func (p *program) second(id string) int {
	if p.weights == nil {
		return -1
	}
	return slices.IndexFunc(p.weights.criteria, func(c rule.Weighing) bool { return c.Criterion == id })
}

// hear puts both readers' opinions together. first is the rules' finding; taken says that
// it rests on a statement that takes others back.
func (d *document) hear(c *criterion, first rubric.Finding, taken bool) rubric.Finding {
	k := d.p.second(c.ID.Value)
	if k < 0 {
		return first
	}
	if taken {
		return first
	}
	w := d.weighFor(c, k)
	p := chance(d.p.weights.criteria[k], w, first.Outcome)
	switch {
	case p > 0.5+doubtBand && first.Outcome == rubric.Met:
		return first
	case p < 0.5-doubtBand && first.Outcome == rubric.NotMet:
		return first
	case w.best < 0:
		return first
	case p > 0.5-doubtBand && d.suspect():
		return first // a pile of words may have been made for a reader that weighs words
	}
	f := rubric.Finding{Criterion: c.ID.Value, Rule: SecondReader, Lines: first.Lines, Quote: first.Quote}
	if first.Outcome != rubric.Met {
		f.Lines = merge(nil, d.linesOf(d.sents[w.best], 0, len(d.sents[w.best].toks)))
		f.Quote = d.quote(f.Lines[0])
	}
	said := fmt.Sprintf("the second reader gives it %.0f %%", 100*p)
	switch {
	case p > 0.5+doubtBand:
		f.Outcome = rubric.Met
		f.Reason = "it reads like notes which say that " + c.Says + "; no rule knows the words, " + said
	case p < 0.5-doubtBand:
		f.Outcome = rubric.NotMet
		f.Reason = "it reads like notes which only come near it: " + c.Says + "; a rule found words, but " + said
	default:
		f.Outcome = rubric.NeedsReview
		f.Reason = "the rules and the second reader disagree and come out even: " + said
	}
	return f
}

// suspect says whether the notes carry signs of gaming: text for the grader, hidden
// characters, or copies for a good part of them.
func (d *document) suspect() bool {
	for _, f := range d.flags {
		if f.Kind != "copied" {
			return true
		}
	}
	return d.pasted()
}

// SecondReader stands as the rule in findings that the second reader decided.
const SecondReader = "second reader"

// maxReasons bounds the features that an explanation lists.
const maxReasons = 12

// explainSecond shows what the second reader weighed for a criterion.
func (d *document) explainSecond(b *strings.Builder, c *criterion, first rubric.Finding, taken bool) {
	k := d.p.second(c.ID.Value)
	if k < 0 {
		return
	}
	cw := d.p.weights
	w := d.weighFor(c, k)
	top, sum, rules := views(w, first.Outcome)
	x := cw.criteria[k]
	fmt.Fprintf(b, "\nsecond reader: %.0f %% (log-odds %+.2f: offset %+.2f, best sentence %+.2f, all "+
		"sentences %+.2f, rules %+.2f)\n",
		100*chance(x, w, first.Outcome), x.Offset+x.Top*top+x.Sum*sum+x.Rule*rules,
		x.Offset, x.Top*top, x.Sum*sum, x.Rule*rules)
	if taken {
		fmt.Fprintf(b, "  not heard: a rule takes back what was said\n")
	}
	if d.suspect() {
		fmt.Fprintf(b, "  not heard for credit: the notes carry signs of gaming\n")
	}
	if w.best < 0 {
		fmt.Fprintf(b, "  no sentence of the notes may count\n")
		return
	}
	s := d.sents[w.best]
	fmt.Fprintf(b, "  best%s: %s\n", lineList(d.linesOf(s, 0, len(s.toks))), d.sentenceText(s))
	names := map[featureID]string{}
	type reason struct {
		name   string
		weight float64
	}
	var all []reason
	for _, f := range d.features(newFeatureSet(names), w.best) {
		for _, fw := range cw.of[f.id] {
			if fw.Criterion == k {
				all = append(all, reason{names[f.id], fw.Value * float64(f.value)})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b reason) int {
		switch x, y := math.Abs(a.weight), math.Abs(b.weight); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return strings.Compare(a.name, b.name)
	})
	for _, r := range all[:min(len(all), maxReasons)] {
		fmt.Fprintf(b, "    %+.2f  %s\n", r.weight, plainFeature(r.name))
	}
}

// plainFeature says a feature's name in words.
func plainFeature(name string) string {
	kind, rest, _ := strings.Cut(name, ":")
	not := strings.HasPrefix(rest, "!")
	rest = strings.TrimPrefix(rest, "!")
	words := map[string]string{"w": "the word", "b": "the words", "h": "holds @", "r": "stands in section",
		"s": "is", "k": "is a", "p": "the sentence before holds @", "n": "the sentence after holds @",
		"pp": "two sentences before holds @", "nn": "two sentences after holds @",
		"t": "its heading has the word"}[kind]
	if not {
		rest += ", negated"
	}
	if strings.HasSuffix(words, "@") {
		return words + strings.TrimPrefix(rest, "#")
	}
	return words + " " + rest
}
