package hostile

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"firedrill/grader"
	"firedrill/rubric"
)

// maxGraderMemory bounds the process that grades, in bytes.
const maxGraderMemory = 300 << 20

// judge says what is not as it must be; nothing when the case ended as expected. against is
// the grade that the submission is held against, in the same scope.
func judge(c Case, s *Seen, against rubric.Grade) []string {
	j := &judgement{c: c, s: s, against: against}
	j.invariants()
	j.class()
	for _, want := range c.Want.Says {
		j.must(strings.Contains(s.Log, want), "the program did not say %q", want)
	}
	for _, never := range c.Want.Never {
		for line := range strings.Lines(s.Log) {
			j.must(!strings.Contains(line, never), "the program said %q", strings.TrimSpace(line))
		}
	}
	if c.Want.Check != nil && (s.Report != nil || c.Want.Class == Rejected) {
		if err := c.Want.Check(s); err != nil {
			j.must(false, "%v", err)
		}
	}
	return j.wrong
}

type judgement struct {
	c       Case
	s       *Seen
	against rubric.Grade
	wrong   []string
}

func (j *judgement) must(ok bool, format string, args ...any) {
	if !ok {
		j.wrong = append(j.wrong, fmt.Sprintf(format, args...))
	}
}

// invariants hold after every case.
func (j *judgement) invariants() {
	s := j.s
	j.must(!s.Leaked, "a secret of the host was read")
	for what, text := range map[string]string{
		"report.json": string(s.JSON), "the printed report": s.Text, "the error": s.Err, "the log": s.Log,
	} {
		j.must(!strings.Contains(text, canaryToken), "a secret of the host is in %s", what)
	}
	for what, text := range map[string]string{
		"report.json": string(s.JSON), "the printed report": s.Text, "the error": s.Err,
	} {
		i := strings.IndexFunc(text, acts)
		if i >= 0 {
			j.must(false, "%s holds %q", what, text[i:min(len(text), i+4)])
		}
	}
	j.must(len(s.JSON) == 0 || json.Valid(s.JSON), "report.json is not JSON")
	j.must(!s.Unchecked, "part could not be checked: %s", s.Err)
	for _, c := range s.Containers {
		for _, wrong := range c.Wrong {
			j.must(false, "container %s: %s", c.Name, wrong)
		}
	}
	j.must(len(s.Written) == 0, "written outside: %v", s.Written)
	j.must(len(s.Left) == 0, "left in the engine: %v", s.Left)
	for _, odd := range s.Odd {
		j.must(false, "%s", odd)
	}
	j.must(s.Grown < maxGrowth, "%d MB were left on the disk", s.Grown>>20)
	j.exit()
	j.must(s.MaxRSS < maxGraderMemory, "the grader took %d MB", s.MaxRSS>>20)
	j.must(s.Reached == 0, "%d connections reached the host", s.Reached)
	if j.c.Docker() && s.Report != nil {
		j.must(len(s.Containers) > 0, "no container was seen")
		for _, r := range s.Report.Criteria {
			// Of probes that are not in the case's scope there is no observation.
			if r.Source == rubric.FromProbe && r.Outcome == rubric.NotGradable {
				j.must(strings.HasPrefix(r.Reason, "there is no observation") || j.c.Scope == FirstProbe && r.ID != "service.payments",
					"%s could not be checked: %s", r.ID, r.Reason)
			}
		}
	}
}

// exit holds the command's code to what became of the submission.
func (j *judgement) exit() {
	want := grader.ExitDone
	switch {
	case j.s.Report == nil && j.s.Reason != "":
		want = grader.ExitSubmission
	case j.s.Unchecked:
		want = grader.ExitUnchecked
	}
	j.must(!j.s.Commanded || j.s.Exit == want, "the command ended with %d, want %d: %s", j.s.Exit, want, j.s.Err)
}

