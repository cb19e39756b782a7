// Package rubric holds what decides about a candidate: the rubric's text format,
// its checks, and the pure function that turns records into a grade.
//
// Goals: a hiring team changes points, wording, rules and conditions without Go;
// a file that loads can be scored; every problem of a file is told at once, with
// its line; equal inputs give an equal grade. Non-goals: the package runs nothing,
// reads no submission and knows no exam; probes and rules for notes are named here
// and live elsewhere.
//
// # Format
//
// A rubric is one YAML document. Its first key is the format's version, so that a
// program never guesses about a file that it does not know:
//
//	rubric: 1                  # version of this format
//	name: payment              # with version and hash, it is named in every grade
//	version: 0.1.0             # semantic version, raised with every change
//	exam: payment              # the exam that it is for
//	title: Payment service on-call triage
//	points: 100                # sum over the groups
//	pass: 60                   # points needed to pass
//	notes: notes.yaml          # rules for criteria of source notes (same directory)
//	lexicon: lexicon.yaml      # words that those rules share (same directory)
//	weights: weights.tsv       # a second opinion on notes, see `grader train` (same directory)
//	claims: claims.yaml        # optional; what notes may claim, see Claim (same directory)
//	dimensions:                # optional; sub-scores for the reader, nothing more
//	  - id: mitigation-first
//	    title: Mitigates first
//	costs:                     # optional; what hints and time cost, see Costs
//	  group: examiner
//	  hints: [{hint: "1", points: 0}, {hint: "2", points: 1}]
//	groups:
//	  - id: service
//	    title: Mitigated service
//	    points: 30             # sum over its criteria, penalties left out
//	    criteria:
//	      - id: service.payments
//	        title: Payments pass while the fault persists   # for the examiner
//	        candidate: Payments work again                  # may be shown beforehand
//	        source: probe      # notes, probe, examiner or claims
//	        points: 12
//	        dimensions: [mitigation-first]
//	        probe: faulty.payments
//	        steps: ...
//
// A criterion of source notes names its rule by `rule:`, its own id if that is
// absent; the rule files are written in the language of rubric/rule and are read,
// checked and hashed together with the rubric. `penalty: true` turns its points into
// a cost: met subtracts them, not met leaves the group as it is. A group never falls
// below zero, so a penalty takes only what was earned beside it.
//
// A criterion of source probe holds `steps`, best first. The first step whose
// conditions all hold gives its points; `when:` directly under the criterion is one
// step worth everything. A condition is about counts of an observation:
//
//	steps:
//	  - points: 12
//	    when:
//	      - {of: [accepted, asked], at_least: 95%}     # accepted/asked >= 0.95
//	      - {of: [recorded, accepted], at_least: 100%}
//	      - {probe: faulty.ledger, count: duplicates, at_most: 0}
//
// `probe:` in a condition replaces the criterion's. Ratios are compared exactly, by
// cross multiplication; a ratio of nothing (0 of 0) holds for no limit. A count that
// no observation gives leaves the criterion not gradable.
//
// A criterion of source examiner holds a `scale`, worst first, of points with an
// anchor each: what one would see in such a candidate.
//
// A criterion of source claims asks for a `verdict` over all that the notes claim, or over
// the `claims:` that it lists: `contradicted`, for penalties, is met when any of them is;
// `confirmed` when at least one is and none is contradicted; `not-contradicted` when none
// is contradicted. A claim that is not checked costs nothing.
//
// A person's decision may count instead of an automatic outcome, see Mark; what was found
// automatically stays in the grade beside it.
//
// `requires: [ids]` lets a criterion earn only if each of those earned at least one
// point. It keeps a service that was never changed from being paid for what it does
// anyway.
//
// # Outcome and points
//
// A criterion is met when it earns all its points (a penalty: when its finding is
// met). A lower step or mark is not_met with the points of that step. An outcome
// that is open (needs_review, not_gradable, no mark yet) earns nothing so far and
// leaves an interval from the least to the most that it may become.
package rubric
