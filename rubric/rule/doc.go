// Package rule is the language in which a hiring team writes how incident
// notes are judged.
//
// A rule set is data. It has four parts, spread over one or more YAML files:
//
//	concepts   named sets of phrases: what people write when they mean a thing
//	facts      rules that mark a statement, so that later rules can build on it
//	criteria   rules that decide an outcome, with examples for and against
//	claims     criteria as well, for statements that others hold against observations
//
// A phrase is a sequence of elements separated by spaces:
//
//	word        any form of the word: "resolve" also finds "resolved", "resolving"
//	=word       exactly this spelling
//	pre*        every word that begins so
//	a|b|c       one of these (each a word, =word, pre*, @concept or <class>)
//	(a b|c)     one of these sequences
//	x?          may be missing; (a b)? likewise
//	~4          up to four words of any kind
//	@concept    a hit of another concept
//	#fact       a statement marked by a fact (in rules only)
//	<class>     a typed token: <num> <pct> <money> <time> <dur> <date> <code>
//	            <host> <path> <file> <ident>; <low> is a percentage up to 2,
//	            <small> and <big> are amounts below 1000 and from 1000,
//	            <long> is a duration from two minutes
//	a; b        one phrase or the other
//	^ and $     the beginning and the end of a clause
//
// Matching is on words, in order, without regard to case, Markdown or
// punctuation. Contractions are read as two words, so a phrase says "do not" and
// "can not", and finds "don't" and "cannot" with it. A short rule file:
//
//	version: 1
//	concepts:
//	  next.step: [next step|steps; still to do; follow up]
//	criteria:
//	  - id: notes.next-step
//	    says: something is left to do next     # "the notes say that …"
//	    met:                                   # one of these rules is enough
//	      - rule: a next step is named
//	        all: ["@next.step"]                # all of these, within a sentence
//	        unless: [no next step]             # but not in a sentence with this
//	        not_sections: [timeline]           # and not in a section of this kind
//	    examples:                              # rubric lint holds the rules to them
//	      for: ["Next step: ask the platform team."]
//	      against: ["There is no next step.", "Payments fail."]
//
// Only the candidate's own statements count, unless a rule admits more: what is negated,
// quoted from a log or copied from the exam's papers states nothing; guesses and plans are
// kept out by unless lists. Readers of notes know some concepts by name: section.ROLE, the
// headings of sections, source.KIND, what text is from, and cue.negation, the words that
// negate. A rule set needs them, its own or those of the rubric's base.
//
// The package knows nothing of notes, outcomes or points; it only reads, checks and hands out
// what was written. Reading is strict: an unknown key, a reference to nothing, a cycle or a
// pattern that cannot be read is a Problem that names file, line and path, and all of them are
// reported at once. FileShape describes every field; `rubric fields rules` prints it.
package rule
