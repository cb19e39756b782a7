package rubric

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// lintText lints the small rubric after one change of one file.
func lintText(t *testing.T, file, old, with string, know Knowledge) []string {
	t.Helper()
	fsys := files(valid)
	text := string(fsys[file].Data)
	require.Equal(t, 1, strings.Count(text, old), "mutation of %q", old)
	fsys[file].Data = []byte(strings.Replace(text, old, with, 1))
	return lintFiles(t, fsys, know)
}

func lintFiles(t *testing.T, fsys fstest.MapFS, know Knowledge) []string {
	t.Helper()
	problems, err := LintWith(fsys, "r.yaml", know)
	require.NoError(t, err)
	var out []string
	for _, p := range problems {
		require.NotEmpty(t, p.Hint, p.String())
		require.Positive(t, p.Line, p.String())
		out = append(out, p.String())
	}
	return out
}

// TestAdvice changes a sound rubric so that it can be used still, and should not be.
func TestAdvice(t *testing.T) {
	for _, c := range []struct {
		name, file, old, with string
		want                  []string
	}{
		{"same rule twice", "r.yaml", "id: cause.wrong\n", "id: cause.wrong\n        rule: gremlin\n", []string{
			"notes.yaml:11: criteria[1].id: warning: no criterion uses the rule \"cause.wrong\"",
			"r.yaml:24: groups[0].criteria[1]: is judged by the same as \"cause.named\""}},
		{"same conditions twice", "r.yaml", "        probe: faulty.rest\n        when:\n" +
			"          - {count: rows, at_least: 3, at_most: 5}\n",
			"        probe: faulty.work\n        when:\n          - {count: lost, at_most: 0}\n" +
				"          - {of: [accepted, asked], at_least: 95%}\n", []string{
				"r.yaml:49: groups[1].criteria[1]: is judged by the same as \"works\""}},
		{"same title", "r.yaml", "title: Blames the weather", "title: names the Gremlin", []string{
			"r.yaml:25: groups[0].criteria[1].title: warning: \"cause.named\" has the same title"}},
		{"limits exclude each other", "r.yaml", "at_least: 3, at_most: 5", "at_least: 6, at_most: 5", []string{
			"r.yaml:57: groups[1].criteria[1].when[0]: can never hold together with " +
				"faulty.rest: rows, at least 6 and at most 5 wanted"}},
		{"conditions exclude each other", "r.yaml", "{count: lost, at_most: 0}",
			"{of: [accepted, asked], at_most: 94.9%}", []string{
				"r.yaml:45: groups[1].criteria[0].steps[0].when[1]: can never hold together with " +
					"faulty.work: accepted of asked, at least 95% wanted"}},
		{"no example for", "notes.yaml", "      for: [a gremlin did it]\n", "", []string{
			"notes.yaml:3: criteria[0].id: \"gremlin\" has no examples for it"}},
		{"no example against", "notes.yaml", "      against: [it was a gremlin]\n", "", []string{
			"notes.yaml:11: criteria[1].id: \"cause.wrong\" has no examples against it"}},
		{"no examples", "notes.yaml", "    examples:\n      for: [it was the rain]\n" +
			"      against: [it was a gremlin]\n", "", []string{
			"notes.yaml:11: criteria[1].id: \"cause.wrong\" has no examples for or against it"}},
		{"candidate reads a count", "r.yaml", "candidate: Is clean", "candidate: What faulty.rest sees", []string{
			"r.yaml:51: groups[1].criteria[1].candidate: tells a candidate too much: " +
				"\"faulty.rest\" is a name from the grading"}},
		{"candidate reads the title", "r.yaml", "title: Answers under the fault\n        candidate: Works again",
			"title: Answers all requests under the load\n        candidate: It answers all requests under the load",
			[]string{"r.yaml:36: groups[1].criteria[0].candidate: tells a candidate too much: " +
				"\"answers all requests under the\" stands in the examiner's title"}},
		{"candidate reads the answer", "r.yaml", "candidate: Works again", "candidate: It stands the storm",
			[]string{"r.yaml:36: groups[1].criteria[0].candidate: tells a candidate too much: " +
				"\"storm\" is the answer"}},
		{"everybody passes", "r.yaml", "pass: 6", "pass: 0", []string{
			"r.yaml:7: pass: warning: everybody passes"}},
		{"odd example", "notes.yaml", "a gremlin did it", "x", []string{
			"notes.yaml:9: gremlin: example for it is judged not_met: \"x\""}},
	} {
		know := Knowledge{
			Leaks: func(exam, text string) []string {
				require.Equal(t, "demo", exam)
				if strings.Contains(text, "storm") {
					return []string{`"storm" is the answer`}
				}
				return nil
			},
			Examples: func(r *Rubric) []error {
				e := r.Rules.Criterion("gremlin").For
				if len(e) == 0 || e[0].Value != "x" {
					return nil
				}
				return []error{fmt.Errorf("%s:%d: gremlin: example for it is judged not_met: %q",
					e[0].File, e[0].Line, e[0].Value)}
			},
		}
		require.Equal(t, c.want, lintText(t, c.file, c.old, c.with, know), c.name)
		fsys := files(valid)
		fsys[c.file].Data = []byte(strings.Replace(string(fsys[c.file].Data), c.old, c.with, 1))
		_, err := Load(fsys, "r.yaml")
		require.NoError(t, err, "%s: advice keeps no rubric from being used", c.name)
	}
}

