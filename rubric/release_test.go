package rubric

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// released releases the small rubric on a day, and gives its file.
func released(t *testing.T) string {
	t.Helper()
	file := write(t, t.TempDir(), valid)
	out, errs, code := run(t, "release", "--date", "2026-03-01", "--change", "first", file)
	require.Equal(t, 0, code, errs)
	require.Regexp(t, `^released small 1\.2\.0, 2026-03-01, sha256:[0-9a-f]{64}\n$`, out)
	return file
}

func replace(t *testing.T, file, old, with string) {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(data), old)
	require.NoError(t, os.WriteFile(file, bytes.Replace(data, []byte(old), []byte(with), 1), 0o644))
}

// TestReleaseStaysReadable: what was released reads as it was, whatever happens to the files.
func TestReleaseStaysReadable(t *testing.T) {
	file := released(t)
	before, err := LoadFile(file)
	require.NoError(t, err)
	require.Equal(t, "2026-03-01", before.Released)
	require.Equal(t, "2026-03-01", Score(before, best()).Rubric.Released, "a grade names the day")

	replace(t, file, "points: 3\n        rule", "points: 2\n        rule")
	replace(t, file, "points: 2\n        penalty", "points: 1\n        penalty")
	replace(t, file, "points: 3\n    criteria", "points: 2\n    criteria")
	replace(t, file, "points: 10", "points: 9")
	replace(t, filepath.Join(filepath.Dir(file), "notes.yaml"), "[gremlin]", "[goblin]")
	changed, err := LoadFile(file)
	require.NoError(t, err)
	require.Empty(t, changed.Released, "it was changed")

	old, err := LoadFile(file + "@1.2.0")
	require.NoError(t, err)
	require.Equal(t, before, old)
	require.Equal(t, Score(before, best()), Score(old, best()))

	require.NoError(t, os.Remove(file))
	require.NoError(t, os.Remove(filepath.Join(filepath.Dir(file), "notes.yaml")))
	old, err = LoadFile(file + "@1.2.0")
	require.NoError(t, err)
	require.Equal(t, before.Hash, old.Hash)
}

func TestVersionMustRise(t *testing.T) {
	file := released(t)
	out, _, code := run(t, "lint", file)
	require.Equal(t, 0, code, out)
	replace(t, file, "title: A small rubric", "title: A short rubric")
	out, errs, code := run(t, "lint", file)
	require.Equal(t, 1, code)
	require.Contains(t, out, "r.yaml:3: version: changed since 1.2.0 was released on 2026-03-01, "+
		"but has the same version\n\thint: raise it: 1.2.1, 1.3.0, 2.0.0")
	require.Contains(t, errs, "problems found: 1")
	_, errs, code = run(t, "release", "--change", "wording", file)
	require.Equal(t, 1, code)
	require.Contains(t, errs, "not released")

	out, errs, code = run(t, "release", "--date", "2026-03-02", "--raise", "patch", "--change", "wording", file)
	require.Equal(t, 0, code, out+errs)
	require.Contains(t, out, "released small 1.2.1, 2026-03-02")
	out, _, code = run(t, "releases", file)
	require.Equal(t, 0, code)
	require.Regexp(t, `^small@1\.2\.1, 2026-03-02, sha256:\w+\n  - wording\nsmall@1\.2\.0, 2026-03-01, sha256:\w+\n  - first\n$`, out)

	replace(t, file, "version: 1.2.1", "version: 1.1.9")
	out, _, code = run(t, "lint", file)
	require.Equal(t, 1, code)
	require.Contains(t, out, "version: is below 1.2.1, which was released on 2026-03-02")
}

func TestReleaseRefuses(t *testing.T) {
	file := released(t)
	_, errs, code := run(t, "release", "--change", "again", file)
	require.Equal(t, 1, code)
	require.Contains(t, errs, "version 1.2.0 was released already")
	_, errs, code = run(t, "release", file)
	require.Equal(t, 2, code)
	require.Contains(t, errs, "--change is missing")
	_, errs, code = run(t, "release", "--date", "1.3.2026", "--change", "x", file)
	require.Equal(t, 2, code)
	require.Contains(t, errs, "want a day")

	replace(t, file, "points: 10", "points: 11")
	before, err := os.ReadFile(file)
	require.NoError(t, err)
	out, errs, code := run(t, "release", "--raise", "minor", "--change", "x", file)
	require.Equal(t, 1, code)
	require.Contains(t, out, "the groups sum to 10 points, not 11")
	require.Contains(t, errs, "not released, problems found: 1")
	after, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(before), string(after), "the version is not raised for nothing")
}

