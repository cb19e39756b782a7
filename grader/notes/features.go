package notes

import (
	"math"
	"slices"
	"strings"

	"firedrill/rubric/rule"
)

// A linear reader sees a sentence as features: its words, its pairs of neighbouring words,
// the concepts of the rules that it holds (with ! where negated), the roles of its section
// and the words of its heading, whose words it is, and the concepts of its neighbours.
//
// Features are told apart by a hash of their name, so that reading notes makes no strings.

// featureID is the hash of a feature's name, FNV-1a.
type featureID uint64

const (
	fnvStart featureID = 14695981039346656037
	fnvPrime featureID = 1099511628211
)

func (f featureID) add(s string) featureID {
	for i := range len(s) {
		f = (f ^ featureID(s[i])) * fnvPrime
	}
	return f
}

func featureOf(name string) featureID { return fnvStart.add(name) }

// feature is one of a sentence's features.
type feature struct {
	id    featureID
	value float32
}

// What counts beside a sentence's own words, which count 1.
const (
	neighbourValue = 0.5  // a concept of the sentence before or after, in the same section
	secondValue    = 0.25 // a concept of the one before that or after that
	headingValue   = 0.5  // a word of the heading
)

// featureSet collects the features of one sentence, each once, names only if asked for.
type featureSet struct {
	all   []feature
	seen  map[featureID]bool
	names map[featureID]string // nil unless names are wanted
}

func newFeatureSet(names map[featureID]string) *featureSet {
	return &featureSet{seen: map[featureID]bool{}, names: names}
}

func (f *featureSet) reset() {
	f.all = f.all[:0]
	clear(f.seen)
}

// add adds the feature whose name is the parts in a row.
func (f *featureSet) add(value float32, parts ...string) {
	id := fnvStart
	for _, p := range parts {
		id = id.add(p)
	}
	if f.seen[id] {
		return
	}
	f.seen[id] = true
	f.all = append(f.all, feature{id, value})
	if f.names != nil {
		if _, known := f.names[id]; !known {
			f.names[id] = strings.Join(parts, "")
		}
	}
}

// unit scales the features to length one, so that long sentences weigh no more.
func (f *featureSet) unit() []feature {
	var sum float64
	for _, x := range f.all {
		sum += float64(x.value) * float64(x.value)
	}
	scale := float32(1 / math.Sqrt(max(sum, 1)))
	for i := range f.all {
		f.all[i].value *= scale
	}
	return f.all
}

// features gives the features of sentence i.
func (d *document) features(f *featureSet, i int) []feature {
	f.reset()
	s := d.sents[i]
	last := ""
	for k := range s.toks {
		form := s.toks[k].word.form
		f.add(1, "w:", form)
		if k > 0 {
			f.add(1, "b:", last, " ", form)
		}
		last = form
	}
	d.conceptFeatures(f, 1, "h:", s)
	for k, r := range d.p.sections {
		if s.roles&(1<<k) != 0 {
			f.add(1, "r:", r.name)
		}
	}
	if s.src != 0 {
		f.add(1, "s:", s.src.String())
	}
	f.add(1, "k:", kindNames[s.block.kind])
	if s.row {
		f.add(1, "k:row with header")
	}
	if i > 0 && d.sents[i-1].section == s.section {
		d.conceptFeatures(f, neighbourValue, "p:", d.sents[i-1])
	}
	if i+1 < len(d.sents) && d.sents[i+1].section == s.section {
		d.conceptFeatures(f, neighbourValue, "n:", d.sents[i+1])
	}
	if i > 1 {
		d.conceptFeatures(f, secondValue, "pp:", d.sents[i-2])
	}
	if i+2 < len(d.sents) {
		d.conceptFeatures(f, secondValue, "nn:", d.sents[i+2])
	}
	if s.under != nil {
		for k := range s.under.toks {
			f.add(headingValue, "t:", s.under.toks[k].word.form)
		}
	}
	return f.unit()
}

// conceptFeatures adds the concepts of a sentence. Phrases that a rule spells out itself
// have no name, and what drops a concept's hits is no concept.
func (d *document) conceptFeatures(f *featureSet, value float32, kind string, s *sentence) {
	for _, c := range d.concepts(s) {
		f.add(value, kind, c.not, c.name)
	}
}

// heldConcept is a concept that a sentence holds; not is "!" where it is negated.
type heldConcept struct{ not, name string }

// concepts lists the concepts of a sentence once, for itself and its neighbours.
func (d *document) concepts(s *sentence) []heldConcept {
	if s.held != nil {
		return s.held
	}
	s.held = []heldConcept{}
	for _, h := range s.hits {
		if h.concept < 0 || !d.p.weighed[h.concept] {
			continue
		}
		c := heldConcept{name: d.p.names[h.concept]}
		if d.negated(s, h, []hit{h}) {
			c.not = "!"
		}
		if !slices.Contains(s.held, c) {
			s.held = append(s.held, c)
		}
	}
	return s.held
}

// weighed says which concepts are features: those with a name of their own. Of learned weights
// only those that they know: a concept that came later, such as one of a claim, must not change
// how much the others weigh.
func weighed(names []string, w *rule.Weights) []bool {
	known := map[string]bool{}
	if w != nil {
		for f := range w.Features {
			if kind, name, ok := strings.Cut(f, ":"); ok && strings.Contains(conceptKinds, " "+kind+" ") {
				known[strings.TrimPrefix(name, "!")] = true
			}
		}
	}
	out := make([]bool, len(names))
	for i, n := range names {
		out[i] = n[0] != '\'' && !strings.HasSuffix(n, "~except") && (w == nil || known[n])
	}
	return out
}

// conceptKinds are the kinds of features that name a concept, see document.features.
const conceptKinds = " h p n pp nn "

// kindNames are the kinds of blocks as features name them.
var kindNames = map[blockKind]string{
	kindParagraph: "paragraph", kindHeading: "heading", kindItem: "item", kindRow: "row",
	kindCode: "code", kindComment: "comment",
}

// form is a token as a feature: the stem of a word, the class of what is typed, and for
// names that mean something by themselves the text too.
func (t *token) form() string {
	var f string
	switch t.kind {
	case tWord:
		f = stem(t.text)
	case tHost, tPath, tFile, tCode:
		f = classNames[t.kind] + t.text
	default:
		f = classNames[t.kind]
	}
	if len(f) > maxWord {
		f = f[:maxWord]
	}
	return strings.Map(printable, f)
}

// classNames are the classes of typed tokens as features name them.
var classNames = map[tokenKind]string{
	tNum: "<num>", tPct: "<pct>", tMoney: "<money>", tTime: "<time>", tDur: "<dur>",
	tDate: "<date>", tCode: "<code>", tHost: "<host>", tPath: "<path>", tFile: "<file>",
	tIdent: "<ident>",
}

// printable keeps a feature's name on one line of a table.
func printable(r rune) rune {
	if r < ' ' {
		return '?'
	}
	return r
}
