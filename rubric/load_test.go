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

	"firedrill/rubric/cli"
)

func TestShipped(t *testing.T) {
	names, err := fs.Glob(Shipped(), "*/payment.yaml")
	require.NoError(t, err)
	require.Equal(t, []string{"payment/payment.yaml"}, names)
	r, err := Load(Shipped(), names[0])
	require.NoError(t, err)
	require.Equal(t, 100, r.Points)
	require.Len(t, r.Probes(), 19)
	require.Subset(t, r.Probes(), []string{"faulty.payments", "faulty.exposure",
		"healed.decisions", "relapsed.repeated"})
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
	service := func(change func(o map[string]*Observation)) int {
		all := sound()
		change(all)
		var in Inputs
		for _, name := range r.Probes() {
			all[name].Probe = name
			in.Observations = append(in.Observations, *all[name])
		}
		g := Score(r, in)
		for _, group := range g.Groups {
			if group.ID == "service" {
				require.Equal(t, group.Lowest, group.Highest)
				return group.Points
			}
		}
		return -1
	}
	refused := func(o map[string]*Observation) { // as unmitigated ones are: nothing more to ask
		for name := range o {
			if name != "faulty.endpoints" && name != "faulty.validation" {
				o[name].Down = "payments do not pass"
			}
		}
	}
	set := func(o *Observation, n int, names ...string) {
		for _, name := range names {
			require.Contains(t, o.Counts, name)
			o.Counts[name] = n
		}
	}
	require.Equal(t, 30, service(func(map[string]*Observation) {}), "a sound mitigation")
	require.Equal(t, 18, service(func(o map[string]*Observation) {
		set(o["faulty.health"], 0, "tells")
		o["healed.health"].Down = "told nothing"
		set(o["faulty.amounts"], 20000, "largest_dollars")
		set(o["faulty.exposure"], 19242, "exposed_dollars")
		set(o["faulty.deferred"], 0, "findable")
		set(o["healed.deferred"], 0, "kept")
		set(o["healed.decisions"], 0, "asked_in_api", "fields_right", "approve_honoured",
			"decline_honoured", "hold_honoured")
	}), "fraud checks dropped")
	require.Equal(t, 3, service(func(o map[string]*Observation) {
		refused(o)
		o["faulty.payments"].Down = ""
		set(o["faulty.payments"], 16, "accepted", "recorded")
	}), "nothing changed")
	require.Equal(t, 0, service(func(o map[string]*Observation) {
		refused(o)
		o["faulty.payments"].Down = ""
		set(o["faulty.payments"], 0, "recorded")
		set(o["faulty.endpoints"], 4, "as_contract")
		set(o["faulty.validation"], 0, "refused")
	}), "200 to everything")
}

// sound is what probes see of a service that does all that it is asked for.
func sound() map[string]*Observation {
	of := func(counts map[string]int) *Observation { return &Observation{Counts: counts} }
	return map[string]*Observation{
		"faulty.payments":      of(map[string]int{"asked": 200, "accepted": 200, "recorded": 200}),
		"faulty.refunds-large": of(map[string]int{"asked": 50, "accepted": 50, "recorded": 50}),
		"faulty.endpoints":     of(map[string]int{"asked": 20, "as_contract": 20}),
		"faulty.validation":    of(map[string]int{"asked": 14, "refused": 14, "rows": 0}),
		"faulty.latency":       of(map[string]int{"asked": 200, "slow": 0, "control_slow": 0}),
		"faulty.health":        of(map[string]int{"looked": 1, "serves": 1, "tells": 1}),
		"healed.health":        of(map[string]int{"told": 2, "clear": 2}),
		"faulty.ledger": of(map[string]int{"accepted": 42, "rows_right": 42, "states_right": 42,
			"balance_cents_off": 0, "duplicates": 0, "repeats_wrong": 0, "refused_rows": 0}),
		"faulty.restart": of(map[string]int{"asked": 120, "back": 1, "accepted": 120, "lost": 0,
			"duplicates": 0}),
		"faulty.leaks": of(map[string]int{"asked": 2000, "answered": 2000, "runs": 1, "memory_steps": 0,
			"thread_steps": 0, "connections": 0}),
		"faulty.amounts": of(map[string]int{"asked": 13, "completed": 0, "largest_dollars": 0,
			"lost": 0, "refused_rows": 0}),
		"faulty.exposure": of(map[string]int{"asked_dollars": 19242, "exposed_dollars": 0, "lost": 0}),
		"faulty.deferred": of(map[string]int{"unchecked": 264, "findable": 264}),
		"healed.deferred": of(map[string]int{"unchecked": 264, "kept": 264, "wrong": 0, "lost": 0,
			"duplicates": 0, "balance_cents_off": 0}),
		"healed.decisions": of(map[string]int{"asked_in_api": 35, "fields_right": 35,
			"approve_asked": 20, "approve_honoured": 20, "decline_asked": 10, "decline_honoured": 10,
			"hold_asked": 5, "hold_honoured": 5}),
		"healed.flapping": of(map[string]int{"asked": 72, "accepted": 72, "rows_right": 72,
			"duplicates": 0, "repeats_wrong": 0, "refused_rows": 0, "balance_cents_off": 0}),
		"healed.slow": of(map[string]int{"asked": 20, "cut_off": 20, "accepted": 20,
			"rows_right": 20, "left_open": 0}),
		"relapsed.payments": of(map[string]int{"asked": 60, "accepted": 60, "recorded": 60}),
		"relapsed.repeated": of(map[string]int{"asked": 54, "differ": 0}),
	}
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
	err := Command{Know: Knowledge{Examples: oddExamples}}.Run(t.Context(), args, strings.NewReader(""), &out, &errs)
	if err != nil {
		var coded *cli.Error
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
	require.Equal(t, []any{"no problems in 1 rubric file\n", "", 0}, []any{out, errs, code})

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
		{2, []string{"lint"}, "no rubric file given"},
		{2, []string{"lint", "--quick", good}, "unknown flag: --quick"},
		{2, []string{"show", "--format", "html", good}, `--format is "html", want text or markdown`},
		{2, []string{"show"}, "no rubric file given"},
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
		`:4: gremlin: example for it is judged not_met: "x"`+"\n"+
		"\thint: correct the rule or the example; `grader explain` shows why a rule fired or not\n", out)
}
