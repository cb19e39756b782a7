package rule

// Set is everything that judges one exam's notes.
type Set struct {
	// Concepts by name.
	Concepts map[string]*Concept
	// Facts in the order in which they are decided.
	Facts []*Rule
	// Criteria in the order of the files.
	Criteria []*Criterion
	// Weights are a second opinion beside the rules; nil when there is none.
	Weights *Weights
	// Claims in the order of the files, see ForClaims.
	Claims []*Criterion
}

// Criterion finds the criterion of that id, or nil.
func (s *Set) Criterion(id string) *Criterion {
	for _, c := range s.Criteria {
		if c.ID.Value == id {
			return c
		}
	}
	return nil
}

// Text is a scalar together with the place where it was written.
type Text struct {
	Value string
	File  string
	Line  int
	// Path leads to it within the file: criteria[2].met[0].all[1].
	Path string
}

// Concept is a named set of phrases.
type Concept struct {
	Name string
	// Any holds the phrases; one of them is enough.
	Any []Phrase
	// Except drops a hit that overlaps a hit of one of these phrases.
	Except []Phrase
}

// Phrase is a text together with what it means.
type Phrase struct {
	Text
	// Seqs are the sequences that the phrase stands for, one per way through
	// its groups and optional parts.
	Seqs []Seq
}

// Span says how far apart the parts of a statement may stand.
type Span string

// The spans, from narrow to wide. Two and three are neighbouring sentences.
const (
	SpanClause   Span = "clause"
	SpanSentence Span = "sentence"
	SpanRow      Span = "row"
	SpanTwo      Span = "two"
	SpanThree    Span = "three"
	SpanBlock    Span = "block"
	SpanSection  Span = "section"
	SpanNotes    Span = "notes"
)

// Rule says which statement carries a decision.
type Rule struct {
	// Name of the rule, as it appears in findings and in explanations.
	Name Text
	// All are phrases that must all be found within the span.
	All []Phrase
	// Span is how far apart they may stand; a sentence when empty.
	Span Span
	// Within bounds the number of words from the first to the last of them,
	// when they stand in one sentence; 0 is no bound.
	Within int
	// Ordered asks that they stand in the order in which they are listed.
	Ordered bool
	// Unless are phrases that, found in a sentence of the statement, refuse it.
	Unless []Phrase
	// UnlessClause likewise, but only in a clause that holds one of All.
	UnlessClause []Phrase
	// UnlessNext likewise, in the sentence after the statement.
	UnlessNext []Phrase
	// Sections restricts the statement to sections of these roles.
	Sections []string
	// NotSections refuses statements in sections of these roles.
	NotSections []string
	// Admit names sources beyond the candidate's plain statements that count
	// as well: code, log, heading, question, keywords (a bare list of terms),
	// guess (an item under "possible reasons:").
	Admit []string
	// Polarity is "affirmed" (also when empty) or "any": whether a negated
	// statement counts.
	Polarity string
	// Cancels is for rules against: "all" statements that meet the criterion,
	// "earlier" ones only, where a conclusion counts as written last, those that
	// stand "before" on the page, those "outside" the conclusions (cause and
	// summary), or "same" sentence only.
	Cancels string
	// Doubt, when set, makes the outcome needs_review for the reason it gives.
	Doubt string
	// Bare drops the criterion's common unless list for this rule.
	Bare bool
}

// Criterion is one thing that the notes are judged on.
type Criterion struct {
	ID Text
	// Says what the notes state when the criterion is met.
	Says string
	// Unless is common to all met rules.
	Unless []Phrase
	// UnlessNext is common to all met rules.
	UnlessNext []Phrase
	// Met are alternatives: one that fires is enough.
	Met []*Rule
	// Against are rules that take statements back.
	Against []*Rule
	// Detector names a built-in check that decides on structure rather than
	// words, with its parameters.
	Detector *Detector
	// Examples that the rules must get right.
	For, Not []Text
}

// Detector is a named built-in check.
type Detector struct {
	Name Text
	// Least is the number of things that must be found.
	Least int
}
