package marks_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/rubric"
	"firedrill/rubric/marks"
)

const head = "marks: 1\nsubmission: jane\nentries:\n"

// entry writes one line of entries.
func entry(criterion, said, by string, when int) string {
	return fmt.Sprintf("  - {criterion: %s, %s, by: %s, when: 2026-05-%02d, why: seen so}\n", criterion, said, by, when)
}

func parse(t *testing.T, text string) *marks.Sheet {
	t.Helper()
	s, err := marks.Parse("jane-marks.yaml", []byte(text))
	require.NoError(t, err)
	return s
}

func shipped(t *testing.T) *rubric.Rubric {
	t.Helper()
	r, err := rubric.Load(rubric.Shipped(), "payment/payment.yaml")
	require.NoError(t, err)
	return r
}

func TestRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "jane-marks.yaml")
	require.NoError(t, os.WriteFile(file, []byte(`marks: 1
submission: jane
conduct:
  hints: ["1", "4"]
  minutes: 44
  by: ada
  when: 2026-05-04T10:44:00Z
entries:
  - criterion: examiner.approach
    points: 4
    by: ada
    when: 2026-05-04T11:00:00Z
    why: looked first
  - criterion: cause.dns
    outcome: met
    by: ada
    when: 2026-05-04T11:05:00Z
    why: line 14 says it in Polish
`), 0o644))
	s, err := marks.Read(file)
	require.NoError(t, err)
	require.Equal(t, "jane", s.Submission)
	require.Equal(t, &rubric.Conduct{Hints: []string{"1", "4"}, Minutes: 44, By: "ada", When: "2026-05-04T10:44:00Z"}, s.Conduct)
	require.Equal(t, 9, s.Entries[0].Line)
	require.Equal(t, []rubric.Mark{
		{Criterion: "examiner.approach", Points: 4, By: "ada", When: "2026-05-04T11:00:00Z", Why: "looked first"},
		{Criterion: "cause.dns", Outcome: rubric.Met, By: "ada", When: "2026-05-04T11:05:00Z", Why: "line 14 says it in Polish"},
	}, s.Resolve())
	require.NoError(t, s.Check(shipped(t)))
	require.Nil(t, parse(t, "marks: 1\nsubmission: jane\nconduct: {by: ada, when: 2026-05-04}\n").Conduct.Hints)
	require.NotNil(t, parse(t, "marks: 1\nsubmission: jane\nconduct: {hints: [], by: ada, when: 2026-05-04}\n").Conduct.Hints)
}

func TestProblems(t *testing.T) {
	for text, want := range map[string][]string{
		"marks: 2\nsubmission: jane\n":             {`jane-marks.yaml:1: marks: version "2" of the form is not known`, "hint: begin with"},
		"marks: 1\n":                               {"`submission` is missing"},
		"marks: 1\nsubmission: jane\nentrys: []\n": {"jane-marks.yaml:3: entrys: unknown field", "did you mean `entries`?"},
		head + "  - {criterion: a, by: ada, when: 2026-05-04, why: x}\n":                            {"jane-marks.yaml:4: entries[0]: needs either points, outcome or withdrawn"},
		head + entry("a", "points: 1, outcome: met", "ada", 4):                                      {"needs either points"},
		head + entry("a", "outcome: needs_review", "ada", 4):                                        {`unknown outcome "needs_review"`},
		head + entry("a", "withdrawn: true, decides: true", "ada", 4):                               {"cannot decide and be withdrawn"},
		head + "  - {criterion: a, points: 1, by: ada, when: yesterday, why: x}\n":                  {`"yesterday" is no date`},
		head + "  - {criterion: a, points: 1, when: 2026-05-04}\n":                                  {"`by` is missing", "`why` is missing"},
		head + entry("a", "points: 1", "ada", 4) + entry("b", "points: 1", "ada", 3):                {"jane-marks.yaml:5: entries[1]: is dated before the entry above it"},
		head + entry("a", "points: 1", "ada", 4) + entry("a", "points: 2, decides: true", "ada", 5): {"ada marked a before"},
		head + entry("a", "points: 2, decides: true", "cy", 4) + entry("a", "points: 1", "ada", 5):  {"a was decided by cy"},
		"marks: 1\nsubmission: jane\nconduct: {minutes: 0, by: ada, when: 2026-05-04}\n":            {"must be at least 1"},
	} {
		_, err := marks.Parse("jane-marks.yaml", []byte(text))
		for _, w := range want {
			require.ErrorContains(t, err, w, text)
		}
	}
}

