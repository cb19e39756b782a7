package regrade_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"firedrill/grader/notes"
	"firedrill/grader/regrade"
	"firedrill/grader/report"
	"firedrill/rubric"
)

// rubrics gives the shipped rubric after replacements in its file.
func shipped(t testing.TB, file string, edits ...[2]string) *rubric.Rubric {
	t.Helper()
	files := fstest.MapFS{}
	dir, err := fs.Sub(rubric.Shipped(), "payment")
	require.NoError(t, err)
	names, err := fs.Glob(dir, "*.*")
	require.NoError(t, err)
	for _, name := range names {
		data, err := fs.ReadFile(dir, name)
		require.NoError(t, err)
		files[name] = &fstest.MapFile{Data: data}
	}
	for _, e := range edits {
		require.Contains(t, string(files[file].Data), e[0])
		files[file].Data = bytes.Replace(files[file].Data, []byte(e[0]), []byte(e[1]), 1)
	}
	r, err := rubric.Load(files, "payment.yaml")
	require.NoError(t, err)
	return r
}

const example = "../../examples/submissions/degraded-mode.record.json"

// season writes n reports' directories with records of the examples, graded under r.
func season(t testing.TB, r *rubric.Rubric, n int) string {
	t.Helper()
	files, err := filepath.Glob("../../examples/submissions/*.record.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	reader := regrade.New(r, notes.Options{})
	dir := t.TempDir()
	for i, file := range files {
		rec, err := report.ReadRecord(file)
		require.NoError(t, err)
		in, said := reader.Inputs(rec)
		rec.Findings, rec.Said = in.Findings, said
		rec.Rubric = rubric.Score(r, in).Rubric
		data, err := rec.JSON()
		require.NoError(t, err)
		for k := i; k < n; k += len(files) {
			to := filepath.Join(dir, fmt.Sprintf("candidate-%04d-report", k))
			require.NoError(t, os.Mkdir(to, 0o755))
			require.NoError(t, os.WriteFile(filepath.Join(to, report.RecordName), data, 0o644))
		}
	}
	return dir
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	put := func(name string) {
		full := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(full), 0o755))
		require.NoError(t, os.WriteFile(full, []byte("{}"), 0o644))
	}
	put("season/jane-report/record.json")
	put("season/bo-report/record.json")
	put("season/old-report/report.json")
	put("season/eve/incident-notes.md")
	put("season/eve/eve-report/record.json") // the candidate's
	require.NoError(t, os.Symlink(filepath.Join(dir, "season/jane-report"), filepath.Join(dir, "season/link-report")))
	c, err := regrade.Find(dir, filepath.Join(dir, "season", "jane-report"))
	require.NoError(t, err)
	require.Equal(t, []string{filepath.Join(dir, "season/bo-report"), filepath.Join(dir, "season/jane-report")}, c.Dirs)
	require.Equal(t, []string{filepath.Join(dir, "season/old-report")}, c.Without)
	require.Equal(t, "jane", regrade.Name(c.Dirs[1]))

	_, err = regrade.Find(filepath.Join(dir, "season", "eve"))
	require.ErrorIs(t, err, regrade.ErrNoRecords)
	_, err = regrade.Find(filepath.Join(dir, "nowhere"))
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// TestRecordedFindingsStand: under its own version a record keeps what was found then, and
// under one with other rules the notes are read anew.
func TestRecordedFindingsStand(t *testing.T) {
	own := shipped(t, "payment.yaml")
	rec, err := report.ReadRecord(example)
	require.NoError(t, err)
	rec.Rubric.Hash = own.Hash
	rec.Findings = []rubric.Finding{{Criterion: "cause.dns", Outcome: rubric.NeedsReview, Reason: "as it was"}}
	outcome := func(g *regrade.Grader) rubric.Outcome {
		for _, c := range g.Grade(rec).Criteria {
			if c.ID == "cause.dns" {
				return c.Outcome
			}
		}
		return ""
	}
	require.Equal(t, rubric.NeedsReview, outcome(regrade.New(own, notes.Options{})))

	points := shipped(t, "payment.yaml", [2]string{"pass: 60", "pass: 50"})
	require.Equal(t, rubric.NeedsReview, outcome(regrade.New(points, notes.Options{}, own)), "the rules are the same")
	require.Equal(t, rubric.Met, outcome(regrade.New(points, notes.Options{})), "nobody says that they are")

	words := shipped(t, "notes.yaml", [2]string{"within: 26", "within: 25"})
	require.Equal(t, rubric.Met, outcome(regrade.New(words, notes.Options{}, own)))
}

