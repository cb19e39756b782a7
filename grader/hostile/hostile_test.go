package hostile

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/fixtures/payment"
	"firedrill/grader"
	"firedrill/grader/report"
	"firedrill/grader/submission"
	"firedrill/rubric"
)

func ground(t *testing.T) Ground {
	t.Helper()
	exam, err := payment.Exam()
	require.NoError(t, err)
	own, err := rubric.Load(exam.Rubrics, exam.Rubric)
	require.NoError(t, err)
	return Ground{Exam: exam, Examples: os.DirFS("../../examples/submissions"), Rubric: own}
}

// TestWithoutDocker plays every case that needs no engine. Reading notes takes the most time,
// and is left out where the case is not about them.
func TestWithoutDocker(t *testing.T) {
	t.Setenv(canaryVariable, canaryToken)
	reading := ground(t)
	unread := reading
	silent := *reading.Rubric
	silent.Rules = nil
	unread.Rubric = &silent
	controls := map[string]rubric.Grade{}
	for _, c := range Cases() {
		if c.Docker() {
			continue
		}
		g, how := unread, " unread"
		if c.Group() == "B" {
			g, how = reading, " read"
		}
		against, ok := controls[c.against()+how]
		if !ok {
			seen, err := g.play(t.Context(), control(c.against(), NotesOnly), stage{dir: t.TempDir()})
			require.NoError(t, err)
			against = seen.Report.Grade
			controls[c.against()+how] = against
		}
		t.Run(c.name(), func(t *testing.T) {
			seen, err := g.play(t.Context(), c, stage{dir: t.TempDir()})
			require.NoError(t, err)
			require.Empty(t, judge(c, seen, against))
		})
	}
}

// TestCases holds the cases to be documented values: enough of them, each told apart, in
// words, with a defence that the source still has.
func TestCases(t *testing.T) {
	g := ground(t)
	seen := map[string]bool{}
	groups := map[string]int{}
	for _, c := range Cases() {
		require.Regexp(t, regexp.MustCompile(`^[A-F] [a-z0-9-]+$`), c.ID)
		require.False(t, seen[c.ID], c.ID)
		seen[c.ID] = true
		groups[c.Group()]++
		require.NotEmpty(t, c.Threat, c.ID)
		require.NotNil(t, c.Defence, c.ID)
		require.NotEmpty(t, c.Want.Class, c.ID)
		_, err := os.Stat(filepath.Join("../../examples/submissions", c.Base))
		require.NoError(t, err, c.ID)
	}
	require.GreaterOrEqual(t, len(seen), 60)
	require.Len(t, groups, 6)
	require.NotEmpty(t, g.Exam.Probes)
}

// TestByCommand plays one case of each class of groups A and C as an examiner would, by the
// command line: its exit code, the state and the files that it leaves are judged as well. The
// suite plays all cases so; reading long notes would take too long here.
func TestByCommand(t *testing.T) {
	t.Setenv(canaryVariable, canaryToken)
	g := ground(t)
	g.Rubric = nil
	against, err := g.play(t.Context(), control(Kit, NotesOnly), stage{dir: t.TempDir()})
	require.NoError(t, err)
	require.True(t, against.Commanded)
	played := map[Class]bool{}
	for _, c := range Cases() {
		if c.Docker() || played[c.Want.Class] || c.against() != Kit || c.Group() == "B" {
			continue
		}
		played[c.Want.Class] = true
		dir := t.TempDir()
		seen, err := g.play(t.Context(), c, stage{dir: dir})
		require.NoError(t, err, c.ID)
		require.Empty(t, judge(c, seen, against.Report.Grade), c.ID)
		require.True(t, seen.Commanded, c.ID)
		grown, err := size(filepath.Join(dir, "out"))
		require.NoError(t, err)
		require.Equal(t, seen.Report != nil, grown > 0, c.ID)
	}
	require.Len(t, played, 4, "%v", played)
}

// TestLeftFiles: what a grade leaves is looked at, file by file.
func TestLeftFiles(t *testing.T) {
	g := ground(t)
	g.Rubric = nil
	dir := t.TempDir()
	_, err := g.play(t.Context(), control(Kit, NotesOnly), stage{dir: dir})
	require.NoError(t, err)
	out := filepath.Join(dir, "out")
	r, err := report.Load(out)
	require.NoError(t, err)
	odd := func() []string {
		var s Seen
		s.left(out, r)
		return s.Odd
	}
	require.Empty(t, odd())
	put := func(name, text string) func() {
		file := filepath.Join(out, name)
		old, err := os.ReadFile(file)
		require.NoError(t, os.WriteFile(file, append(old, text...), 0o600))
		return func() {
			if err != nil {
				require.NoError(t, os.Remove(file))
			} else {
				require.NoError(t, os.WriteFile(file, old, 0o600))
			}
		}
	}
	for name, c := range map[string]struct{ file, text, says string }{
		"a file beside":  {".report.json.X.unfinished", "{", "the report's directory holds"},
		"a secret":       {"report.html", canaryToken, "a secret of the host is in report.html"},
		"written twice":  {"run.jsonl", `{"event":"done"}` + "\n", "the result was written 2 times"},
		"half the state": {"state.json", "}", "the report's directory: "},
	} {
		undo := put(c.file, c.text)
		require.Contains(t, strings.Join(odd(), "\n"), c.says, name)
		undo()
	}
	require.Empty(t, odd())
}

