package command_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/lab/command"
	"firedrill/lab/doctor"
)

func TestKit(t *testing.T) {
	c := command.Command{Exam: paymentExam(t)}
	root := t.TempDir()
	dir := filepath.Join(root, "exam", "kit")
	require.Contains(t, must(t, c, "kit", dir), "wrote the candidate's kit")
	for _, name := range []string{"README.md", "docker-compose.yml", "service/main.go",
		"db/init.sql"} {
		require.FileExists(t, filepath.Join(dir, name))
	}
	require.NoFileExists(t, filepath.Join(dir, "SOLUTION.md"))
	message, hint := requireCode(t, command.ExitFailed, run(t.Context(), c, "kit", dir).error)
	require.Contains(t, message, "not empty")
	require.Contains(t, hint, "nothing is overwritten")

	papers := filepath.Join(root, "papers")
	require.NoError(t, os.Mkdir(papers, 0o755))
	require.Contains(t, must(t, c, "kit", papers, "--examiner"), "examiner's papers")
	solution, err := os.ReadFile(filepath.Join(papers, "SOLUTION.md"))
	require.NoError(t, err)
	require.Contains(t, string(solution), "| points | criterion |", "the rubric is in it")
	script, err := os.Stat(filepath.Join(papers, "test-endpoints.sh"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o755), script.Mode().Perm())

	for _, d := range []string{root, filepath.Join(root, "exam")} {
		entries, err := os.ReadDir(d)
		require.NoError(t, err)
		for _, e := range entries {
			require.NotContains(t, e.Name(), ".lab-kit", "nothing half done is left")
		}
	}
}

func TestDoctor(t *testing.T) {
	exam := paymentExam(t)
	out := must(t, command.Command{Exam: exam}, "doctor")
	require.Contains(t, out, "docker "+connect(t).Info().Version)
	require.Contains(t, out, "(service)")
	var all []doctor.Finding
	text := must(t, command.Command{Exam: exam}, "doctor", "--json")
	require.NoError(t, json.Unmarshal([]byte(text), &all))
	about := map[string]bool{}
	for _, f := range all {
		about[f.About] = true
		require.Equal(t, f.Level != doctor.LevelOK, f.Do != "", f)
	}
	for _, want := range []string{"engine", "isolation", "image", "port", "disk", "memory"} {
		require.True(t, about[want], want)
	}
	exam.Images["programs"] = exam.Images["programs"].Named("never-made")
	message, _ := requireCode(t, command.ExitUnfit,
		run(t.Context(), command.Command{Exam: exam}, "doctor").error)
	require.Contains(t, message, "image")
}
