// Package notes judges incident notes against a rule set, as a careful examiner
// would: by what the candidate states, not by which words occur.
//
// How notes are read:
//
//	Markdown → blocks with source lines → typed tokens → sentences and clauses
//	→ concepts (phrases of the rules) → facts → findings per criterion
//
// A sentence knows whose words it holds (own, pasted log, code, heading, template,
// copy of the exam's papers, bare list of keywords), in what kind of section it
// stands, and which of its words a negation governs. Rules combine concepts under
// such conditions; they are data, see package rubric/rule. Each finding names the
// rule that decided and the lines that carry it, and Explain shows every sentence
// that was considered.
//
// Goals: the same notes give the same findings, on any machine; time grows with
// the length of the notes; a hiring team can follow and change each decision.
//
// It does not score, does not know the exam by name, uses neither network nor
// language model, and never takes points for what looks like gaming: such text
// is not counted and is reported as a flag.
package notes
