package rubric

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestShipped(t *testing.T) {
	names, err := fs.Glob(Shipped(), "*/payment.yaml")
	require.NoError(t, err)
	require.Equal(t, []string{"payment/payment.yaml"}, names)
	r, err := Load(Shipped(), names[0])
	require.NoError(t, err)
	require.Equal(t, 100, r.Points)
	require.Equal(t, []string{"faulty.payments", "faulty.refunds-large", "faulty.endpoints",
		"faulty.ledger", "healed.decisions"}, r.Probes())
	penalties := 0
	for _, c := range r.Criteria() {
		if c.Penalty {
			penalties++
		}
	}
	require.Equal(t, 2, penalties)
}

// TestShippedPaysForChange holds the shipped rubric to its purpose: neither doing
// nothing nor answering 200 to everything is worth much.
func TestShippedPaysForChange(t *testing.T) {
	r, err := Load(Shipped(), "payment/payment.yaml")
	require.NoError(t, err)
	service := func(payments, rows, endpoints, honoured int) int {
		decisions := map[string]int{"asked_in_api": honoured}
		for _, kind := range []string{"approve", "decline", "hold"} {
			decisions[kind+"_asked"], decisions[kind+"_honoured"] = 6, honoured
		}
		counts := func(n int) map[string]int {
			return map[string]int{"asked": n, "accepted": payments * n / 100,
				"recorded": rows * n / 100}
		}
		g := Score(r, Inputs{Observations: []Observation{
			{Probe: "faulty.payments", Counts: counts(100)},
			{Probe: "faulty.refunds-large", Counts: counts(25)},
			{Probe: "faulty.endpoints", Counts: map[string]int{"asked": 20, "as_contract": endpoints}},
			{Probe: "faulty.ledger", Counts: map[string]int{"accepted": payments, "rows_right": rows,
				"balance_cents_off": (payments - rows) * 100, "duplicates": 0, "refused_rows": 0}},
			{Probe: "healed.decisions", Counts: decisions},
		}})
		for _, group := range g.Groups {
			if group.ID == "service" {
				require.Equal(t, group.Lowest, group.Highest)
				return group.Points
			}
		}
		return -1
	}
	require.Equal(t, 30, service(100, 100, 20, 6), "a sound mitigation")
	require.Equal(t, 22, service(100, 100, 20, 0), "fraud checks dropped")
	require.Equal(t, 3, service(8, 8, 20, 6), "nothing changed")
	require.Equal(t, 0, service(100, 0, 4, 6), "200 to everything")
}

func TestHash(t *testing.T) {
	r := small(t)
	require.Regexp(t, `^sha256:[0-9a-f]{64}$`, r.Hash)
	again := func(change func(map[string][]byte)) string {
		fsys := files(valid)
		data := map[string][]byte{}
		for name, f := range fsys {
			data[name] = f.Data
		}
		change(data)
		for name := range fsys {
			fsys[name].Data = data[name]
		}
		r, err := Load(fsys, "r.yaml")
		require.NoError(t, err)
		return r.Hash
	}
	require.Equal(t, r.Hash, again(func(d map[string][]byte) {
		for name := range d {
			d[name] = bytes.ReplaceAll(d[name], []byte("\n"), []byte("\r\n"))
		}
	}), "line ends do not count")
	for name := range files(valid) {
		require.NotEqual(t, r.Hash, again(func(d map[string][]byte) {
			d[name] = append(d[name], "# more\n"...)
		}), "%s counts", name)
	}
}

func write(t *testing.T, dir string, rubric string) string {
	t.Helper()
	for name, f := range files(rubric) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), f.Data, 0o644))
	}
	return filepath.Join(dir, "r.yaml")
}

func run(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs strings.Builder
	err := Command{Examples: oddExamples}.Run(t.Context(), args, strings.NewReader(""), &out, &errs)
	if err != nil {
		var coded exitError
		require.ErrorAs(t, err, &coded)
		return out.String(), errs.String() + err.Error(), coded.ExitCode()
	}
	return out.String(), errs.String(), 0
}

func TestCommand(t *testing.T) {
	dir := t.TempDir()
	good := write(t, dir, valid)
	list := filepath.Join(dir, "probes.txt")
	require.NoError(t, os.WriteFile(list,
		[]byte("faulty.work asked accepted\n\nfaulty.rest rows\n"), 0o644))

	out, errs, code := run(t, "lint", good)
	require.Equal(t, []any{"", "", 0}, []any{out, errs, code})

	out, errs, code = run(t, "lint", "--probes", list, good)
	require.Equal(t, 1, code)
	require.Equal(t, "problems found: 1", errs)
	require.Equal(t, good+":45: groups[1].criteria[0].steps[0].when[1]: "+
		"the probe faulty.work has no count \"lost\"\n\thint: it counts asked, accepted\n", out)

	out, _, code = run(t, "show", good)
	require.Equal(t, 0, code)
	require.Contains(t, out, "    4  works (probe)\n       Answers under the fault\n"+
		"       4: faulty.work: accepted of asked, at least 95% wanted\n")

	out, _, code = run(t, "show", "--format", "markdown", good)
	require.Equal(t, 0, code)
	require.Equal(t, "| points | criterion | judged by |\n|---:|---|---|\n"+
		"| **3** | **Written** | |\n"+
		"| 3 | Names the gremlin (`cause.named`) | notes |\n"+
		"| -2 | Blames the weather (`cause.wrong`) | notes |\n"+
		"| **5** | **Running** | |\n"+
		"| 4, 2 | Answers under the fault (`works`) | probe faulty.work |\n"+
		"| 1 | Leaves nothing behind (`safe`) | probe faulty.rest; counts only with works |\n"+
		"| **2** | **Seen** | |\n"+
		"| 2, 1, 0 | Kept calm (`manner`) | examiner |\n"+
		"| **10** | **all, 6 to pass** | rubric small 1.2.0 |\n", out)

	for _, c := range []struct {
		code int
		args []string
		says string
	}{
		{2, nil, "no command given"},
		{2, []string{"grade"}, `unknown command "grade"`},
		{2, []string{"lint"}, "lint needs a rubric file"},
		{2, []string{"lint", "--quick", good}, "not defined: -quick"},
		{2, []string{"show", "--format", "html", good}, `unknown format "html"`},
		{2, []string{"show"}, "show needs one rubric file"},
		{3, []string{"show", filepath.Join(dir, "none.yaml")}, "no such file"},
		{3, []string{"lint", "--probes", filepath.Join(dir, "none"), good}, "no such file"},
		{1, []string{"show", list}, list + ":1: is text, must be a mapping"},
		{0, []string{"help"}, ""},
	} {
		_, errs, code := run(t, c.args...)
		require.Equal(t, c.code, code, c.args)
		require.Contains(t, errs, c.says)
	}
}

// oddExamples finds fault with a rubric of version 9.9.9.
func oddExamples(r *Rubric) []error {
	if r.Version != "9.9.9" {
		return nil
	}
	return []error{errors.New(`notes.yaml:4: gremlin: example for it is judged not_met: "x"`)}
}

func TestLintRunsExamples(t *testing.T) {
	file := write(t, t.TempDir(), strings.Replace(valid, "version: 1.2.0", "version: 9.9.9", 1))
	out, errs, code := run(t, "lint", file)
	require.Equal(t, 1, code)
	require.Equal(t, "problems found: 1", errs)
	require.Equal(t, filepath.Join(filepath.Dir(file), "notes.yaml")+
		`:4: gremlin: example for it is judged not_met: "x"`+"\n", out)
}