func TestCheck(t *testing.T) {
	s := parse(t, "marks: 1\nsubmission: jane\nconduct: {hints: [\"1\"], by: ada, when: 2026-05-04}\nentries:\n"+
		entry("cause.dsn", "outcome: met", "ada", 4)+
		entry("examiner.approach", "points: 3", "ada", 4)+
		entry("examiner.approach", "outcome: met", "ada", 4)+
		entry("service.payments", "points: 5", "ada", 4)+
		entry("service.payments", "points: 4", "ada", 4)+
		entry("cause.wrong", "outcome: met", "ada", 4))
	err := s.Check(shipped(t))
	require.ErrorContains(t, err, `jane-marks.yaml:5: rubric payment`)
	require.ErrorContains(t, err, `has no criterion "cause.dsn"`)
	require.ErrorContains(t, err, "hint: one of cause.dns, ")
	require.ErrorContains(t, err, "jane-marks.yaml:6: examiner.approach does not give 3 points\n\thint: one of 0, 2, 4, 5")
	require.ErrorContains(t, err, "jane-marks.yaml:7: examiner.approach is marked on a scale")
	require.ErrorContains(t, err, "jane-marks.yaml:8: service.payments does not give 5 points\n\thint: one of 0, 2, 4, 6")
	require.NotContains(t, err.Error(), ":9:")
	require.NotContains(t, err.Error(), ":10:")
}

func TestResolve(t *testing.T) {
	one := func(lines ...string) rubric.Mark {
		all := parse(t, head+strings.Join(lines, "")).Resolve()
		require.Len(t, all, 1)
		return all[0]
	}
	m := one(entry("a", "points: 2", "ada", 4), entry("a", "points: 4", "ada", 5))
	require.Equal(t, 4, m.Points, "a person's last word counts")
	require.Len(t, m.Earlier, 1)

	m = one(entry("a", "points: 2", "ada", 4), entry("a", "points: 2", "bo", 5))
	require.Empty(t, m.Disputed, "two agree")
	require.Equal(t, "bo", m.By)

	m = one(entry("a", "points: 2", "ada", 4), entry("a", "points: 4", "bo", 5))
	require.Equal(t, "ada says 2 points, bo says 4 points; a third decides", m.Disputed)
	require.Len(t, m.Earlier, 2)

	m = one(entry("a", "points: 2", "ada", 4), entry("a", "points: 4", "bo", 5), entry("a", "points: 2", "bo", 6))
	require.Empty(t, m.Disputed, "bo was convinced")

	m = one(entry("a", "points: 2", "ada", 4), entry("a", "points: 4", "bo", 5), entry("a", "points: 5, decides: true", "cy", 6))
	require.Equal(t, 5, m.Points)
	require.Equal(t, "cy", m.By)
	require.Len(t, m.Earlier, 2)

	m = one(entry("a", "outcome: met", "ada", 4), entry("a", "withdrawn: true", "ada", 5))
	require.True(t, m.Withdrawn)

	m = one(entry("a", "points: 2", "ada", 4), entry("a", "points: 4", "bo", 5), entry("a", "withdrawn: true", "bo", 6))
	require.Empty(t, m.Disputed)
	require.Equal(t, 2, m.Points)
	require.Len(t, m.Earlier, 2)
}

func TestJoin(t *testing.T) {
	a := parse(t, head+entry("a", "points: 2", "ada", 4))
	b := parse(t, head+entry("a", "points: 4", "bo", 4))
	both, err := marks.Join(a, b)
	require.NoError(t, err)
	require.NotEmpty(t, both.Resolve()[0].Disputed)
	require.Len(t, a.Entries, 1, "the sheets stay as they are")
	b.Submission = "joan"
	_, err = marks.Join(a, b)
	require.ErrorContains(t, err, "about joan")
	b.Submission, b.Conduct = "jane", &rubric.Conduct{Minutes: 40}
	a.Conduct = &rubric.Conduct{Minutes: 41}
	_, err = marks.Join(a, b)
	require.ErrorContains(t, err, "do not note the same")
}

func TestCompare(t *testing.T) {
	var sheets []*marks.Sheet
	for i, p := range [][2]int{{0, 0}, {2, 2}, {4, 5}, {5, 5}} {
		s := parse(t, head+entry("examiner.approach", fmt.Sprintf("points: %d", p[0]), "bo", 4)+
			entry("examiner.approach", fmt.Sprintf("points: %d", p[1]), "ada", 4)+
			entry("cause.dns", "outcome: met", "ada", 4))
		s.Submission = fmt.Sprintf("candidate-%d", i)
		sheets = append(sheets, s)
	}
	decided := parse(t, head+entry("examiner.communication", "points: 2", "ada", 4)+
		entry("examiner.communication", "points: 0", "bo", 4)+
		entry("examiner.communication", "points: 0, decides: true", "cy", 5))
	agreements, dissents := marks.Compare(shipped(t), append(sheets, decided))
	require.Len(t, agreements, 2)
	first := agreements[0]
	require.Equal(t, []any{"examiner.approach", "ada", "bo", 4, 3}, []any{first.Criterion, first.A, first.B, first.N, first.Same})
	require.InDelta(t, 0.97, *first.Kappa, 0.02)
	require.Nil(t, agreements[1].Kappa, "one submission tells nothing")
	require.Equal(t, []marks.Dissent{
		{Submission: "candidate-2", Criterion: "examiner.approach", A: "ada", ASays: "5 points", B: "bo", BSays: "4 points"},
		{Submission: "jane", Criterion: "examiner.communication", A: "ada", ASays: "2 points", B: "bo", BSays: "0 points",
			Decided: "0 points", By: "cy"},
	}, dissents)
}
