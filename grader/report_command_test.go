package grader

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/grader/report/page"
)

// kept copies what grading left of one submission.
func kept(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(filepath.Join("report", "page", "testdata", "weak"))))
	return dir
}

// TestReportCommand renders pages from the stored files alone: no exam, no engine.
func TestReportCommand(t *testing.T) {
	dir := kept(t)
	run := func(args ...string) (said string, err error) {
		var errs strings.Builder
		err = Command{}.Run(t.Context(), append([]string{"report"}, args...), nil, io.Discard, &errs)
		return errs.String(), err
	}
	read := func(file string) string {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		return string(data)
	}
	said, err := run(dir)
	require.NoError(t, err)
	require.Equal(t, "report: "+filepath.Join(dir, page.FileName)+"\n", said)
	require.Contains(t, read(filepath.Join(dir, page.FileName)), "c-cause.dns")
	require.NoFileExists(t, filepath.Join(dir, page.CandidateName))

	said, err = run(dir, "--audience", "candidate")
	require.NoError(t, err)
	require.Equal(t, "report: "+filepath.Join(dir, page.CandidateName)+"\n", said)
	require.NotContains(t, read(filepath.Join(dir, page.CandidateName)), "cause.dns")

	elsewhere := filepath.Join(t.TempDir(), "new", "jane.html")
	_, err = run("--audience", "candidate", "--out", elsewhere, dir)
	require.NoError(t, err)
	require.Equal(t, read(filepath.Join(dir, page.CandidateName)), read(elsewhere))

	// A candidate's page that is there is never left with another grade.
	require.NoError(t, os.WriteFile(filepath.Join(dir, page.CandidateName), []byte("of an older grade"), 0o644))
	said, err = run(dir)
	require.NoError(t, err)
	require.Equal(t, 2, strings.Count(said, "report: "))
	require.Equal(t, read(elsewhere), read(filepath.Join(dir, page.CandidateName)))
}

func TestReportCommandRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no report":        {[]string{t.TempDir()}, ExitUsage, "holds no report.json"},
		"no directory":     {nil, ExitUsage, "no report's directory given"},
		"unknown audience": {[]string{kept(t), "--audience", "press"}, ExitUsage, "want examiner or candidate"},
		"out in a file":    {[]string{kept(t), "--out", filepath.Join(kept(t), "report.json", "x.html")}, ExitFailed, "write page"},
		"another version": {[]string{func() string {
			dir := kept(t)
			require.NoError(t, os.WriteFile(filepath.Join(dir, "report.json"), []byte(`{"report": 99}`), 0o644))
			return dir
		}()}, ExitFailed, "version 99"},
	} {
		err := Command{}.Run(t.Context(), append([]string{"report"}, c.args...), nil, io.Discard, io.Discard)
		require.ErrorContains(t, err, c.want, name)
		var coded interface{ ExitCode() int }
		require.ErrorAs(t, err, &coded, name)
		require.Equal(t, c.code, coded.ExitCode(), name)
	}
}
