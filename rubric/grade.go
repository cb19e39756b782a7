package rubric

// Grade is a submission judged under one rubric. It is made of slices in the
// rubric's order only, so that equal grades encode to equal JSON.
type Grade struct {
	Rubric Version `json:"rubric"`
	// Points is what is decided so far; Lowest and Highest bound what the open
	// outcomes may still make of it; Of is the most that the rubric gives.
	Points  int `json:"points"`
	Lowest  int `json:"lowest"`
	Highest int `json:"highest"`
	Of      int `json:"of"`
	// Pass is the pass mark, State what the interval says about it.
	Pass  int   `json:"pass"`
	State State `json:"state"`
	// Lacks are the required criteria that did not earn what a pass needs of them; what is
	// open is not among them.
	Lacks      []string   `json:"lacks,omitempty"`
	Groups     []Subtotal `json:"groups"`
	Dimensions []Subtotal `json:"dimensions"`
	Criteria   []Result   `json:"criteria"`
}

// Version names the rubric that a grade was made under.
type Version struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Exam    string `json:"exam"`
	Title   string `json:"title"`
	Hash    string `json:"hash"`
	// Released is the date of the release; empty for a rubric that was not released.
	Released string `json:"released,omitempty"`
}

// State says where the grade stands against the pass mark.
type State string

const (
	// Passed: even the lowest possible total reaches the pass mark, and every required
	// criterion has earned what it must.
	Passed State = "passed"
	// Failed: even the highest possible total misses it, or a required criterion can no
	// longer earn what it must.
	Failed State = "failed"
	// Open: what is still open decides.
	Open State = "open"
)

// Subtotal sums up a group (at most its cap, never below zero) or a dimension.
type Subtotal struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Points  int    `json:"points"`
	Lowest  int    `json:"lowest"`
	Highest int    `json:"highest"`
	Of      int    `json:"of"`
}

// Result is one criterion's result.
type Result struct {
	ID    string `json:"id"`
	Group string `json:"group"`
	Title string `json:"title"`
	// Candidate says the same in words that give nothing away.
	Candidate string  `json:"candidate"`
	Source    Source  `json:"source"`
	Outcome   Outcome `json:"outcome"`
	// Points are earned so far, negative for a penalty that is due. For a decided
	// outcome Lowest and Highest equal it. Of is 0 for a penalty.
	Points  int `json:"points"`
	Lowest  int `json:"lowest"`
	Highest int `json:"highest"`
	Of      int `json:"of"`
	// Penalty is the cost that the criterion may have; 0 if it is none.
	Penalty int `json:"penalty,omitempty"`
	// Required is the least that a pass needs of it; 0 if it needs nothing.
	Required int    `json:"required,omitempty"`
	Reason   string `json:"reason"`
	// Automatic is what a person's decision replaced; nil where there was none.
	Automatic *Automatic `json:"automatic,omitempty"`
	Evidence  []Evidence `json:"evidence"`
}

// EvidenceKind says what an outcome rests on, and which fields are filled.
type EvidenceKind string

const (
	// KindNotes fills File, Lines, Quote, Reason, Rule.
	KindNotes EvidenceKind = "notes"
	// KindProbe fills Probe, World, Counted, Transcript, Logs, Remarks; or only Reason,
	// where the service was gone by its own fault.
	KindProbe EvidenceKind = "probe"
	// KindMark fills By, When, Reason.
	KindMark EvidenceKind = "mark"
	// KindClaim fills File, Lines, Quote, Reason, Rule, Verdict, Probe, World, Counted.
	KindClaim EvidenceKind = "claim"
	// KindNone fills Reason: why there is nothing to show.
	KindNone EvidenceKind = "none"
)

// Evidence is one thing that an outcome rests on. Quotes, transcripts and logs hold
// text of the candidate, or of their service, as it came.
type Evidence struct {
	Kind EvidenceKind `json:"kind"`
	File string       `json:"file,omitempty"`
	// Lines are 1-based and ascending.
	Lines  []int  `json:"lines,omitempty"`
	Quote  string `json:"quote,omitempty"`
	Reason string `json:"reason,omitempty"`
	Rule   string `json:"rule,omitempty"`
	Probe  string `json:"probe,omitempty"`
	World  string `json:"world,omitempty"`
	// Counted says in words what was counted and which limit it was held against.
	Counted    []string `json:"counted,omitempty"`
	Transcript []Call   `json:"transcript,omitempty"`
	Logs       []string `json:"logs,omitempty"`
	// Remarks are the probe's own: what it compared and what differed.
	Remarks []string `json:"remarks,omitempty"`
	// Verdict is what was observed about a claim.
	Verdict Verdict `json:"verdict,omitempty"`
	By      string  `json:"by,omitempty"`
	When    string  `json:"when,omitempty"`
}

// Call is an Exchange as a grade shows it. Its time is left out: two runs of one
// submission give the same grade.
type Call struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	Body   string `json:"body,omitempty"`
	Status int    `json:"status"`
	Answer string `json:"answer,omitempty"`
	Error  string `json:"error,omitempty"`
}
