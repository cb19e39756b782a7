package notes

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
	"gonum.org/v1/gonum/optimize"

	"firedrill/rubric"
	"firedrill/rubric/rule"
)

// What the trainer is set to. The figures come from leaving one set of strangers out at a
// time; see the readme of examples/strangers.
const (
	fitC        = 20  // weight of the examples against the size of the weights
	fitRounds   = 2   // times that evidence is looked at again, see relabel
	keepBelow   = 1.0 // log-odds below the best sentence of a line that still carry it
	carriesNone = 0.05
	elsewhere   = 0.5 // weight of other sentences in notes that meet a criterion
	snippetPart = 2.0 // weight of a snippet, shared by its sentences
	rarest      = 2   // sentences in which a feature must stand
	smallest    = 0.2
	offsetC     = 0.3
)

// trainDoc is one note or snippet, read.
type trainDoc struct {
	group    int
	snippet  string // its criterion
	label    map[string]int
	settled  map[string]bool
	evidence map[string][]int
	sents    []trainSentence
	first    map[string]firstView
}

type firstView struct {
	outcome rubric.Outcome
	taken   bool
	denied  []bool // by sentence
}

type trainSentence struct {
	at    []int32
	value []float32
	lines []int
	src   source
}

// Trainer learns weights from labelled notes.
type Trainer struct {
	j     *Judging
	docs  []trainDoc
	raw   [][][]feature // features by document and sentence, until sealed
	names map[featureID]string
	voc   []string
	index map[featureID]int32
}

// NewTrainer makes a trainer for these rules.
func NewTrainer(rules *rule.Set, opts Options) *Trainer {
	return &Trainer{j: New(alone(rules), opts), names: map[featureID]string{}}
}

// Add reads a corpus as one group: no member of it is judged by what others of it taught.
func (t *Trainer) Add(group int, c *Corpus) {
	for _, n := range c.Notes {
		d := trainDoc{group: group, label: n.Labels, evidence: n.Evidence, settled: map[string]bool{}}
		for id := range n.Labels {
			d.settled[id] = !slices.Contains(n.Unsettled, id)
		}
		t.read(&d, n.Text)
	}
	for _, s := range c.Snippets {
		d := trainDoc{group: group, snippet: s.Criterion, label: map[string]int{s.Criterion: s.Label},
			settled: map[string]bool{s.Criterion: true}}
		t.read(&d, []byte(s.Text))
	}
}

func (t *Trainer) read(d *trainDoc, text []byte) {
	doc := read(t.j.p, text, t.j.opts)
	doc.decideFacts()
	d.first = map[string]firstView{}
	for _, c := range t.j.p.criteria {
		if _, ok := d.label[c.ID.Value]; ok {
			f, taken := doc.byRules(c)
			d.first[c.ID.Value] = firstView{f.Outcome, taken, doc.denied(c)}
		}
	}
	set := newFeatureSet(t.names)
	var raw [][]feature
	for i, s := range doc.sents {
		raw = append(raw, slices.Clone(doc.features(set, i)))
		d.sents = append(d.sents, trainSentence{lines: doc.linesOf(s, 0, len(s.toks)), src: s.src})
	}
	t.docs, t.raw = append(t.docs, *d), append(t.raw, raw)
}

// seal numbers the features that stand in enough sentences.
func (t *Trainer) seal() {
	if t.index != nil {
		return
	}
	count := map[featureID]int{}
	for _, doc := range t.raw {
		for _, s := range doc {
			for _, f := range s {
				count[f.id]++
			}
		}
	}
	var keep []featureID
	for id, n := range count {
		if n >= rarest {
			keep = append(keep, id)
		}
	}
	slices.SortFunc(keep, func(a, b featureID) int {
		if t.names[a] < t.names[b] {
			return -1
		}
		return 1
	})
	t.index = map[featureID]int32{}
	for i, id := range keep {
		t.index[id] = int32(i)
		t.voc = append(t.voc, t.names[id])
	}
	for d, doc := range t.raw {
		for i, s := range doc {
			into := &t.docs[d].sents[i]
			for _, f := range s {
				if at, ok := t.index[f.id]; ok {
					into.at, into.value = append(into.at, at), append(into.value, f.value)
				}
			}
		}
	}
	t.raw = nil
}

