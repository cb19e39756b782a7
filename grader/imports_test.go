package grader_test

import (
	"os/exec"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// shared is the one package below rubric that lab may import: it stands in the lowest layer
// because the command lines of all three layers need it, and has nothing to do with rubrics.
const shared = "firedrill/rubric/cli"

// TestImportsPointOneWay pins the architecture: cmd → fixtures → grader → {rubric, lab},
// and which packages stay free of containers and of test code.
func TestImportsPointOneWay(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps",
		"-f", "{{if .Module}}{{.ImportPath}} {{join .Imports \" \"}}{{end}}", "firedrill/...").Output()
	require.NoError(t, err)
	imports := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		imports[f[0]] = f[1:]
	}
	require.Contains(t, imports, "firedrill/grader")

	forbidden := []struct {
		of   string // package and all below it, without their commands
		may  string
		why  string
		deep bool // also through others
	}{
		{shared, "firedrill", "what command lines share knows none of them", true},
		{"firedrill/rubric", "firedrill/grader", "rubric is the lowest layer", true},
		{"firedrill/rubric", "firedrill/lab", "rubric is the lowest layer", true},
		{"firedrill/rubric", "github.com/moby/moby", "regrading needs no containers", true},
		{"firedrill/lab", "firedrill/grader", "a lab judges nothing", true},
		{"firedrill/lab", "firedrill/rubric", "a lab judges nothing", true},
		{"firedrill/lab", "firedrill/fixtures", "a lab knows no exam by name", true},
		{"firedrill/grader", "firedrill/fixtures", "the grader knows no exam by name", true},
		{"firedrill/grader/notes", "github.com/moby/moby", "notes are read without containers", true},
		{"firedrill/grader/submission", "github.com/moby/moby", "intake needs no containers", true},
		{"firedrill/grader/report", "github.com/moby/moby", "a report needs no containers", true},
		{"firedrill", "github.com/stretchr/testify", "testify is for tests", false},
	}
	for _, f := range forbidden {
		for pkg := range imports {
			if !within(pkg, f.of) || strings.Contains(pkg, "/cmd/") || testHelper(pkg) {
				continue
			}
			seen := map[string]bool{}
			if within(pkg, "firedrill/lab") {
				seen[shared] = true
			}
			require.Empty(t, reaches(imports, pkg, f.may, f.deep, seen), "%s: %s", pkg, f.why)
		}
	}
}

func within(pkg, root string) bool { return pkg == root || strings.HasPrefix(pkg, root+"/") }

// testHelper reports packages that exist for tests of others.
func testHelper(pkg string) bool { return strings.HasSuffix(path.Base(pkg), "test") }

// reaches gives the way from pkg to something under target, if there is one.
func reaches(imports map[string][]string, pkg, target string, deep bool, seen map[string]bool) []string {
	for _, next := range imports[pkg] {
		if seen[next] {
			continue
		}
		if within(next, target) {
			return []string{pkg, next}
		}
		if deep {
			seen[next] = true
			if way := reaches(imports, next, target, deep, seen); way != nil {
				return append([]string{pkg}, way...)
			}
		}
	}
	return nil
}
