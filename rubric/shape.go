package rubric

import (
	"fmt"
	"slices"

	"firedrill/rubric/rule"
	"firedrill/rubric/shape"
)

// The kinds of file that a rubric is made of.
const (
	KindRubric = "rubric"
	KindRules  = "rules"
	KindClaims = "claims"
)

// sources are all that judge a criterion.
var sources = []string{string(FromNotes), string(FromProbe), string(FromExaminer), string(FromClaims)}

// Patterns of ids, versions and companions, for the decoder and for schemas alike.
const (
	idExpression      = `^[a-z0-9]+([.-][a-z0-9]+)*$`
	versionExpression = `^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$`
	percentExpression = `^(0{0,3}100(\.0{1,2})?|0{0,4}[0-9]{1,2}(\.[0-9]{1,2})?)%$`
	fileExpression    = `^[^/\\]*[^/\\.\s][^/\\]*$`
	baseExpression    = `^[a-z0-9]+([.-][a-z0-9]+)*@[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$`
)

// maxPoints bounds points, so that sums stay far from overflow.
const maxPoints = 1_000_000

// The shapes of a rubric's parts, in the order in which a file is written.
var (
	idShape      = shape.Match(idExpression)
	idsShape     = shape.List(idShape)
	pointsShape  = shape.Whole(1, maxPoints)
	percentShape = shape.Match(percentExpression)
	limitShape   = shape.Either(percentShape, shape.Whole(0, maxLimit))
	ofShape      = shape.List(shape.Text()).With("minItems", 2).With("maxItems", 2)

	conditionShape = shape.Object("condition",
		shape.Field{Key: "probe", Value: shape.Text(),
			Doc: "The probe whose counts are compared, where it is not the criterion's."},
		shape.Field{Key: "of", Value: ofShape,
			Doc: "A ratio of two counts, the part and the whole; a ratio of nothing holds for no limit."},
		shape.Field{Key: "count", Value: shape.Text(),
			Doc: "One count, compared as it is."},
		shape.Field{Key: "at_least", Value: limitShape,
			Doc: "The least that holds: a percentage with `of`, a whole number with `count`."},
		shape.Field{Key: "at_most", Value: limitShape,
			Doc: "The most that holds."}).
		With("oneOf", []any{limits("of", percentExpression), limits("count", "")}).
		With("anyOf", []any{needs("at_least"), needs("at_most")})

	conditionsShape = shape.List(conditionShape).With("minItems", 1)

	stepShape = shape.Object("step",
		shape.Field{Key: "points", Required: true, Value: pointsShape,
			Doc: "What the step gives; the first gives all points of the criterion."},
		shape.Field{Key: "when", Required: true, Value: conditionsShape,
			Doc: "Conditions that must all hold."})

	anchorShape = shape.Object("anchor",
		shape.Field{Key: "points", Required: true, Value: shape.Whole(0, maxPoints),
			Doc: "The mark."},
		shape.Field{Key: "anchor", Required: true, Value: shape.Text(),
			Doc: "What one sees in a candidate who gets it."})

	criterionShape = shape.Object("criterion",
		shape.Field{Key: "id", Required: true, Value: idShape,
			Doc: "Name of the criterion in grades; unique, and kept between versions."},
		shape.Field{Key: "title", Required: true, Value: shape.Text(),
			Doc: "What earns the points, for the examiner."},
		shape.Field{Key: "candidate", Required: true, Value: shape.Text(),
			Doc: "What a candidate may know of it beforehand: what is looked at, not what is to be found."},
		shape.Field{Key: "source", Required: true, Value: shape.OneOf(sources...),
			Doc: "Who judges it: rules over the notes, probes, an examiner, or claims held against observations."},
		shape.Field{Key: "verdict", Required: true,
			Value: shape.OneOf(WantContradicted, WantConfirmed, WantNotContradicted),
			When:  "source", In: []string{string(FromClaims)},
			Doc: "What is asked of the claims: contradicted is for penalties, the others earn."},
		shape.Field{Key: "claims", Value: shape.List(shape.Text()),
			When: "source", In: []string{string(FromClaims)},
			Doc: "The claims that it is about; all when absent."},
		shape.Field{Key: "points", Required: true, Value: pointsShape,
			Doc: "What it earns at most; of a penalty, what it costs."},
		shape.Field{Key: "penalty", Value: shape.Truth(),
			When: "source", In: []string{string(FromNotes), string(FromClaims)},
			Doc: "Its points are a cost: met subtracts them, not met changes nothing."},
		shape.Field{Key: "required", Value: pointsShape,
			Doc: "No pass without it: the least points that it must earn for a pass, whatever the total."},
		shape.Field{Key: "dimensions", Value: idsShape,
			Doc: "Dimensions under which its points are reported as well."},
		shape.Field{Key: "requires", Value: idsShape,
			Doc: "It earns only if each of these criteria earned at least one point."},
		shape.Field{Key: "rule", Value: shape.Text(),
			When: "source", In: []string{string(FromNotes)},
			Doc: "Id of the rule in the files of notes; the criterion's own id when absent."},
		shape.Field{Key: "probe", Value: shape.Text(),
			When: "source", In: []string{string(FromProbe)},
			Doc: "The probe of all conditions that name none; `grader probes` lists them."},
		shape.Field{Key: "when", Value: conditionsShape,
			When: "source", In: []string{string(FromProbe)},
			Doc: "Conditions for all points or none."},
		shape.Field{Key: "steps", Value: shape.List(stepShape).With("minItems", 1),
			When: "source", In: []string{string(FromProbe)},
			Doc: "Partial credit, best first: the first step whose conditions all hold gives its points."},
		shape.Field{Key: "scale", Required: true, Value: shape.List(anchorShape).With("minItems", 2),
			When: "source", In: []string{string(FromExaminer)},
			Doc: "The marks that an examiner may give, from 0 to all points, worst first."}).
		With("allOf", []any{
			when("source", string(FromProbe), map[string]any{"oneOf": []any{needs("when"), needs("steps")}}),
			when("source", string(FromClaims), map[string]any{
				"if":   when("penalty", true, nil)["if"],
				"then": map[string]any{"properties": property("verdict", "const", WantContradicted)},
				"else": map[string]any{"properties": map[string]any{"verdict": map[string]any{
					"not": map[string]any{"const": WantContradicted}}}}}),
			when("penalty", true, map[string]any{"properties": map[string]any{"required": false,
				"requires": false}}),
		})

	groupShape = shape.Object("group",
		shape.Field{Key: "id", Required: true, Value: idShape, Doc: "Name of the group in grades."},
		shape.Field{Key: "title", Required: true, Value: shape.Text(), Doc: "Its heading in reports."},
		shape.Field{Key: "points", Required: true, Value: shape.Whole(0, maxPoints),
			Doc: "The sum over its criteria, penalties left out."},
		shape.Field{Key: "cap", Value: pointsShape,
			Doc: "The most of these points that count; penalties are taken off afterwards."},
		shape.Field{Key: "criteria", Required: true, Value: shape.List(criterionShape).With("minItems", 1),
			Doc: "What earns or costs points."})

	costsShape = shape.Object("costs",
		shape.Field{Key: "group", Required: true, Value: idShape,
			Doc: "The group that pays: its points, never below zero."},
		shape.Field{Key: "hints", Value: shape.List(hintShape).With("minItems", 1),
			Doc: "Every hint that may be given, with its price."},
		shape.Field{Key: "time", Value: timeShape,
			Doc: "What time beyond the allowed costs."}).
		With("anyOf", []any{needs("hints"), needs("time")})

	hintShape = shape.Object("hint",
		shape.Field{Key: "hint", Required: true, Value: shape.Text(),
			Doc: "Its name in the paper with the hints, in quotes."},
		shape.Field{Key: "points", Required: true, Value: shape.Whole(0, maxPoints),
			Doc: "What it costs."})

	timeShape = shape.Object("time",
		shape.Field{Key: "minutes", Required: true, Value: pointsShape,
			Doc: "The time allowed."},
		shape.Field{Key: "every", Required: true, Value: pointsShape,
			Doc: "The minutes that cost points whenever they are begun."},
		shape.Field{Key: "points", Required: true, Value: pointsShape,
			Doc: "What they cost each time."})

	dimensionShape = shape.Object("dimension",
		shape.Field{Key: "id", Required: true, Value: idShape, Doc: "Name of the dimension in grades."},
		shape.Field{Key: "title", Required: true, Value: shape.Text(), Doc: "Its heading in reports."})

	rubricShape = shape.Object("rubric",
		shape.Field{Key: "rubric", Required: true, Value: shape.OneOf("1").Or(1),
			Doc: "Version of this format; it comes first."},
		shape.Field{Key: "name", Required: true, Value: idShape,
			Doc: "Name of the rubric; with version and hash it is named in every grade."},
		shape.Field{Key: "version", Required: true, Value: shape.Match(versionExpression),
			Doc: "Semantic version, raised with every change; `rubric release` stamps it."},
		shape.Field{Key: "exam", Required: true, Value: idShape, Doc: "The exam that it is for."},
		shape.Field{Key: "title", Required: true, Value: shape.Text(), Doc: "Heading of reports."},
		shape.Field{Key: "base", Value: shape.Match(baseExpression),
			Doc: "A shipped release, NAME@VERSION, whose rules, words, claims and weights this rubric uses beside its own."},
		shape.Field{Key: "notes", Value: shape.Match(fileExpression),
			Doc: "File beside the rubric with the rules for criteria of source notes."},
		shape.Field{Key: "lexicon", Value: shape.Match(fileExpression),
			Doc: "File beside the rubric with words that the rules share."},
		shape.Field{Key: "weights", Value: shape.Match(fileExpression),
			Doc: "File beside the rubric with a second opinion on notes; `grader train` writes it."},
		shape.Field{Key: "claims", Value: shape.Match(fileExpression),
			Doc: "File beside the rubric with what notes may claim about the service."},
		shape.Field{Key: "points", Required: true, Value: shape.Whole(1, maxPoints),
			Doc: "The most that can be earned: the sum over the groups, each as far as its cap allows."},
		shape.Field{Key: "pass", Required: true, Value: shape.Whole(0, maxPoints),
			Doc: "Points needed to pass."},
		shape.Field{Key: "dimensions", Value: shape.List(dimensionShape),
			Doc: "Properties of candidates that get sub-scores; they change no total."},
		shape.Field{Key: "costs", Value: costsShape,
			Doc: "What hints and time cost, as the examiner notes them in marks."},
		shape.Field{Key: "groups", Required: true, Value: shape.List(groupShape).With("minItems", 1),
			Doc: "Parts of the rubric that are summed up on their own."})
)

