package changes_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"firedrill/rubric"
	"firedrill/rubric/changes"
)

// edited loads the shipped rubric after replacements file, old, new.
func edited(t *testing.T, edits ...[3]string) *rubric.Rubric {
	t.Helper()
	files := fstest.MapFS{}
	shipped, err := fs.Sub(rubric.Shipped(), "payment")
	require.NoError(t, err)
	names, err := fs.Glob(shipped, "*.*")
	require.NoError(t, err)
	for _, name := range names {
		data, err := fs.ReadFile(shipped, name)
		require.NoError(t, err)
		files[name] = &fstest.MapFile{Data: data}
	}
	for _, e := range edits {
		data := string(files[e[0]].Data)
		require.Contains(t, data, e[1])
		files[e[0]].Data = []byte(strings.Replace(data, e[1], e[2], 1))
	}
	r, err := rubric.Load(files, "payment.yaml")
	require.NoError(t, err)
	return r
}

// said gives the changes as lines, without those of name and hash.
func said(all []changes.Change) []string {
	var out []string
	for _, c := range all {
		if c.Kind != changes.Release {
			out = append(out, c.String())
		}
	}
	return out
}

func TestNothingChanged(t *testing.T) {
	r := edited(t)
	require.Empty(t, changes.Between(r, r))
}

func TestReleaseIsNamed(t *testing.T) {
	old := edited(t)
	same := edited(t, [3]string{"payment.yaml", "title: Incident notes", "title: Notes"})
	all := changes.Between(old, same)
	require.Equal(t, changes.Release, all[0].Kind)
	require.Contains(t, all[0].Text, "both call themselves "+old.Version)
	require.Contains(t, all[1].Text, "content sha256:")

	next := edited(t, [3]string{"payment.yaml", "version: " + old.Version, "version: 9.0.0"})
	all = changes.Between(old, next)
	require.Equal(t, "version 9.0.0, was "+old.Version, all[0].Text)
	require.Equal(t, []string{"nothing else: comments, order or layout of the files"}, said(all))
}

func TestWords(t *testing.T) {
	const file = "payment.yaml"
	for name, c := range map[string]struct {
		edits [][3]string
		want  []string
	}{
		"comment": {[][3]string{{file, "        # an unchanged service", "        # any service"}},
			[]string{"nothing else: comments, order or layout of the files"}},
		"pass": {[][3]string{{file, "pass: 60", "pass: 55"}}, []string{"55 points to pass, was 60"}},
		"points": {[][3]string{{file, "source: notes\n        points: 4", "source: notes\n        points: 3"},
			{file, "source: notes\n        points: 1", "source: notes\n        points: 2"}},
			[]string{"pattern.endpoints: 3 points, was 4 points", "pattern.healthy: 2 points, was 1 point"}},
		"limit": {[][3]string{{file, "{of: [accepted, asked], at_least: 75%}", "{of: [accepted, asked], at_least: 70.5%}"}},
			[]string{"service.payments: for 4 points: faulty.payments: accepted of asked, at least 70.5% wanted, was at least 75%"}},
		"condition": {[][3]string{{file, "              - {count: rows, at_most: 0}\n", ""}},
			[]string{"service.validation: for 1 point, no longer wanted: faulty.validation: rows, at most 0 wanted"}},
		"step": {[][3]string{{file, "          - points: 1\n            when:\n              - {count: exposed_dollars, at_most: 2500}\n", ""}},
			[]string{"service.exposure: step dropped: 1 point when faulty.exposure: exposed dollars, at most 2500 wanted"}},
		"requires": {[][3]string{{file, "requires: [service.payments, service.decisions]", "requires: [service.payments]"}},
			[]string{"service.flapping: counts only with: -service.decisions"}},
		"wording": {[][3]string{{file, "candidate: Quantifies the failure", "candidate: Gives figures"}},
			[]string{`pattern.quantified: the candidate's wording is "Gives figures", was "Quantifies the failure"`}},
		"anchor": {[][3]string{{file, "anchor: Answered when asked", "anchor: Answered"}},
			[]string{`examiner.communication: the anchor of mark 2 is "Answered", was "Answered when asked"`}},
		"dimension": {[][3]string{{file, "dimensions: [pattern, systematic]", "dimensions: [pattern, safety]"}},
			[]string{"pattern.quantified: dimensions: +safety, -systematic"}},
		"criterion": {[][3]string{{file, "id: service.repeated", "id: service.alike"}},
			[]string{"service.alike: added, 1 point, by probe: Like requests are treated alike, early and late",
				"service.alike: 1 point when relapsed.repeated: differ, at most 1 wanted",
				"service.repeated: dropped, 1 point, by probe: Like requests are treated alike, early and late"}},
		"word": {[][3]string{{"notes.yaml", "within: 26", "within: 25"}},
			[]string{`fact "both-fail": within 25, was within 26`}},
		"weights": {[][3]string{{file, "weights: weights.tsv\n", ""}},
			[]string{"the second reader of notes is dropped; rules alone decide"}},
		"claim": {[][3]string{{"claims.yaml", "near: 5%", "near: 6%"}}, []string{"near 6%"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := said(changes.Between(edited(t), edited(t, c.edits...)))
			require.Len(t, got, len(c.want), "%v", got)
			for i, want := range c.want {
				require.Contains(t, got[i], want)
			}
		})
	}
}