// TestDamagedReleases are never read as something else.
func TestDamagedReleases(t *testing.T) {
	for _, c := range []struct {
		name   string
		damage func(t *testing.T, dir string)
		want   string
	}{
		{"no object", func(t *testing.T, dir string) {
			found, err := filepath.Glob(filepath.Join(dir, objectDir, "*.gz"))
			require.NoError(t, err)
			for _, f := range found {
				require.NoError(t, os.Remove(f))
			}
		}, "no such file"},
		{"other object", func(t *testing.T, dir string) {
			found, err := filepath.Glob(filepath.Join(dir, objectDir, "*.gz"))
			require.NoError(t, err)
			first, err := os.ReadFile(found[0])
			require.NoError(t, err)
			for _, f := range found {
				require.NoError(t, os.WriteFile(f, first, 0o644))
			}
		}, "the content is damaged"},
		{"other hash", func(t *testing.T, dir string) {
			replace(t, filepath.Join(dir, releaseDir, "small-1.2.0.yaml"), "hash: sha256:", "hash: sha256:0")
		}, "the release small@1.2.0 is damaged"},
		{"newer record", func(t *testing.T, dir string) {
			replace(t, filepath.Join(dir, releaseDir, "small-1.2.0.yaml"), "release: 1", "release: 2")
		}, "version 2 of the format is not known"},
	} {
		file := released(t)
		c.damage(t, filepath.Dir(file))
		_, err := LoadFile(file + "@1.2.0")
		require.ErrorContains(t, err, c.want, c.name)
	}
	_, err := LoadFile(released(t) + "@7.0.0")
	require.ErrorContains(t, err, "has no version 7.0.0; there are 1.2.0")
	_, err = LoadFile(write(t, t.TempDir(), valid) + "@1.2.0")
	require.ErrorContains(t, err, "nothing was released")
}

// TestShippedReleasesLoad: every release that was ever shipped can be read.
func TestShippedReleasesLoad(t *testing.T) {
	all, err := ShippedReleases()
	require.NoError(t, err)
	require.NotEmpty(t, all)
	for _, r := range all {
		loaded, err := LoadFile(r.Name + "@" + r.Version)
		require.NoError(t, err, r.Version)
		require.Equal(t, r.Hash, loaded.Hash)
		require.Equal(t, r.Date, loaded.Released)
		require.NotEmpty(t, r.Changes)
	}
}

const based = `rubric: 1
name: own
version: 0.1.0
exam: payment
title: Built on a release
base: payment@0.2.0
notes: notes.yaml
points: 5
pass: 3
groups:
  - id: notes
    title: Notes
    points: 5
    criteria:
      - id: cause
        title: Names the cause
        candidate: States why
        source: notes
        points: 3
        rule: cause.dns
      - id: own.rule
        title: Mentions a payment by words of the base
        candidate: Is about the exam
        source: notes
        points: 2
      - id: false.claims
        title: Claims what is not so
        candidate: Claims are checked
        source: claims
        verdict: contradicted
        points: 1
        penalty: true
`

func basedFiles(rubric string) fstest.MapFS {
	return fstest.MapFS{"r.yaml": {Data: []byte(rubric)}, "notes.yaml": {Data: []byte(`version: 1
criteria:
  - id: own.rule
    says: a payment is mentioned
    met:
      - rule: payment
        all: ["@op.payment"]
    examples: {for: [payments fail], against: [hello]}
`)}}
}

func TestBase(t *testing.T) {
	r, err := Load(basedFiles(based), "r.yaml")
	require.NoError(t, err)
	require.NotNil(t, r.Rules.Criterion("cause.dns"), "of the base")
	require.NotNil(t, r.Rules.Criterion("own.rule"))
	require.Nil(t, r.Rules.Criterion("fix.dns"), "no criterion uses it")
	require.NotNil(t, r.Rules.Weights)
	require.NotEmpty(t, r.Claimable)
	problems, err := Lint(basedFiles(based), "r.yaml", nil)
	require.NoError(t, err)
	require.Empty(t, problems)

	other := *r
	other.Base.Hash = "sha256:other"
	require.NotEqual(t, r.Hash, other.hash([]byte(based)), "the base belongs to the hash")

	for old, says := range map[string]string{
		"base: payment@0.2.0\n": `"rubric" is no NAME@VERSION`,
	} {
		_, err := Load(basedFiles(strings.Replace(based, old, "base: rubric\n", 1)), "r.yaml")
		require.ErrorContains(t, err, says)
	}
	for with, says := range map[string]string{
		"base: payment@9.9.9": "payment has no version 9.9.9; there are 0.2.0",
		"base: nothing@0.1.0": "nothing was released of nothing",
		"base: ../up@0.1.0":   "is no NAME@VERSION",
	} {
		_, err := Load(basedFiles(strings.Replace(based, "base: payment@0.2.0", with, 1)), "r.yaml")
		require.ErrorContains(t, err, says)
	}
	_, err = Load(basedFiles(strings.Replace(based, "rule: cause.dns", "rule: cause.rain", 1)), "r.yaml")
	require.ErrorContains(t, err, `holds no rule "cause.rain"`)
}

// TestShippedIsReleased: a rubric that is shipped is released as it stands, and in canonical
// form. After a change: rubric fmt --write, then rubric release --raise … --change ….
func TestShippedIsReleased(t *testing.T) {
	r, err := Load(Shipped(), "payment/payment.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, r.Released, "rubric release --raise … rubric/payment/payment.yaml")
	found, err := fs.Glob(Shipped(), "payment/*.yaml")
	require.NoError(t, err)
	for _, name := range found {
		data, err := fs.ReadFile(Shipped(), name)
		require.NoError(t, err)
		out, err := Format(name, data)
		require.NoError(t, err)
		require.Equal(t, string(data), string(out), "rubric fmt --write rubric/%s", name)
	}
}