// limits is the schema of a condition on a ratio or on a count.
func limits(key, percent string) map[string]any {
	limit := map[string]any{"type": "integer"}
	if percent != "" {
		limit = map[string]any{"type": "string", "pattern": percent}
	}
	out := needs(key)
	out["properties"] = map[string]any{"at_least": limit, "at_most": limit}
	return out
}

func needs(keys ...string) map[string]any {
	var all []any
	for _, k := range keys {
		all = append(all, k)
	}
	return map[string]any{"required": all}
}

func property(key, keyword string, value any) map[string]any {
	return map[string]any{key: map[string]any{keyword: value}}
}

// when is the schema of what holds where a key has a value.
func when(key string, value any, then map[string]any) map[string]any {
	return map[string]any{"then": then, "if": map[string]any{"required": []any{key},
		"properties": property(key, "const", value)}}
}

// keysOfFigure are the keys of `observed` that belong to each kind of figure; none is "".
var keysOfFigure = map[FigureKind][]string{
	"":      {"confirmed", "contradicted"},
	Success: {"of", "near", "stated", "below"},
	Failure: {"of", "near", "stated", "below"},
	Amount:  {"count", "unit"},
}

var observedShape = shape.Object("observed",
	shape.Field{Key: "probe", Required: true, Value: shape.Text(),
		Doc: "The probe that can tell, for all conditions that name none."},
	shape.Field{Key: "confirmed", Value: shape.List(conditionShape),
		Doc: "Conditions that must all hold to confirm the claim."},
	shape.Field{Key: "contradicted", Value: shape.List(conditionShape),
		Doc: "Conditions that must all hold to contradict it."},
	shape.Field{Key: "of", Value: ofShape,
		Doc: "For a share: the count of successes and the count that it is a part of."},
	shape.Field{Key: "near", Value: percentShape,
		Doc: "A stated share within this of what was observed is confirmed."},
	shape.Field{Key: "stated", Value: percentShape,
		Doc: "The least share that a contradicted claim states; above `below` and `near` together."},
	shape.Field{Key: "below", Value: percentShape,
		Doc: "A claim is contradicted only where less than this was observed."},
	shape.Field{Key: "count", Value: shape.Text(),
		Doc: "For an amount: the count that must not exceed it."},
	shape.Field{Key: "unit", Value: shape.OneOf("dollars", "cents"),
		Doc: "The unit of that count."})

