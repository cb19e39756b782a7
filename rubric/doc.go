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
//	title: Payment service on-call triage   # heading of reports
//	base: payment@0.2.0        # optional; a shipped release to build on, see below
//	notes: notes.yaml          # rules for criteria of source notes (same directory)
//	lexicon: lexicon.yaml      # words that those rules share (same directory)
//	weights: weights.tsv       # a second opinion on notes, see `grader train` (same directory)
//	claims: claims.yaml        # optional; what notes may claim, see Claim (same directory)
//	points: 100                # sum over the groups
//	pass: 60                   # points needed to pass
//	dimensions:                # optional; sub-scores for the reader, nothing more
//	  - id: mitigation-first
//	    title: Mitigates first
//	costs: ...                 # optional; what hints and time cost, see Costs
//	groups:
//	  - id: service
//	    title: Mitigated service
//	    points: 30             # sum over its criteria, penalties left out
//	    cap: 25                # optional; the most of them that count
//	    criteria:
//	      - id: service.payments
//	        title: Payments pass while the fault persists   # for the examiner
//	        candidate: Payments work again                  # may be shown beforehand
//	        source: probe      # notes, probe, examiner or claims
//	        points: 12         # the most that it earns; of a penalty, what it costs
//	        required: 6        # optional; no pass with fewer points in this criterion
//	        dimensions: [mitigation-first]
//	        requires: [other.criterion]
//	        probe: faulty.payments
//	        steps: ...
//
// This is the order in which `rubric fmt` writes the fields. Every field is explained by
// `rubric fields`, for editors by `rubric schema`; both, and the decoder, read Shape.
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
// `anchor` each: what one would see in such a candidate.
//
// A criterion of source claims asks for a `verdict` over all that the notes claim, or over
// the `claims:` that it lists: `contradicted`, for penalties, is met when any of them is;
// `confirmed` when at least one is and none is contradicted; `not-contradicted` when none
// is contradicted. A claim that is not checked costs nothing.
//
// `requires: [ids]` lets a criterion earn only if each of those earned at least one
// point. It keeps a service that was never changed from being paid for what it does
// anyway.
//
// `cap` bounds what a group gives: its criteria may offer more ways to earn than anybody
// needs. The rubric's points count such a group with its cap, and penalties are taken from
// what counts. Dimensions have no caps.
//
// # Base
//
// A rubric with a `base` uses the rules, words, claims and weights of a release that comes
// with the program, beside its own: its criteria name rules of both, and its own rules refer
// to concepts of both. Of the base's rules only those that a criterion names are used. Its own
// weights replace the base's. As a release never changes, neither does what is built on it.
//
// # Versions
//
// `rubric release` keeps a rubric with its files, see Release; FILE@VERSION is what was
// released. A grade names name, version, content hash and, where the content equals a release,
// its day. Load refuses only what cannot be scored, and that list does not grow: what the
// linter learns later reports problems, but every release stays readable.
//
// # Outcome and points
//
// A criterion is met when it earns all its points (a penalty: when its finding is
// met). A lower step or mark is not_met with the points of that step. An outcome
// that is open (needs_review, not_gradable, no mark yet) earns nothing so far and
// leaves an interval from the least to the most that it may become.
//
// A grade has passed when its least total reaches the pass mark and every required criterion
// has earned, at least, what is required. It has failed when its highest total misses the mark,
// or a required criterion can no longer earn enough, whatever the total. In between it is open.
package rubric