// TestJudgeOfTheCommand: exit codes, growth and odd files are complaints.
func TestJudgeOfTheCommand(t *testing.T) {
	c := Case{Want: rejected(submission.HardLink)}
	fine := Seen{Commanded: true, Exit: grader.ExitSubmission, Reason: string(submission.HardLink)}
	require.Empty(t, judge(c, &fine, rubric.Grade{}))
	for says, change := range map[string]func(*Seen){
		"ended with 0, want 3":    func(s *Seen) { s.Exit = 0 },
		"were left on the disk":   func(s *Seen) { s.Grown = maxGrowth },
		"a file too many":         func(s *Seen) { s.odd("a file too many") },
		"left in the engine: [v]": func(s *Seen) { s.Left = []string{"v"} },
	} {
		s := fine
		change(&s)
		require.Contains(t, strings.Join(judge(c, &s, rubric.Grade{}), "\n"), says)
	}
}

// TestProofs: a case that fails without its defence proves something only by the complaint that
// is named for it.
func TestProofs(t *testing.T) {
	p := by("was read", "was kept")
	for name, c := range map[string]struct {
		p    proof
		r    result
		want string
	}{
		"by its complaint":     {p, result{wrong: []string{"x", "it was kept"}}, ""},
		"ends well":            {p, result{}, "ends well"},
		"otherwise":            {p, result{wrong: []string{"the grader took 400 MB"}}, "proves nothing: none of"},
		"a crash":              {p, result{wrong: []string{"panic: it was read"}, died: true}, "no result"},
		"left open":            {p, result{wrong: []string{"it was read"}, unchecked: true}, "could not be checked"},
		"a crash is the point": {proof{dies: true}, result{wrong: []string{"killed"}, died: true}, ""},
		"left open as it must": {proof{says: p.says, unchecked: true}, result{wrong: []string{"it was read"}, unchecked: true}, ""},
	} {
		said, err := c.p.holds(c.r)
		require.Equal(t, c.want == "", err == nil, name)
		require.Equal(t, c.want == "", said != "", name)
		if err != nil {
			require.ErrorContains(t, err, c.want, name)
		}
	}
}

// TestReplays: every case is played without its defence, or the table says why not, and every
// defence that can be taken out is, by a case that needs no other's word.
func TestReplays(t *testing.T) {
	all, not := (&Suite{}).replays()
	require.Len(t, Cases(), len(all)+len(not))
	names := map[string]bool{}
	for _, c := range all {
		names[c.Defence.Name] = true
	}
	for _, d := range Defences() {
		require.Equal(t, len(d.Off) > 0, names[d.Name], d.Name)
		if p := proofs[d.Name]; len(d.Off) > 0 {
			require.True(t, len(p.says) > 0 || p.dies, "proof.go names no complaint that proves %q", d.Name)
		}
	}
	require.Len(t, proofs, len(names), "of defences that are no more")
	for id, why := range unplayed {
		require.Equal(t, why+" ", strings.TrimPrefix(not[id]+" ", caseOf(t, id).Defence.Name+": "), id)
		require.Contains(t, "DEF", id[:1], "those without Docker are all played")
	}
}

func caseOf(t *testing.T, id string) Case {
	t.Helper()
	for _, c := range Cases() {
		if c.ID == id {
			return c
		}
	}
	require.Fail(t, "no case "+id)
	return Case{}
}

// TestDefencesStand: what the suite takes out to see a case fail is still in the source, in
// one place each.
func TestDefencesStand(t *testing.T) {
	for _, d := range Defences() {
		require.True(t, len(d.Off) > 0 != (d.Absent != ""), d.Name)
		for _, e := range d.Off {
			data, err := os.ReadFile(filepath.Join("../..", e.File))
			require.NoError(t, err, d.Name)
			require.Equal(t, 1, strings.Count(string(data), e.Old), "%s: %s holds %q", d.Name, e.File, e.Old)
		}
	}
}
