package rubric

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/rubric/rule"
	"firedrill/rubric/shape"
)

// meaning is a rubric without what depends on how its files are written.
func meaning(t testing.TB, rubric string) *Rubric {
	t.Helper()
	fsys := files(rubric)
	out, err := Format("r.yaml", fsys["r.yaml"].Data)
	require.NoError(t, err)
	before, err := Load(fsys, "r.yaml")
	require.NoError(t, err)
	fsys["r.yaml"].Data = out
	after, err := Load(fsys, "r.yaml")
	require.NoError(t, err, string(out))
	before.Hash, after.Hash, before.Rules, after.Rules = "", "", nil, nil
	require.Equal(t, before, after)
	again, err := Format("r.yaml", out)
	require.NoError(t, err)
	require.Equal(t, string(out), string(again))
	return after
}

// TestRoundTrip: parse, format, parse gives what was parsed.
func TestRoundTrip(t *testing.T) {
	for _, text := range []string{
		valid,
		strings.ReplaceAll(valid, ": ", ":   "),
		strings.ReplaceAll(valid, "\n", "\r\n"),
		strings.ReplaceAll(valid, "\n", " # why\n"),
		strings.Replace(valid, "title: A small rubric", "title: >-\n  A small\n  rubric", 1),
		strings.Replace(valid, "pass: 6\n", "", 1) + "pass: 6\n",
	} {
		require.Equal(t, "small", meaning(t, text).Name)
	}
	for name, f := range everything() {
		out, err := Format(name, f.Data)
		require.NoError(t, err, name)
		fsys := everything()
		fsys[name].Data = out
		problems, err := Lint(fsys, "r.yaml", validProbes)
		require.NoError(t, err)
		require.Empty(t, problems, name)
	}
}

// FuzzRoundTrip: any rubric that loads still loads, and says the same, once it is formatted.
func FuzzRoundTrip(f *testing.F) {
	f.Add(valid)
	f.Add(strings.ReplaceAll(valid, "\n", "\n# x\n"))
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := Load(files(text), "r.yaml"); err != nil {
			return
		}
		if _, err := Format("r.yaml", []byte(text)); err != nil {
			return // it says why, and changes nothing
		}
		meaning(t, text)
	})
}

func TestFmt(t *testing.T) {
	dir := t.TempDir()
	file := write(t, dir, strings.Replace(valid, "name: small\n", "name:   small # mine\n", 1))
	want := strings.Replace(valid, "name: small\n", "name: small # mine\n", 1)

	out, _, code := run(t, "fmt", file)
	require.Equal(t, 0, code)
	formatted, err := Format("r.yaml", []byte(want))
	require.NoError(t, err)
	require.Equal(t, string(formatted), out)

	out, errs, code := run(t, "fmt", "--check", file)
	require.Equal(t, []any{file + "\n", 1}, []any{out, code})
	require.Contains(t, errs, "not in canonical form: 1 of 1 files")

	out, _, code = run(t, "fmt", "--diff", file)
	require.Equal(t, 0, code)
	require.Contains(t, out, "-name:   small # mine\n+name: small # mine\n")

	out, _, code = run(t, "fmt", "--write", dir)
	require.Equal(t, []any{"", 0}, []any{out, code})
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(formatted), string(data))
	_, _, code = run(t, "fmt", "-l", dir)
	require.Equal(t, 0, code)

	broken := filepath.Join(dir, "broken.yaml")
	require.NoError(t, os.WriteFile(broken, []byte("rubric: 1\nname: [\n"), 0o644))
	_, errs, code = run(t, "fmt", "--write", broken)
	require.Equal(t, 1, code)
	require.Contains(t, errs, broken+":2: not YAML")
	data, err = os.ReadFile(broken)
	require.NoError(t, err)
	require.Equal(t, "rubric: 1\nname: [\n", string(data), "what cannot be read is not touched")
	_, errs, code = run(t, "fmt", "--write", "--check", file)
	require.Equal(t, 2, code)
	require.Contains(t, errs, "only one of --write, --check and --diff")
	_, _, code = run(t, "fmt", filepath.Join(dir, "none.yaml"))
	require.Equal(t, 3, code)
}

// TestNew: what a new rubric begins with is sound, formatted, and fits the schemas beside it.
func TestNew(t *testing.T) {
	t.Chdir(t.TempDir())
	out, errs, code := run(t, "new", "my-rubric")
	require.Equal(t, 0, code, errs)
	require.Equal(t, "wrote my-rubric; next: rubric lint my-rubric/rubric.yaml\n", out)
	out, _, code = run(t, "lint", "my-rubric/rubric.yaml")
	require.Equal(t, 0, code, out)
	out, _, code = run(t, "fmt", "--check", "my-rubric")
	require.Equal(t, 0, code, out)
	for file, kind := range map[string]string{"rubric.yaml": KindRubric, "notes.yaml": KindRules} {
		data, err := os.ReadFile("my-rubric/" + file)
		require.NoError(t, err)
		require.NoError(t, validate(t, schema(t, kind), data))
		require.True(t, strings.HasPrefix(string(data), "# yaml-language-server: $schema="+kind+".schema.json\n"))
		beside, err := os.ReadFile("my-rubric/" + kind + ".schema.json")
		require.NoError(t, err)
		current, err := Schema(kind)
		require.NoError(t, err)
		require.Equal(t, string(current), string(beside))
	}
	r, err := LoadFile("my-rubric/rubric.yaml")
	require.NoError(t, err)
	require.Equal(t, "my-rubric", r.Name)

	_, errs, code = run(t, "new", "my-rubric")
	require.Equal(t, 3, code)
	require.Contains(t, errs, "exist")
	_, errs, code = run(t, "new", "My Rubric")
	require.Equal(t, 2, code)
	require.Contains(t, errs, "no name for a rubric")
	_, errs, code = run(t, "new", "--base", "payment@7.7.7", "other")
	require.Equal(t, 3, code)
	require.Contains(t, errs, "no version 7.7.7")
	_, err = os.Stat("other")
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// TestDocumentation: the package comment and `rubric fields` tell of every field.
func TestDocumentation(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	claims, err := os.ReadFile("claim.go")
	require.NoError(t, err)
	costs, err := os.ReadFile("costs.go")
	require.NoError(t, err)
	text := string(doc) + string(claims) + string(costs)
	for _, kind := range []string{KindRubric, KindClaims} {
		v, err := Shape(kind)
		require.NoError(t, err)
		out, _, code := run(t, "fields", kind)
		require.Equal(t, 0, code)
		eachField(v, map[string]bool{}, func(f shape.Field) {
			require.Contains(t, out, f.Key)
			require.Contains(t, out, f.Doc)
			own := v.Field("groups") != nil || f.Key == "observed" || f.Key == "figure"
			if own {
				require.Regexp(t, "[\\s{`]"+f.Key+":|`"+f.Key+"`", text, "%s: %s", kind, f.Key)
			}
		})
	}
	out, _, code := run(t, "rules")
	require.Equal(t, 0, code)
	require.Equal(t, rule.Language(), out)
	require.Contains(t, out, "~4          up to four words of any kind")
}
