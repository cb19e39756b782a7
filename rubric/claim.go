package rubric

// A claim is something that notes may state and that observations can tell: payments
// succeed again, the cap is $500. The claims of a rubric stand in the file that it names
// under `claims:`, next to the other rule files:
//
//	version: 1
//	concepts: ...                     # as in every rule file
//	claims:
//	  - id: payments.restored
//	    says: payments succeed while the fault persists
//	    met: ...                      # the statements that claim it, as for a criterion
//	    examples: {for: [...], against: [...]}
//	    observed:                     # what it is held against
//	      probe: faulty.payments
//	      confirmed: [{of: [accepted, asked], at_least: 95%}]
//	      contradicted: [{of: [accepted, asked], at_most: 50%}]
//
// All conditions of a list must hold. Where neither list holds, the claim is not checked:
// what lies between is nobody's fault. A claim that gives a figure says what it means, and
// is held against one count or ratio:
//
//	figure: success               # or failure: a share such as 19 of 20, or 0.4 %
//	observed: {probe: faulty.payments, of: [accepted, asked], near: 5%, stated: 80%, below: 50%}
//
//	figure: amount                # dollars; the largest that is stated is the bound
//	observed: {probe: faulty.amounts, count: largest_dollars, unit: dollars}
//
// A share is confirmed when what was observed lies within near of it. It is contradicted
// when success in at least the share of `stated` is claimed, and less than `below` was
// observed. An amount is confirmed when the count, in dollars or cents, does not exceed it,
// and contradicted otherwise.
//
// A criterion of source claims asks for a verdict over all claims or the ones it lists.
type Claim struct {
	ID, Says string
	// Figure says what a stated figure means; empty when the claim has none.
	Figure FigureKind
	// Probe is the default of the conditions, and where Of and Count come from.
	Probe string
	// Confirmed and Contradicted decide a claim without figure.
	Confirmed, Contradicted []Condition
	// Of is the ratio of successes that a share is held against; see above for its limits.
	Of                  [2]string
	Near, Stated, Below *Limit
	// Count, in Unit (dollars or cents), must not exceed a stated amount.
	Count, Unit string
}

// FigureKind is what the figure of a claim means.
type FigureKind string

const (
	// Success: a share of requests that succeed.
	Success FigureKind = "success"
	// Failure: a share of requests that fail.
	Failure FigureKind = "failure"
	// Amount: a bound in dollars.
	Amount FigureKind = "amount"
)

// Verdict is what observations say about a claim.
type Verdict string

const (
	// Confirmed: it was observed.
	Confirmed Verdict = "confirmed"
	// Contradicted: the opposite was observed.
	Contradicted Verdict = "contradicted"
	// NotChecked: nothing that was observed decides it. It never costs points.
	NotChecked Verdict = "not_checked"
)

// Said is one statement of the notes that makes a claim.
type Said struct {
	Claim string `json:"claim"`
	// Rule names the rule that found it, Words the words that it found.
	Rule  string `json:"rule"`
	Words string `json:"words"`
	// Lines are 1-based and ascending; Quote is their text, shortened.
	Lines []int  `json:"lines"`
	Quote string `json:"quote"`
	// Figures are those among the words.
	Figures []Figure `json:"figures"`
}

// Figure is a number that stands in notes.
type Figure struct {
	// Class is num, pct or money.
	Class string `json:"class"`
	// Value is the number; of a percentage, 20 for 20 %; of money, dollars.
	Value float64 `json:"value"`
	// Part numbers the phrase of the rule that it belongs to.
	Part int `json:"part"`
}

// Claimed is a statement of the notes with what was observed about it.
type Claimed struct {
	Claim   string  `json:"claim"`
	Says    string  `json:"says"`
	Verdict Verdict `json:"verdict"`
	Lines   []int   `json:"lines"`
	Quote   string  `json:"quote"`
	Rule    string  `json:"rule"`
	// Probe and World say where it was observed; empty when it was not.
	Probe string `json:"probe,omitempty"`
	World string `json:"world,omitempty"`
	// Observed says in words what was counted and what it was held against.
	Observed []string `json:"observed,omitempty"`
	// Reason says why it is not checked.
	Reason string `json:"reason,omitempty"`
	// Pending is set when the observation is missing for a reason of the machine, or was
	// not asked for: a further grade may decide.
	Pending bool `json:"pending,omitempty"`
}

// claim finds the claim of that id.
func (r *Rubric) claim(id string) (Claim, bool) {
	for _, c := range r.Claimable {
		if c.ID == id {
			return c, true
		}
	}
	return Claim{}, false
}
