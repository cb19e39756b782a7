package grader_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/grader"
	"firedrill/grader/report"
)

// files are those of a report's directory that tell a grade.
type files map[string]string

func readFiles(t *testing.T, dir string) files {
	t.Helper()
	out := files{}
	for _, name := range []string{report.FileName, report.RecordName, "report.html"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		out[name] = string(data)
	}
	return out
}

// TestMarksAfterAKill: the grader was killed, or the disk was full, while it brought marks into
// a grade. Wherever that was, the next start has them in the report, the record and the page.
func TestMarksAfterAKill(t *testing.T) {
	dir, out := handedIn(t), t.TempDir()
	for _, name := range []string{"no-notes", "links"} {
		require.NoError(t, os.RemoveAll(filepath.Join(dir, name)))
	}
	args := []string{"--all", dir, "--notes-only", "--rubric", short(t), "--out", out}
	code, _, said, _ := run(t, args...)
	require.Zero(t, code, said)
	at, ids := filepath.Join(out, "pristine-report"), runs(t, out)
	old := readFiles(t, at)
	write(t, filepath.Join(dir, "pristine-marks.yaml"), "marks: 1\nsubmission: pristine\nentries:\n"+
		"  - {criterion: examiner.approach, points: 5, by: ada, when: 2026-05-04, why: looked first}\n")
	code, _, said, _ = run(t, args...)
	require.Zero(t, code, said)
	marked := readFiles(t, at)
	require.NotEqual(t, old, marked)
	state, err := os.ReadFile(filepath.Join(at, "state.json"))
	require.NoError(t, err)

	const waiting = ".record.json.next"
	for name, c := range map[string]struct {
		left files
		kept bool
	}{
		"before the report":  {files{waiting: marked[report.RecordName]}, true},
		"half the record":    {files{waiting: marked[report.RecordName][:99]}, true},
		"after the report":   {files{waiting: marked[report.RecordName], report.FileName: marked[report.FileName]}, true},
		"before the page":    {files{report.RecordName: marked[report.RecordName], report.FileName: marked[report.FileName]}, true},
		"a foreign record":   {files{report.RecordName: marked[report.RecordName]}, false},
		"a record that went": {files{report.RecordName: ""}, false},
	} {
		t.Run(name, func(t *testing.T) {
			for _, put := range []files{{"state.json": string(state)}, old, c.left} {
				for file, text := range put {
					write(t, filepath.Join(at, file), text)
				}
			}
			if c.left[report.RecordName] == "" && !c.kept {
				require.NoError(t, os.Remove(filepath.Join(at, report.RecordName)))
			}
			code, stdout, said, _ := run(t, args...)
			require.Zero(t, code, said)
			require.Regexp(t, `(?m)^   1  pristine       5 +passed$`, stdout)
			require.NoFileExists(t, filepath.Join(at, waiting))
			now := readFiles(t, at)
			if c.kept {
				require.Equal(t, marked, now)
				return
			}
			require.NotEqual(t, ids["pristine"], runs(t, out)["pristine"], "it is graded again")
			rec, err := report.LoadRecord(at)
			require.NoError(t, err)
			require.Len(t, rec.Marks, 1)
		})
	}
}

// TestFullDiskKeepsTheOldGrade: there is no place for the report of a second grade. The first
// one stays, with its record, and marks that come later are brought into it.
func TestFullDiskKeepsTheOldGrade(t *testing.T) {
	m := newMarking(t)
	out, code := m.grade()
	require.Zero(t, code, out)
	old := readFiles(t, m.path("jane-report"))
	r, err := report.Load(m.path("jane-report"))
	require.NoError(t, err)

	// The record of the second grade is on the disk, and its report is not.
	other := *r.Record
	other.Run, other.Seed = "second", 7
	data, err := other.JSON()
	require.NoError(t, err)
	m.write("jane-report/.record.json.next", string(data))
	back, err := report.Load(m.path("jane-report"))
	require.NoError(t, err)
	require.Equal(t, r.Record, back.Record)
	rec, err := report.LoadRecord(m.path("jane-report"))
	require.NoError(t, err)
	require.Equal(t, r.Record, rec)
	m.write("jane-report/marks.yaml", someMarks)
	out, code = m.run("regrade", m.path("jane-report"))
	require.Zero(t, code, out)
	require.Equal(t, 4, m.result("examiner.approach").Points)
	require.NotEqual(t, old, readFiles(t, m.path("jane-report")))
	require.NoFileExists(t, m.path("jane-report/.record.json.next"))

	// A report without its record is not scored again.
	require.NoError(t, os.Remove(m.path("jane-report/record.json")))
	out, code = m.run("regrade", m.path("jane-report"))
	require.Equal(t, grader.ExitFailed, code)
	require.Contains(t, out, "holds no record.json of the same grade")
}
