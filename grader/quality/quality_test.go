package quality_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/grader/golden"
	"firedrill/grader/quality"
	"firedrill/rubric"
	"firedrill/rubric/cli"
)

const examples = "../../examples/submissions"

// run carries out one command line of the rubric program.
func run(t *testing.T, args ...string) (stdout string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	err := rubric.Command{More: quality.Commands{}.All()}.Run(t.Context(), args,
		strings.NewReader(""), &out, &errs)
	code = cli.Report(&errs, err)
	return out.String() + errs.String(), code
}

// copied writes the shipped rubric into a directory, after replacements in its file, and
// gives the path of that file. It is without the second reader: rules alone are quicker.
func copied(t *testing.T, edits ...string) string {
	t.Helper()
	dir := t.TempDir()
	shipped, err := fs.Sub(rubric.Shipped(), "payment")
	require.NoError(t, err)
	names, err := fs.Glob(shipped, "*.*")
	require.NoError(t, err)
	for _, name := range names {
		data, err := fs.ReadFile(shipped, name)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o644))
	}
	file := filepath.Join(dir, "payment.yaml")
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	edits = append([]string{"weights: weights.tsv\n", ""}, edits...)
	for i := 0; i < len(edits); i += 2 {
		require.Contains(t, string(data), edits[i])
		data = bytes.Replace(data, []byte(edits[i]), []byte(edits[i+1]), 1)
	}
	require.NoError(t, os.WriteFile(file, data, 0o644))
	return file
}

// season makes reports' directories of examples' records.
func season(t *testing.T, pattern string) string {
	t.Helper()
	dir := t.TempDir()
	files, err := filepath.Glob(filepath.Join(examples, pattern+".record.json"))
	require.NoError(t, err)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		to := filepath.Join(dir, strings.TrimSuffix(filepath.Base(file), ".record.json")+"-report")
		require.NoError(t, os.Mkdir(to, 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(to, "record.json"), data, 0o644))
	}
	return dir
}

func TestDiff(t *testing.T) {
	old := copied(t)
	new := copied(t, "pass: 60", "pass: 50", "at_most: 300}", "at_most: 2000}")
	dir := season(t, "[bh]*")
	require.NoError(t, os.Mkdir(filepath.Join(dir, "early-report"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "early-report", "report.json"), []byte("{}"), 0o644))

	out, code := run(t, "diff", old, new)
	require.Zero(t, code, out)
	require.Contains(t, out, "  50 points to pass, was 60\n")
	require.Contains(t, out, "service.exposure\n  for 2 points: faulty.exposure: exposed dollars, "+
		"at most 2000 wanted, was at most 300\n")
	require.NotContains(t, out, "scored under both")

	out, code = run(t, "diff", old, new, "--submissions", dir)
	require.Zero(t, code, out)
	require.Contains(t, out, "3 submissions scored under both: 2 cross the pass line")
	require.Contains(t, out, "  hosts-stub: 57 of 100 (57 to 67), was 57 of 100 (57 to 67); passed, was open\n")
	require.Contains(t, out, "\nunchanged: health-only\n")
	require.Contains(t, out, "early-report\n\tgrade them once more")

	out, code = run(t, "diff", old, new, "--submissions", dir, "--format", "json")
	require.Zero(t, code, out)
	var told struct {
		Changes     []any
		Submissions []struct {
			Name    string
			Crosses bool
		}
	}
	require.NoError(t, json.Unmarshal([]byte(out), &told))
	require.Len(t, told.Submissions, 3)
	require.Equal(t, "bypass", told.Submissions[0].Name)
	require.True(t, told.Submissions[0].Crosses)

	out, code = run(t, "diff", old, new, "--submissions", t.TempDir())
	require.Equal(t, 3, code)
	require.Contains(t, out, "hint: name directories of reports that hold a record.json")
	out, code = run(t, "diff", old, filepath.Join(dir, "none.yaml"))
	require.Equal(t, 3, code)
	require.Contains(t, out, "hint: check the path")
}

func TestTestAndKeep(t *testing.T) {
	old, dir := copied(t), t.TempDir()
	_, code := run(t, "test", old, dir)
	require.Equal(t, 3, code)
	out, code := run(t, "keep", old, "--into", dir, "--about", "takes the check out",
		filepath.Join(season(t, "[bh]*"), "bypass-report"))
	require.Zero(t, code, out)
	out, code = run(t, "test", old, dir)
	require.Zero(t, code, out)
	require.Equal(t, "ok     bypass: 46 criteria compared\n1 of 1 golden submission as expected\n", out)

	stricter := copied(t, "of: [accepted, asked], at_least: 95%", "of: [accepted, asked], at_most: 95%")
	out, code = run(t, "test", stricter, dir)
	require.Equal(t, 1, code)
	require.Contains(t, out, "DIFFER bypass: 46 criteria compared\n")
	require.Contains(t, out, "service.payments: got not_met with 4, expected met with 6\n")
	require.Contains(t, out, "hint: mend the rubric")
	out, code = run(t, "coverage", stricter, dir)
	require.Equal(t, 1, code)
	require.Contains(t, out, "hint: rubric test")

	_, code = run(t, "test", "--accept", stricter, dir)
	require.Zero(t, code)
	_, code = run(t, "test", stricter, dir)
	require.Zero(t, code)
	out, code = run(t, "keep", old, "--into", dir, dir)
	require.Equal(t, 3, code, out)
}

func TestCoverage(t *testing.T) {
	dir, file := t.TempDir(), copied(t)
	out, code := run(t, "keep", file, "--into", dir, filepath.Join(season(t, "[bh]*"), "health-only-report"))
	require.Zero(t, code, out)
	out, code = run(t, "coverage", file, dir)
	require.Zero(t, code, out)
	require.Contains(t, out, "1 golden submission\n\nnone meets\n")
	require.Contains(t, out, "  criterion    46 of 46\n")
	require.Contains(t, out, "more, with --all\n")
	out, code = run(t, "coverage", "--format", "json", file, dir)
	require.Zero(t, code)
	var c golden.Coverage
	require.NoError(t, json.Unmarshal([]byte(out), &c))
	require.NotEmpty(t, c.Unnoticed)
}

func TestStats(t *testing.T) {
	dir, file := season(t, "*"), copied(t)
	out, code := run(t, "stats", file, dir)
	require.Zero(t, code, out)
	require.Contains(t, out, ", 14 submissions: ")
	require.Contains(t, out, "open for all, so left out: examiner.approach, examiner.communication\n")
	require.Regexp(t, `(?m)^service\.payments +6 +14 +0 +0\.\d\d +0\.\d\d  \[0\.\d\d, 0\.\d\d\]$`, out)
	require.Regexp(t, `(?m)^examiner\.approach +5 +0 +14 +- +-$`, out)
	require.Regexp(t, `(?m)^alpha 0\.\d\d \[`, out)

	out, code = run(t, "stats", file, filepath.Join(dir, "bypass-report"), filepath.Join(dir, "pristine-report"), "--format", "csv")
	require.Zero(t, code, out)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, 47)
	require.Contains(t, out, "service.payments,\"Payments pass while the fault persists, each with its row\",probe,6,2,0,0,0,0.5000,,,,,false,false\n")
}
