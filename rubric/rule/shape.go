package rule

import (
	"slices"

	"firedrill/rubric/shape"
)

// The shapes of a rule file and its parts. The decoder takes its keys from them.
var (
	phraseShape  = shape.Scalar()
	phrasesShape = shape.List(phraseShape)

	conceptShape = shape.Object("concept",
		shape.Field{Key: "any", Doc: "Phrases; one of them is enough.", Value: phrasesShape},
		shape.Field{Key: "except", Doc: "Phrases that drop a hit which overlaps one of theirs.",
			Value: phrasesShape})

	ruleShape = shape.Object("rule",
		shape.Field{Key: "rule", Required: true, Value: shape.Text(),
			Doc: "Name of the rule, as findings and explanations show it."},
		shape.Field{Key: "all", Required: true, Value: phrasesShape.With("minItems", 1),
			Doc: "Phrases that must all be found within the span."},
		shape.Field{Key: "span", Value: shape.OneOf(spans...),
			Doc: "How far apart they may stand; a sentence when absent."},
		shape.Field{Key: "within", Value: shape.Whole(0, maxWithin),
			Doc: "Most words from the first to the last of them in one sentence; 0 is no bound."},
		shape.Field{Key: "ordered", Value: shape.Truth(),
			Doc: "They must stand in the order in which they are listed."},
		shape.Field{Key: "sections", Value: phrasesShape,
			Doc: "Roles of the sections in which the statement must stand, as in the concepts section.ROLE."},
		shape.Field{Key: "unless", Value: phrasesShape,
			Doc: "Phrases that, found in a sentence of the statement, refuse it."},
		shape.Field{Key: "unless_clause", Value: phrasesShape,
			Doc: "Likewise, but only in a clause that holds one of `all`."},
		shape.Field{Key: "unless_next", Value: phrasesShape,
			Doc: "Likewise, in the sentence after the statement."},
		shape.Field{Key: "admit", Value: shape.List(shape.OneOf(sources...)),
			Doc: "What counts beyond the candidate's plain statements."},
		shape.Field{Key: "not_sections", Value: phrasesShape,
			Doc: "Roles of sections in which the statement does not count."},
		shape.Field{Key: "polarity", Value: shape.OneOf(polarities...),
			Doc: "affirmed (the default), or any: a negated statement counts as well."},
		shape.Field{Key: "cancels", Value: shape.OneOf(cancellings...),
			Doc: "For rules against: which statements that meet the criterion are taken back."},
		shape.Field{Key: "doubt", Value: shape.Text(),
			Doc: "Makes the outcome needs_review, for the reason that stands here."},
		shape.Field{Key: "bare", Value: shape.Truth(),
			Doc: "The criterion's own unless lists do not hold for this rule."})

	detectorShape = shape.Object("detector",
		shape.Field{Key: "name", Required: true, Value: shape.OneOf(detectors...),
			Doc: "The built-in check: timeline counts entries that begin with a time, in order."},
		shape.Field{Key: "least", Value: shape.Whole(0, maxWithin),
			Doc: "How many must be found."})

	examplesShape = shape.Object("examples",
		shape.Field{Key: "for", Value: phrasesShape,
			Doc: "Short notes that must meet it; `rubric lint` holds the rules to them."},
		shape.Field{Key: "against", Value: phrasesShape,
			Doc: "Short notes that must not meet it, best those that nearly do."})
)

// criterionFields are those of a criterion and of a claim, which decides what else.
func criterionFields() *shape.Value {
	v := shape.Object("criterion",
		shape.Field{Key: "id", Required: true, Value: shape.Text(),
			Doc: "A rubric's criterion of source notes with this id, or with `rule:` and this id, is decided here."},
		shape.Field{Key: "says", Required: true, Value: shape.Text(),
			Doc: "What the notes state when it is met, as the end of `the notes say that …`."},
		shape.Field{Key: "unless", Value: phrasesShape,
			Doc: "Phrases that refuse a statement of every rule under `met`."},
		shape.Field{Key: "unless_next", Value: phrasesShape,
			Doc: "Likewise, in the sentence after the statement."},
		shape.Field{Key: "met", Value: shape.List(ruleShape),
			Doc: "Rules, of which one is enough."},
		shape.Field{Key: "against", Value: shape.List(ruleShape.Requiring("against", "cancels")),
			Doc: "Rules whose statements take back what meets it; each needs `cancels`."},
		shape.Field{Key: "detector", Value: detectorShape,
			Doc: "A built-in check that looks at structure rather than words."},
		shape.Field{Key: "examples", Value: examplesShape,
			Doc: "Examples that the rules must get right; both lists are wanted."})
	return v.With("anyOf", []any{map[string]any{"required": []any{"met"},
		"properties": map[string]any{"met": map[string]any{"minItems": 1}}},
		map[string]any{"required": []any{"detector"}}})
}

// FileShape is the shape of a rule file: notes and lexicon.
func FileShape() *shape.Value {
	return shape.Object("rules", fileFields(shape.Field{Key: "criteria",
		Value: shape.List(criterionFields()),
		Doc:   "What decides a rubric's criteria of source notes."})...)
}

// ClaimsShape is the shape of a file of claims. What a claim is held against, its figure and
// what is observed, is described by whoever knows observations.
func ClaimsShape(figure, observed shape.Field, more ...any) *shape.Value {
	claim := criterionFields()
	claim.Fields = slices.Insert(append(claim.Fields, observed), 2, figure)
	claim = claim.Named("claim").With("allOf", more)
	return shape.Object("claims", fileFields(shape.Field{Key: "claims", Required: true,
		Value: shape.List(claim), Doc: "What notes may claim about the running service."})...)
}

func fileFields(last shape.Field) []shape.Field {
	return []shape.Field{
		{Key: "version", Required: true, Value: shape.Whole(Version, Version),
			Doc: "Version of this format."},
		{Key: "concepts", Value: shape.Table(shape.Either(phrasesShape, conceptShape)),
			Doc: "Named sets of phrases: what people write when they mean a thing."},
		{Key: "facts", Value: shape.List(ruleShape),
			Doc: "Rules that mark statements, in order, so that later rules refer to them as #NAME."},
		last,
	}
}