// row is one sentence as an example for one criterion.
type row struct {
	s      *trainSentence
	met    bool
	weight float64
	bag    int // sentences of one evidence line, or of one snippet; -1 for none
}

// rows are the examples for a criterion in all groups but one.
func (t *Trainer) rows(id string, without int) []row {
	admit := admitted(t.j.p.criteria, id)
	var out []row
	bags := 0
	for i := range t.docs {
		d := &t.docs[i]
		if d.group == without || !d.settled[id] {
			continue
		}
		met, lines := d.label[id] == 1, map[int]int{}
		for k := range d.sents {
			s := &d.sents[k]
			if s.src&(srcNever|srcKeywords) != 0 || s.src&^admit != 0 {
				continue
			}
			r := row{s: s, weight: 1, bag: -1}
			switch line := firstShared(s.lines, d.evidence[id]); {
			case d.snippet != "":
				r.met, r.weight = met, snippetPart/float64(len(d.sents))
				line = 0
				fallthrough
			case met && line >= 0:
				r.met = met
				if met {
					if _, ok := lines[line]; !ok {
						lines[line] = bags
						bags++
					}
					r.bag = lines[line]
				}
			case met:
				r.weight = elsewhere
			}
			out = append(out, r)
		}
	}
	return out
}

// firstShared is the first number in both, or -1.
func firstShared(a, b []int) int {
	for _, n := range a {
		if slices.Contains(b, n) {
			return n
		}
	}
	return -1
}

// model is what was learned for one criterion.
type model struct {
	w    []float64
	bias float64
}

func (m *model) odds(s *trainSentence) float64 {
	z := m.bias
	for k, at := range s.at {
		z += m.w[at] * float64(s.value[k])
	}
	return z
}

// fit learns one criterion from all groups but one (-1: from all).
func (t *Trainer) fit(id string, without int) (*model, error) {
	rows := t.rows(id, without)
	var met, not int
	for _, r := range rows {
		if r.met {
			met++
		} else {
			not++
		}
	}
	if met == 0 || not == 0 {
		return nil, fmt.Errorf("criterion %s: no notes that meet it, or none that do not", id)
	}
	balance := map[bool]float64{true: float64(len(rows)) / float64(2*met),
		false: float64(len(rows)) / float64(2*not)}
	for i := range rows {
		rows[i].weight *= balance[rows[i].met]
	}
	m := &model{w: make([]float64, len(t.voc))}
	weights := make([]float64, len(rows))
	for round := 0; round <= fitRounds; round++ {
		for i, r := range rows {
			weights[i] = r.weight
		}
		if round > 0 {
			relabel(m, rows, weights)
		}
		if err := m.minimise(rows, weights); err != nil {
			return nil, fmt.Errorf("criterion %s: %w", id, err)
		}
	}
	return m, nil
}

// relabel looks at the evidence again. A line that carries a criterion may hold many
// sentences, of which most say something else: what was learned so far tells which.
func relabel(m *model, rows []row, weights []float64) {
	best := map[int]float64{}
	odds := make([]float64, len(rows))
	for i, r := range rows {
		if r.bag < 0 {
			continue
		}
		odds[i] = m.odds(r.s)
		if b, ok := best[r.bag]; !ok || odds[i] > b {
			best[r.bag] = odds[i]
		}
	}
	for i, r := range rows {
		if r.bag >= 0 && odds[i] < best[r.bag]-keepBelow {
			weights[i] = carriesNone
		}
	}
}

// minimise fits weights and bias by logistic regression with a quadratic penalty.
func (m *model) minimise(rows []row, weights []float64) error {
	n := len(m.w)
	x := append(slices.Clone(m.w), m.bias)
	problem := optimize.Problem{
		Func: func(x []float64) float64 {
			sum := 0.0
			for _, v := range x[:n] {
				sum += v * v / 2
			}
			at := model{x[:n], x[n]}
			for i, r := range rows {
				sum += fitC * weights[i] * logLoss(at.odds(r.s), r.met)
			}
			return sum
		},
		Grad: func(grad, x []float64) {
			copy(grad, x[:n])
			grad[n] = 0
			at := model{x[:n], x[n]}
			for i, r := range rows {
				g := fitC * weights[i] * slope(at.odds(r.s), r.met)
				for k, f := range r.s.at {
					grad[f] += g * float64(r.s.value[k])
				}
				grad[n] += g
			}
		},
	}
	best, err := minimum(problem, x)
	if err != nil {
		return err
	}
	m.w, m.bias = best[:n], best[n]
	return nil
}