// TestWhatARecordDoesNotHold is not gradable, and costs nothing.
func TestWhatARecordDoesNotHold(t *testing.T) {
	r := shipped(t, "payment.yaml",
		[2]string{"probe: relapsed.repeated", "probe: relapsed.tomorrow"},
		[2]string{"{count: largest_dollars, at_most: 1000}", "{count: smallest_dollars, at_most: 1000}"})
	rec, err := report.ReadRecord(example)
	require.NoError(t, err)
	g := regrade.New(r, notes.Options{}).Grade(rec)
	require.Equal(t, 88, g.Points)
	require.Equal(t, 100, g.Highest)
	for _, c := range g.Criteria {
		if c.ID == "service.repeated" || c.ID == "service.amounts" {
			require.Equal(t, rubric.NotGradable, c.Outcome)
			require.Equal(t, 1, c.Highest)
		}
	}
}

func TestCompare(t *testing.T) {
	old := shipped(t, "payment.yaml")
	tighter := shipped(t, "payment.yaml",
		[2]string{"pass: 60", "pass: 95"},
		[2]string{"id: service.repeated", "id: service.alike"},
		[2]string{"{count: exposed_dollars, at_most: 300}", "{count: exposed_dollars, at_most: 1}"})
	c, err := regrade.Find(season(t, old, 14))
	require.NoError(t, err)
	shifts, err := regrade.Compare(t.Context(), c, regrade.New(old, notes.Options{}),
		regrade.New(tighter, notes.Options{}, old))
	require.NoError(t, err)
	require.Len(t, shifts, 14)
	strong := shifts[4] // degraded-mode
	require.Equal(t, "candidate-0004", strong.Name)
	require.True(t, strong.Crosses)
	require.Equal(t, rubric.Passed, strong.Old.State)
	require.Equal(t, rubric.Open, strong.New.State, "the examiner's marks decide now")
	require.Len(t, strong.Moved, 2)
	require.Equal(t, "service.alike", strong.Moved[0].Criterion)
	require.Nil(t, strong.Moved[0].Old)
	require.Equal(t, 1, strong.Moved[0].By())
	require.Equal(t, "service.repeated", strong.Moved[1].Criterion)
	require.Equal(t, -1, strong.Moved[1].By())

	same, err := regrade.Compare(t.Context(), c, regrade.New(old, notes.Options{}), regrade.New(old, notes.Options{}))
	require.NoError(t, err)
	for _, s := range same {
		require.False(t, s.Changed(), s.Name)
	}
}

// BenchmarkRegrade compares a season under two rubrics: with the rules that read the notes,
// and with others, for which every text is read anew.
func BenchmarkRegrade(b *testing.B) {
	old := shipped(b, "payment.yaml")
	for name, changed := range map[string]*rubric.Rubric{
		"points": shipped(b, "payment.yaml", [2]string{"pass: 60", "pass: 50"}),
		"rules":  shipped(b, "notes.yaml", [2]string{"within: 26", "within: 25"}),
	} {
		for _, n := range []int{10, 100, 1000} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				c, err := regrade.Find(season(b, old, n))
				require.NoError(b, err)
				before, after := regrade.New(old, notes.Options{}), regrade.New(changed, notes.Options{}, old)
				for b.Loop() {
					shifts, err := regrade.Compare(b.Context(), c, before, after)
					require.NoError(b, err)
					require.Len(b, shifts, n)
				}
			})
		}
	}
}