// observedCase is the schema of what belongs to each figure.
func observedCase(figure FigureKind, condition map[string]any) map[string]any {
	not := map[string]any{}
	for _, f := range observedShape.Fields {
		if f.Key != "probe" && !slices.Contains(keysOfFigure[figure], f.Key) {
			not[f.Key] = false
		}
	}
	observed := needs(keysOfFigure[figure]...)
	if figure == "" {
		some := property("confirmed", "minItems", 1)
		other := property("contradicted", "minItems", 1)
		observed = map[string]any{"anyOf": []any{
			map[string]any{"required": []any{"confirmed"}, "properties": some},
			map[string]any{"required": []any{"contradicted"}, "properties": other}}}
	}
	observed["properties"] = not
	return map[string]any{"if": condition,
		"then": map[string]any{"properties": map[string]any{"observed": observed}}}
}

func claimsShape() *shape.Value {
	cases := []any{observedCase("", map[string]any{"not": needs("figure")})}
	for _, figure := range []FigureKind{Success, Failure, Amount} {
		cases = append(cases, observedCase(figure, when("figure", string(figure), nil)["if"].(map[string]any)))
	}
	return rule.ClaimsShape(
		shape.Field{Key: "figure", Value: shape.OneOf(string(Success), string(Failure), string(Amount)),
			Doc: "What a stated figure means: a share that succeeds, one that fails, or a bound in dollars."},
		shape.Field{Key: "observed", Required: true, Value: observedShape,
			Doc: "What it is held against."}, cases...)
}

// Shape describes one kind of file: KindRubric, KindRules or KindClaims.
func Shape(kind string) (*shape.Value, error) {
	switch kind {
	case KindRubric:
		return rubricShape, nil
	case KindRules:
		return rule.FileShape(), nil
	case KindClaims:
		return claimsShape(), nil
	}
	return nil, fmt.Errorf("unknown kind of file %q, want %s, %s or %s", kind, KindRubric, KindRules, KindClaims)
}

// Schema gives the JSON Schema of one kind of file, for editors and for checks elsewhere. It
// says what a file may hold; what goes beyond (sums, references, order) `rubric lint` tells.
func Schema(kind string) ([]byte, error) {
	v, err := Shape(kind)
	if err != nil {
		return nil, err
	}
	return shape.Schema(v, fmt.Sprintf("urn:firedrill:%s:%d", kind, FormatVersion),
		"Firedrill "+kind+" file, format version "+fmt.Sprint(FormatVersion))
}