// TestAdviceFromACorpus: rules that do nothing, or nothing of their own, are told.
func TestAdviceFromACorpus(t *testing.T) {
	lines := func(texts ...int) map[int][]int {
		out := map[int][]int{}
		for _, n := range texts {
			out[n] = []int{n + 1}
		}
		return out
	}
	advice := func(found Corpus) []string {
		return lintText(t, "r.yaml", "pass: 6", "pass: 6", Knowledge{
			Corpus: func(*Rubric) (Corpus, error) { return found, nil }})
	}
	require.Empty(t, advice(Corpus{}), "no notes say nothing")
	require.Empty(t, advice(Corpus{Texts: 3, Whole: 3, Fired: []Fired{
		{"gremlin", []int{1}, lines(0)}, {"cause.wrong", []int{2}, lines(1, 2)}}}))
	require.Equal(t, []string{
		`notes.yaml:6: criteria[0].met[0].rule: warning: rule "named" never fires on 12 texts`,
		`r.yaml:24: groups[0].criteria[1]: warning: never fires: none of 12 texts meets it`,
	}, advice(Corpus{Texts: 12, Whole: 10, Fired: []Fired{
		{"gremlin", []int{0}, lines(11)}, {"cause.wrong", []int{0}, lines()}}}))
	all := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
	require.Equal(t, []string{
		`r.yaml:18: groups[0].criteria[0]: warning: always fires: all 10 notes meet it`,
	}, advice(Corpus{Texts: 12, Whole: 10, Fired: []Fired{
		{"gremlin", []int{9}, lines(all...)}, {"cause.wrong", []int{1}, lines(1)}}}))
	require.Equal(t, []string{
		`r.yaml:24: groups[0].criteria[1]: warning: overlaps: the same sentences always meet it and "gremlin"`,
	}, advice(Corpus{Texts: 12, Whole: 10, Fired: []Fired{
		{"gremlin", []int{5}, lines(1, 2, 3, 4, 5)}, {"cause.wrong", []int{5}, lines(1, 2, 3, 4, 5)},
		{"elsewhere", []int{5}, lines(1, 2, 3, 4, 5)}}}))
	require.Empty(t, advice(Corpus{Texts: 12, Whole: 10, Fired: []Fired{
		{"gremlin", []int{4}, lines(1, 2, 3, 4)}, {"cause.wrong", []int{4}, lines(1, 2, 3, 4)}}}),
		"four times may be chance")
	_, err := LintWith(files(valid), "r.yaml", Knowledge{Corpus: func(*Rubric) (Corpus, error) {
		return Corpus{}, fmt.Errorf("no such directory")
	}})
	require.ErrorContains(t, err, "no such directory")
}

func TestAdviceOnUnknownExams(t *testing.T) {
	know := Knowledge{Probes: func(exam string) ProbeCounts {
		if exam == "demo" {
			return validProbes
		}
		return nil
	}}
	require.Empty(t, lintText(t, "r.yaml", "exam: demo", "exam: demo", know))
	require.Equal(t, []string{"r.yaml:4: exam: warning: nothing is known of the exam \"demi\", so probes " +
		"are not checked"}, lintText(t, "r.yaml", "exam: demo", "exam: demi", know))
}

// TestLintAcceptsEverything: no part of the format is a problem by itself.
func TestLintAcceptsEverything(t *testing.T) {
	fsys := everything()
	require.Empty(t, lintFiles(t, fsys, Knowledge{Probes: func(string) ProbeCounts { return validProbes }}))
}