// acts reports whether a character does something else than show itself.
func acts(r rune) bool {
	return r != '\n' && (r == utf8.RuneError || !unicode.IsGraphic(r)) && r != '\uFFFD'
}

// class holds the outcome against the expected class.
func (j *judgement) class() {
	s, w := j.s, j.c.Want
	if w.Class == Rejected || w.Class == Harmless && s.Report == nil {
		j.must(s.Report == nil && s.Reason != "", "it was not rejected (%s)", s.Err)
		j.must(w.Class == Harmless || s.Reason == w.Reason, "rejected as %q, want %q", s.Reason, w.Reason)
		return
	}
	if s.Report == nil {
		j.must(false, "there is no grade: %s", s.Err)
		return
	}
	switch w.Class {
	case AsUsual:
		j.same()
		j.must(w.Reason == "" || j.noticed(w.Reason), "no notice says %q", w.Reason)
	case Harmless, NoGain:
		j.noGain()
	case NotApplied:
		j.same()
		j.notApplied()
	case BuildFailed:
		j.serviceLost()
		j.must(j.noticed(w.Reason), "no notice says %q: %v", w.Reason, s.Report.Notices)
	case ServiceFailed:
		j.serviceLost()
	}
}

// same wants every criterion as in the grade that it is held against.
func (j *judgement) same() {
	for i, r := range j.s.Report.Criteria {
		a := j.against.Criteria[i]
		j.must(r.Outcome == a.Outcome && r.Points == a.Points, "%s: %s with %d points, usually %s with %d: %s",
			r.ID, r.Outcome, r.Points, a.Outcome, a.Points, r.Reason)
	}
}

// noGain wants no criterion above the grade that it is held against.
func (j *judgement) noGain() {
	for i, r := range j.s.Report.Criteria {
		a := j.against.Criteria[i]
		attacked := len(j.c.Want.Attacked) == 0 || slices.ContainsFunc(j.c.Want.Attacked,
			func(prefix string) bool { return strings.HasPrefix(r.ID, prefix) })
		j.must(!attacked || r.Points <= a.Points, "%s: %d points, %d without the trick: %s",
			r.ID, r.Points, a.Points, r.Reason)
		j.must(!attacked || r.Highest <= a.Highest || r.Outcome == rubric.NeedsReview,
			"%s: up to %d points, %d without the trick: %s", r.ID, r.Highest, a.Highest, r.Reason)
	}
}

// notApplied wants changes of the compose file, and all of them listed as not applied.
func (j *judgement) notApplied() {
	told := false
	for _, set := range j.s.Report.Settings {
		j.must(!set.Applied, "%s is applied", set.Path)
		told = told || strings.Contains(set.Reason, j.c.Want.Reason)
	}
	j.must(told, "no change is listed as not applied with %q: %v", j.c.Want.Reason, j.s.Report.Settings)
}

func (j *judgement) noticed(text string) bool {
	for _, n := range j.s.Report.Notices {
		if strings.Contains(n.Text+"\n"+n.Output, text) {
			return true
		}
	}
	return false
}

// serviceLost wants the service's points gone by its own fault and the notes' as they are.
func (j *judgement) serviceLost() {
	said := j.c.Want.Reason == "" || j.c.Want.Class == BuildFailed
	for i, r := range j.s.Report.Criteria {
		switch r.Source {
		case rubric.FromNotes:
			a := j.against.Criteria[i]
			j.must(r.Points == a.Points, "%s: %d points, usually %d", r.ID, r.Points, a.Points)
		case rubric.FromProbe:
			if r.Outcome != rubric.NotGradable { // out of scope; see invariants
				j.must(r.Outcome == rubric.NotMet, "%s is %s", r.ID, r.Outcome)
			}
			for _, e := range r.Evidence {
				said = said || strings.Contains(e.Reason, j.c.Want.Reason)
			}
		}
	}
	j.must(said, "no criterion says %q", j.c.Want.Reason)
}