// minimum finds it, near enough: what is learned is rounded to hundredths.
func minimum(p optimize.Problem, x []float64) ([]float64, error) {
	res, err := optimize.Minimize(p, x, &optimize.Settings{
		MajorIterations: 150, GradientThreshold: 1e-3,
		Converger: &optimize.FunctionConverge{Relative: 1e-5, Iterations: 5},
	}, &optimize.LBFGS{})
	if res == nil {
		return nil, err
	}
	if err != nil && !errors.Is(err, optimize.ErrLinesearcherFailure) &&
		!errors.Is(err, optimize.ErrNoProgress) {
		return nil, err
	}
	return res.X, nil
}

func logLoss(z float64, met bool) float64 {
	if met {
		z = -z
	}
	if z > 30 {
		return z
	}
	return math.Log1p(math.Exp(z))
}

// slope is the derivative of logLoss by z.
func slope(z float64, met bool) float64 {
	p := 1 / (1 + math.Exp(-z))
	if met {
		return p - 1
	}
	return p
}

// opinion is how both readers see a criterion of notes that taught neither.
type opinion struct {
	criterion int
	group     int
	x         [3]float64
	met       bool
}

// Train learns every criterion but those that a detector decides. How much each reader is
// worth is learned from the groups in unseen, whose notes the rules' authors did not read,
// each judged by weights learned from all other groups; so judged, they are also what to
// expect of strangers. tell reports progress.
func (t *Trainer) Train(ctx context.Context, unseen []int, tell func(string)) (
	*rule.Weights, []Expected, error) {
	t.seal()
	var ids []string
	for _, c := range t.j.p.criteria {
		if c.Detector == nil {
			ids = append(ids, c.ID.Value)
		}
	}
	models := make([]*model, len(ids))
	views := make([][]opinion, len(ids))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, id := range ids {
		g.Go(func() (err error) {
			for _, group := range unseen {
				if err := ctx.Err(); err != nil {
					return err
				}
				m, err := t.fit(id, group)
				if err != nil {
					return err
				}
				views[i] = append(views[i], t.opinions(i, id, m, group)...)
			}
			models[i], err = t.fit(id, -1)
			tell(id)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	w := &rule.Weights{Features: map[string][]rule.Weight{}}
	all := slices.Concat(views...)
	together := weighOpinions(all, len(ids))
	for i, x := range together {
		x.Criterion, x.Bias = ids[i], models[i].bias
		w.Criteria = append(w.Criteria, x)
		for f, v := range models[i].w {
			if math.Abs(v) >= smallest {
				w.Features[t.voc[f]] = append(w.Features[t.voc[f]], rule.Weight{Criterion: i, Value: v})
			}
		}
	}
	var out []Expected
	for _, group := range unseen {
		out = append(out, expect(all, together, group))
	}
	return w, out, nil
}

// Expected is how well a group was judged by what the others taught, detectors left out.
type Expected struct {
	Group           int
	Rules, Together EvenFigures
}

// EvenFigures are macro-F1 and pooled kappa.
type EvenFigures struct{ MacroF1, Kappa float64 }

func expect(all []opinion, together []rule.Weighing, group int) Expected {
	figures := func(judge func(o opinion) bool) EvenFigures {
		per, pooled := map[int]*table{}, table{}
		var sum float64
		for _, o := range all {
			if o.group != group {
				continue
			}
			if per[o.criterion] == nil {
				per[o.criterion] = &table{}
			}
			met, label := 0, 0
			if judge(o) {
				met = 1
			}
			if o.met {
				label = 1
			}
			per[o.criterion].add(label, met)
			pooled.add(label, met)
		}
		for _, t := range per {
			sum += finite(t.f1())
		}
		return EvenFigures{sum / float64(max(1, len(per))), pooled.kappa()}
	}
	return Expected{group, figures(func(o opinion) bool { return o.x[2] > 0 }),
		figures(func(o opinion) bool {
			c := together[o.criterion]
			return c.Offset+c.Top*o.x[0]+c.Sum*o.x[1]+c.Rule*o.x[2] > 0
		})}
}

// opinions judges a group's notes for one criterion.
func (t *Trainer) opinions(criterion int, id string, m *model, group int) []opinion {
	admit := admitted(t.j.p.criteria, id)
	var out []opinion
	for i := range t.docs {
		d := &t.docs[i]
		if d.group != group || !d.settled[id] || d.snippet != "" || d.first[id].taken {
			continue // what is taken back the second reader is not asked about
		}
		w := weighing{top: math.Inf(-1), sum: math.Inf(-1)}
		for k := range d.sents {
			s := &d.sents[k]
			if s.src&(srcNever|srcKeywords) != 0 || s.src&^admit != 0 || d.first[id].denied[k] {
				continue
			}
			z := m.odds(s)
			w.top, w.sum = max(w.top, z), logSum(w.sum, z)
		}
		o := opinion{criterion: criterion, group: group, met: d.label[id] == 1}
		o.x[0], o.x[1], o.x[2] = views(w, d.first[id].outcome)
		out = append(out, o)
	}
	return out
}

// weighOpinions learns how to put the readers' opinions together: alike for all criteria
// but for an offset each, which few notes may only move a little.
func weighOpinions(all []opinion, criteria int) []rule.Weighing {
	const shared = 4
	x := make([]float64, shared+criteria)
	x[0], x[2] = 1, 1
	if len(all) > 0 {
		odds := func(x []float64, o opinion) float64 {
			z := x[3] + x[shared+o.criterion]
			for k, v := range o.x {
				z += x[k] * v
			}
			return z
		}
		p := optimize.Problem{
			Func: func(x []float64) float64 {
				sum := 0.0
				for k, v := range x {
					sum += penalty(k, shared) * v * v / 2
				}
				for _, o := range all {
					sum += logLoss(odds(x, o), o.met)
				}
				return sum
			},
			Grad: func(grad, x []float64) {
				for k, v := range x {
					grad[k] = penalty(k, shared) * v
				}
				for _, o := range all {
					g := slope(odds(x, o), o.met)
					for k, v := range o.x {
						grad[k] += g * v
					}
					grad[3] += g
					grad[shared+o.criterion] += g
				}
			},
		}
		if best, err := minimum(p, x); err == nil {
			x = best
		}
	}
	out := make([]rule.Weighing, criteria)
	for i := range out {
		out[i] = rule.Weighing{Top: x[0], Sum: x[1], Rule: x[2], Offset: x[3] + x[shared+i]}
	}
	return out
}

func penalty(k, shared int) float64 {
	if k < shared {
		return 0.01
	}
	return 1 / offsetC
}

// Lesson is a request to learn the second reader's weights.
type Lesson struct {
	Out    string   // the file that they are written to
	Dirs   []string // corpora to learn from
	Unseen []string // corpora whose notes the rules' authors did not read; one at least
}

// Run learns the weights, writes them and says how well both readers do on the unseen.
func (o Lesson) Run(ctx context.Context, rules *rule.Set, opts Options,
	stdout, stderr io.Writer) error {
	t := NewTrainer(rules, opts)
	var held []int
	for i, dir := range slices.Concat(o.Dirs, o.Unseen) {
		c, err := LoadCorpus(os.DirFS(dir), nil)
		if err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
		t.Add(i, c)
		if i >= len(o.Dirs) {
			held = append(held, i)
		}
	}
	w, expected, err := t.Train(ctx, held, func(id string) { fmt.Fprintln(stderr, "learned", id) })
	if err != nil {
		return err
	}
	for i, e := range expected {
		fmt.Fprintf(stdout, "%s: rules alone macro-F1 %.3f, kappa %.3f; both readers %.3f, %.3f\n",
			o.Unseen[i], e.Rules.MacroF1, e.Rules.Kappa, e.Together.MacroF1, e.Together.Kappa)
	}
	if err := os.WriteFile(o.Out, w.Format(), 0o644); err != nil {
		return fmt.Errorf("write weights: %w", err)
	}
	_, err = fmt.Fprintf(stdout, "%s: %d features of %d notes and snippets\n", o.Out, len(w.Features), len(t.docs))
	return err
}
