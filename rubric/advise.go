package rubric

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"firedrill/rubric/rule"
)

// linter looks for what a rubric that can be used may still get wrong. None of it keeps a
// rubric from being loaded: a release stays readable when the linter learns something new.
type linter struct {
	*decoded
	know Knowledge
	out  []Problem
}

func (l *linter) run(fsys fs.FS, name string) ([]Problem, error) {
	l.duplicates()
	l.impossible()
	l.examples()
	l.wording()
	l.judged()
	if exam := l.rubric.Exam; l.know.Probes != nil && l.know.Probes(exam) == nil {
		l.warn("exam", "correct its name; `rubric lint --probes` names the probes of one of your own",
			"nothing is known of the exam %q, so probes are not checked", exam)
	}
	if l.rubric.Pass == 0 {
		l.warn("pass", "set the points that a pass needs", "everybody passes")
	}
	if err := l.corpus(); err != nil {
		return l.out, err
	}
	return l.out, l.version(fsys, name)
}

func (l *linter) report(path, hint, format string, args ...any) {
	l.out = append(l.out, Problem{File: l.file, Line: l.doc.Line(path), Path: path,
		Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (l *linter) warn(path, hint, format string, args ...any) {
	l.report(path, hint, format, args...)
	l.out[len(l.out)-1].Warning = true
}

// each calls f for every criterion with its path.
func (l *linter) each(f func(path string, c Criterion)) {
	for g, group := range l.rubric.Groups {
		for i, c := range group.Criteria {
			f(fmt.Sprintf("groups[%d].criteria[%d]", g, i), c)
		}
	}
}

// duplicates reports criteria that are judged by the same thing: one fact earns once.
func (l *linter) duplicates() {
	judges, titles := map[string]string{}, map[string]string{}
	l.each(func(path string, c Criterion) {
		if first, twice := judges[c.judgedBy()]; twice && c.judgedBy() != "" {
			l.report(path, "take one of them out, or let another rule or condition decide it",
				"is judged by the same as %q", first)
		}
		judges[c.judgedBy()] = c.ID
		title := strings.ToLower(c.Title)
		if first, twice := titles[title]; twice {
			l.warn(path+".title", "say what tells them apart", "%q has the same title", first)
		}
		titles[title] = c.ID
	})
}

// judgedBy spells what decides about the criterion; empty for an examiner, who may look at
// several things.
func (c Criterion) judgedBy() string {
	switch c.Source {
	case FromNotes:
		return "rule " + c.Rule
	case FromProbe:
		var when []string
		for _, w := range c.Steps[0].When {
			when = append(when, w.String())
		}
		slices.Sort(when)
		return strings.Join(when, "; ")
	case FromClaims:
		ids := slices.Sorted(slices.Values(c.Claims))
		return "claims " + c.Verdict + " " + strings.Join(ids, " ")
	}
	return ""
}

// impossible reports steps whose conditions exclude each other.
func (l *linter) impossible() {
	l.each(func(path string, c Criterion) {
		for s, step := range c.Steps {
			at := fmt.Sprintf("%s.steps[%d]", path, s)
			for i, one := range step.When {
				for _, other := range step.When[:i+1] {
					if one.excludes(other) || other.excludes(one) {
						l.report(checker{decoded: l.decoded}.written(at, i),
							"lower one limit or raise the other", "can never hold together with %s", other)
						break
					}
				}
			}
		}
	})
}

// excludes reports whether at least of c and at most of the other leave nothing between.
func (c Condition) excludes(other Condition) bool {
	return c.Probe == other.Probe && c.Count == other.Count && c.Of == other.Of &&
		c.AtLeast != nil && other.AtMost != nil &&
		c.AtLeast.compare(other.AtMost.Num, other.AtMost.Den) < 0
}

// examples reports rules of the rubric's own without examples, and those that nothing uses.
func (l *linter) examples() {
	if l.rubric.Rules == nil {
		return
	}
	tell := func(k *rule.Criterion, warning bool, hint, format string, args ...any) {
		l.out = append(l.out, Problem{File: k.ID.File, Line: k.ID.Line, Path: k.ID.Path, Hint: hint,
			Message: fmt.Sprintf(format, args...), Warning: warning})
	}
	for _, k := range slices.Concat(l.rubric.Rules.Criteria, l.rubric.Rules.Claims) {
		claim := slices.Contains(l.rubric.Rules.Claims, k)
		switch {
		case l.rubric.Base.holds(k.ID.File):
		case !claim && !l.rubric.uses(k.ID.Value):
			tell(k, true, "take it out, or name it in a criterion of source notes",
				"no criterion uses the rule %q", k.ID.Value)
		case len(k.For) == 0 || len(k.Not) == 0:
			tell(k, false, "write short notes that must and must not meet it under `examples`",
				"%q has no examples %s", k.ID.Value, missing(k))
		}
	}
}

func missing(k *rule.Criterion) string {
	switch {
	case len(k.For) > 0:
		return "against it"
	case len(k.Not) > 0:
		return "for it"
	}
	return "for or against it"
}

// judged reports examples that the rules get wrong.
func (l *linter) judged() {
	if l.know.Examples == nil {
		return
	}
	for _, err := range l.know.Examples(l.rubric) {
		for _, p := range ruleProblems(err) {
			if l.rubric.Base.holds(p.File) {
				continue
			}
			if p.Hint == "" {
				p.Hint = "correct the rule or the example; `grader explain` shows why a rule fired or not"
			}
			l.out = append(l.out, p)
		}
	}
}

// wording reports texts for the candidate that say what is to be found.
func (l *linter) wording() {
	l.each(func(path string, c Criterion) {
		var leaks []string
		if l.know.Leaks != nil {
			leaks = l.know.Leaks(l.rubric.Exam, c.Candidate)
		}
		for _, w := range l.secretWords(c) {
			if strings.Contains(strings.ToLower(c.Candidate), strings.ToLower(w)) {
				leaks = append(leaks, fmt.Sprintf("%q is a name from the grading", w))
			}
		}
		if phrase := sharedPhrase(c.Candidate, c.Title); phrase != "" && len(leaks) == 0 {
			leaks = append(leaks, fmt.Sprintf("%q stands in the examiner's title", phrase))
		}
		for _, leak := range slices.Compact(leaks) {
			l.report(path+".candidate", "say what is looked at, not what is to be found",
				"tells a candidate too much: %s", leak)
		}
	})
}

// secretWords are names that say what is looked for: of probes, counts and rules.
func (l *linter) secretWords(c Criterion) []string {
	out := []string{c.ID, c.Rule}
	for _, s := range c.Steps {
		for _, w := range s.When {
			out = append(out, append(w.counts(), w.Probe)...)
		}
	}
	return slices.DeleteFunc(out, func(w string) bool { return !strings.ContainsAny(w, "._-") })
}

// longest run of words that a candidate's text may share with the examiner's.
const sharedWords = 4

// sharedPhrase gives a run of words that both texts hold, longer than that.
func sharedPhrase(candidate, title string) string {
	words := strings.FieldsFunc(strings.ToLower(candidate), notWord)
	other := " " + strings.Join(strings.FieldsFunc(strings.ToLower(title), notWord), " ") + " "
	for i := 0; i+sharedWords < len(words); i++ {
		if phrase := strings.Join(words[i:i+sharedWords+1], " "); strings.Contains(other, " "+phrase+" ") {
			return phrase
		}
	}
	return ""
}

func notWord(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '\'' || r > 0x7f)
}

// version reports a rubric that is not what was released under its version.
func (l *linter) version(fsys fs.FS, name string) error {
	all, err := Releases(fsys, name)
	if err != nil {
		return err
	}
	for _, r := range slices.Backward(all) {
		if r.Version == l.rubric.Version && r.Hash != l.rubric.Hash {
			l.report("version", "raise it: "+strings.Join(l.rubric.raised(), ", ")+
				"; `rubric release` does so and stamps it",
				"changed since %s was released on %s, but has the same version", r.Version, r.Date)
			return nil
		}
	}
	if n := len(all); n > 0 && compareVersions(l.rubric.Version, all[n-1].Version) < 0 {
		l.report("version", "raise it above "+all[n-1].Version,
			"is below %s, which was released on %s", all[n-1].Version, all[n-1].Date)
	}
	return nil
}

// raised are the versions that may follow.
func (r *Rubric) raised() []string {
	var major, minor, patch int
	if _, err := fmt.Sscanf(r.Version, "%d.%d.%d", &major, &minor, &patch); err != nil {
		return nil
	}
	return []string{fmt.Sprintf("%d.%d.%d", major, minor, patch+1),
		fmt.Sprintf("%d.%d.0", major, minor+1), fmt.Sprintf("%d.0.0", major+1)}
}

// Corpus is what a rubric's rules found in notes.
type Corpus struct {
	// Texts is how many were read, Whole how many of them, the first, are whole notes; the
	// others are short pieces.
	Texts, Whole int
	Fired        []Fired
}

// Fired is what the rules of one criterion found.
type Fired struct {
	Criterion string
	// Rules counts, for each rule under `met` in its order, the texts on which it fired.
	Rules []int
	// Met gives the lines that carry the decision, by the number of the text from 0.
	Met map[int][]int
}

const (
	// leastWhole is how many notes a corpus needs for "always" to mean something, and
	// leastShared how often two criteria must be met together for "the same".
	leastWhole  = 10
	leastShared = 5
)

// corpus reports rules that never or always fire, and criteria that the same sentences meet.
func (l *linter) corpus() error {
	if l.know.Corpus == nil || l.rubric.Rules == nil {
		return nil
	}
	found, err := l.know.Corpus(l.rubric)
	if err != nil || found.Texts == 0 {
		return err
	}
	at := map[string]string{}
	l.each(func(path string, c Criterion) { at[c.Rule] = path })
	for i, f := range found.Fired {
		path, used := at[f.Criterion]
		if !used || f.Criterion == "" {
			continue
		}
		l.fires(path, f, found)
		for _, other := range found.Fired[:i] {
			if _, used := at[other.Criterion]; used && len(f.Met) >= leastShared && sameStatements(f, other) {
				l.warn(path, "let one of them ask for more, or put the points on one",
					"overlaps: the same sentences always meet it and %q", other.Criterion)
			}
		}
	}
	return nil
}

func (l *linter) fires(path string, f Fired, found Corpus) {
	whole := 0
	for n := range f.Met {
		if n < found.Whole {
			whole++
		}
	}
	switch {
	case len(f.Met) == 0:
		l.warn(path, "widen its rules, or add notes to the corpus that meet it",
			"never fires: none of %d texts meets it", found.Texts)
		return
	case whole == found.Whole && whole >= leastWhole:
		l.warn(path, "ask for more, or add notes to the corpus that do not meet it",
			"always fires: all %d notes meet it", whole)
	}
	k := l.rubric.Rules.Criterion(f.Criterion)
	if k == nil || l.rubric.Base.holds(k.ID.File) {
		return
	}
	for i, n := range f.Rules {
		if n == 0 && i < len(k.Met) {
			name := k.Met[i].Name
			l.out = append(l.out, Problem{File: name.File, Line: name.Line, Path: name.Path, Warning: true,
				Message: fmt.Sprintf("rule %q never fires on %d texts", name.Value, found.Texts),
				Hint:    "take it out, or write an example that needs it"})
		}
	}
}

// sameStatements reports whether two criteria are met by the same lines of the same texts.
func sameStatements(a, b Fired) bool {
	if len(a.Met) != len(b.Met) {
		return false
	}
	for n, lines := range a.Met {
		if !slices.Equal(lines, b.Met[n]) {
			return false
		}
	}
	return true
}
