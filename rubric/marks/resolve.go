package marks

import (
	"fmt"
	"slices"
	"strings"

	"firedrill/rubric"
)

// Resolve gives the one decision on each criterion that counts, with all that led to it, in
// the order in which criteria were first decided.
func (s *Sheet) Resolve() []rubric.Mark {
	var order []string
	of := map[string][]Entry{}
	for _, e := range s.Entries {
		if len(of[e.Criterion]) == 0 {
			order = append(order, e.Criterion)
		}
		of[e.Criterion] = append(of[e.Criterion], e)
	}
	var out []rubric.Mark
	for _, id := range order {
		out = append(out, resolve(of[id]))
	}
	return out
}

// resolve decides one criterion.
func resolve(entries []Entry) rubric.Mark {
	for i := len(entries) - 1; i >= 0; i-- {
		if entries[i].Decides {
			return counting(entries, i)
		}
	}
	said := current(entries)
	valid := slices.DeleteFunc(slices.Clone(said), func(i int) bool { return entries[i].Withdrawn })
	if len(valid) == 0 {
		return counting(entries, len(entries)-1)
	}
	last := valid[len(valid)-1]
	if !slices.ContainsFunc(valid, func(i int) bool { return !same(entries[i].Mark, entries[last].Mark) }) {
		return counting(entries, last)
	}
	var told []string
	for _, i := range valid {
		told = append(told, entries[i].By+" says "+entries[i].Spelled())
	}
	return rubric.Mark{Criterion: entries[0].Criterion, Earlier: history(entries, -1),
		Disputed: strings.Join(told, ", ") + "; a third decides"}
}

// counting is entry i with the others as its history.
func counting(entries []Entry, i int) rubric.Mark {
	out := entries[i].Mark
	out.Earlier = history(entries, i)
	return out
}

func history(entries []Entry, but int) []rubric.Mark {
	var out []rubric.Mark
	for i, e := range entries {
		if i != but {
			out = append(out, e.Mark)
		}
	}
	return out
}

// current gives the place of each person's last entry, in order.
func current(entries []Entry) []int {
	var out []int
	for i, e := range entries {
		later := slices.ContainsFunc(entries[i+1:], func(o Entry) bool { return o.By == e.By })
		if !later {
			out = append(out, i)
		}
	}
	return out
}

func same(a, b rubric.Mark) bool { return a.Points == b.Points && a.Outcome == b.Outcome }

// Join puts several people's sheets of one submission together, by the order of the sheets;
// what was noted of its conduct must be the same in all.
func Join(sheets ...*Sheet) (*Sheet, error) {
	out := *sheets[0]
	out.Entries = slices.Clone(out.Entries)
	for _, s := range sheets[1:] {
		if s.Submission != out.Submission {
			return nil, fmt.Errorf("%s is about %s, and %s about %s", out.File, out.Submission, s.File, s.Submission)
		}
		switch {
		case out.Conduct == nil:
			out.Conduct = s.Conduct
		case s.Conduct != nil && (!slices.Equal(s.Conduct.Hints, out.Conduct.Hints) || s.Conduct.Minutes != out.Conduct.Minutes):
			return nil, fmt.Errorf("%s and %s do not note the same hints and time", out.File, s.File)
		}
		out.Entries = append(out.Entries, s.Entries...)
	}
	return &out, nil
}
