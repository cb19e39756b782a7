package regrade

import (
	"context"

	"firedrill/grader/report"
	"firedrill/rubric"
)

// Totals are a grade in short.
type Totals struct {
	Points  int          `json:"points"`
	Lowest  int          `json:"lowest"`
	Highest int          `json:"highest"`
	Of      int          `json:"of"`
	Pass    int          `json:"pass"`
	State   rubric.State `json:"state"`
}

func totals(g rubric.Grade) Totals {
	return Totals{g.Points, g.Lowest, g.Highest, g.Of, g.Pass, g.State}
}

// Standing is where a submission stands on one criterion; nil stands for a rubric that does
// not have it.
type Standing struct {
	Outcome rubric.Outcome `json:"outcome"`
	Points  int            `json:"points"`
	Lowest  int            `json:"lowest"`
	Highest int            `json:"highest"`
	// Reason says why.
	Reason string `json:"reason"`
}

// nothing reports that no points hang on it.
func (s Standing) nothing() bool { return s.Points == 0 && s.Lowest == 0 && s.Highest == 0 }

// Moved is a criterion on which two rubrics give a submission different points or outcomes.
type Moved struct {
	Criterion string    `json:"criterion"`
	Old       *Standing `json:"old"`
	New       *Standing `json:"new"`
}

// By is how many points the submission gains by it, so far.
func (m Moved) By() int {
	by := 0
	if m.New != nil {
		by = m.New.Points
	}
	if m.Old != nil {
		by -= m.Old.Points
	}
	return by
}

// Shift is what a change of rubrics does to one submission.
type Shift struct {
	Name string `json:"name"`
	// Hash names the submission by its content.
	Hash string `json:"hash"`
	Old  Totals `json:"old"`
	New  Totals `json:"new"`
	// Crosses tells that the state against the pass line is another.
	Crosses bool    `json:"crosses"`
	Moved   []Moved `json:"moved"`
}

// Changed reports whether the submission gets anything else; another pass line alone is not,
// unless it crosses it.
func (s Shift) Changed() bool {
	return s.Crosses || len(s.Moved) > 0 || s.Old.Points != s.New.Points ||
		s.Old.Lowest != s.New.Lowest || s.Old.Highest != s.New.Highest || s.Old.Of != s.New.Of
}

// Compare scores a cohort under two rubrics. The shifts are in the order of the cohort's
// directories, one for every submission, changed or not.
func Compare(ctx context.Context, c Cohort, old, new *Grader) ([]Shift, error) {
	out := make([]Shift, len(c.Dirs))
	err := c.Each(ctx, func(i int, rec *report.Record) error {
		before, after := old.Grade(rec), new.Grade(rec)
		out[i] = Shift{Name: Name(c.Dirs[i]), Hash: rec.Submission.Hash,
			Old: totals(before), New: totals(after), Crosses: before.State != after.State,
			Moved: moved(before, after)}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// moved lists the criteria that differ: the new rubric's in its order, then those that it
// dropped. One that comes or goes and gives nothing is none.
func moved(before, after rubric.Grade) []Moved {
	out := []Moved{}
	olds := standings(before)
	for _, c := range after.Criteria {
		now := standing(c)
		was, ok := olds[c.ID]
		delete(olds, c.ID)
		switch {
		case !ok && now.nothing():
		case !ok:
			out = append(out, Moved{Criterion: c.ID, New: &now})
		case was.Outcome != now.Outcome || was.Points != now.Points ||
			was.Lowest != now.Lowest || was.Highest != now.Highest:
			out = append(out, Moved{Criterion: c.ID, Old: &was, New: &now})
		}
	}
	for _, c := range before.Criteria {
		if was, ok := olds[c.ID]; ok && !was.nothing() {
			out = append(out, Moved{Criterion: c.ID, Old: &was})
		}
	}
	return out
}

func standings(g rubric.Grade) map[string]Standing {
	out := map[string]Standing{}
	for _, c := range g.Criteria {
		out[c.ID] = standing(c)
	}
	return out
}

func standing(c rubric.Result) Standing {
	return Standing{c.Outcome, c.Points, c.Lowest, c.Highest, c.Reason}
}
