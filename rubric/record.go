package rubric

// Outcome is what is known about one criterion.
type Outcome string

const (
	// Met: the evidence shows it.
	Met Outcome = "met"
	// NotMet: it was looked for where it would stand, and is not there.
	NotMet Outcome = "not_met"
	// NeedsReview: a person must decide; the reason says what is in doubt.
	NeedsReview Outcome = "needs_review"
	// NotGradable: it could not be checked. It is never the candidate's zero.
	NotGradable Outcome = "not_gradable"
)

// Finding is what the notes say about one criterion.
type Finding struct {
	Criterion string  `json:"criterion"`
	Outcome   Outcome `json:"outcome"`
	// Lines are 1-based lines of the notes that carry the decision, ascending.
	Lines []int `json:"lines"`
	// Quote is the candidate's own text on the first of those lines, shortened.
	Quote string `json:"quote"`
	// Reason says in plain words why the outcome is what it is.
	Reason string `json:"reason"`
	// Rule names the rule that decided, as the rubric spells it.
	Rule string `json:"rule"`
}

// Observation is what one probe saw in one world. It holds facts, not verdicts.
type Observation struct {
	Probe string `json:"probe"`
	World string `json:"world"`
	// Unchecked is the reason why the probe could not be made; empty when it was.
	// An unchecked observation makes criteria not_gradable, never not_met.
	Unchecked string `json:"unchecked,omitempty"`
	// Down says why the service could not be asked by its own fault: it does not compile
	// or never listens. Its criteria are not met then, and this is the evidence.
	Down string `json:"down,omitempty"`
	// Counts are the probe's named figures, as its documentation lists them.
	Counts map[string]int `json:"counts,omitempty"`
	// Transcript holds the telling requests.
	Transcript []Exchange `json:"transcript,omitempty"`
	// Logs are lines of the service that belong to the transcript.
	Logs []string `json:"logs,omitempty"`
	// Notes are short remarks of the probe: what it compared and what differed.
	Notes []string `json:"notes,omitempty"`
	// Pace is when it ran and how it was answered; nil when nothing was asked.
	Pace *Pace `json:"pace,omitempty"`
}

// Exchange is one request of a probe and its answer.
type Exchange struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	Body   string `json:"body,omitempty"`
	// Status is the HTTP status, 0 when there was no answer.
	Status int `json:"status"`
	// Answer is the body of the answer, shortened.
	Answer string `json:"answer,omitempty"`
	// Error is the transport's error when there was no answer.
	Error string `json:"error,omitempty"`
	// Micros is the time until the answer was read, in microseconds.
	Micros int64 `json:"micros"`
	// RequestID is what the service called the request, where it said so: its log lines
	// are found by it.
	RequestID string `json:"request_id,omitempty"`
}
