package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"firedrill/grader/diff"
	"firedrill/rubric"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sample is a report with one criterion of each kind.
func sample() *Report {
	start := time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)
	return &Report{
		Run: Run{ID: "k3v9", Started: start, Finished: start.Add(12500 * time.Millisecond),
			Engine: "docker 20.10.24", Versions: map[string]string{"tools": "1", "builder": "2"}},
		Submission: Submission{Hash: "sha256:aa", Notes: "incident-notes.md",
			Skipped: []Skip{{"metrics/a\x1b[2J", "symbolic link"}}},
		Grade: rubric.Grade{
			Rubric: rubric.Version{Name: "payment", Version: "0.1.0", Exam: "payment",
				Title: "Payment triage", Hash: "sha256:bb"},
			Points: 10, Lowest: 8, Highest: 16, Of: 23, Pass: 12, State: rubric.Open,
			Groups: []rubric.Subtotal{
				{ID: "notes", Title: "Incident notes", Points: 3, Lowest: 1, Highest: 3, Of: 6},
				{ID: "service", Title: "Service", Points: 7, Lowest: 7, Highest: 11, Of: 15},
				{ID: "examiner", Title: "Examiner", Points: 0, Lowest: 0, Highest: 2, Of: 2}},
			Dimensions: []rubric.Subtotal{},
			Criteria:   criteria(),
		},
		Claims: []rubric.Claimed{
			{Claim: "payments.share", Says: "this share of payments succeeds",
				Verdict: rubric.Contradicted, Lines: []int{40}, Quote: "20 of 20 payments accepted",
				Rule: "tally under its heading", Probe: "faulty.payments", World: "faulty",
				Observed: []string{"16 accepted of 200 asked (8.0 %)"}},
			{Claim: "recheck.returns", Says: "decisions count again", Verdict: rubric.NotChecked,
				Lines: []int{51, 52}, Quote: "as soon as the API is back its answers count",
				Rule: "decisions count again on return", Reason: "the lab could not be healed", Pending: true},
		},
		Settings: []Setting{
			{File: "docker-compose.yml", Line: 13, Path: "services.app.environment.MODE",
				Value: "soft", Applied: true},
			{File: "docker-compose.yml", Line: 20, Path: "services.app.privileged", Value: "true",
				Reason: "only environment is taken over"},
			{File: "docker-compose.yml", Path: "services.app.read_only", Reason: "cannot be taken out"},
		},
		Diff: []diff.File{
			{Path: "service/main.go", Kind: diff.Changed, Added: 2, Removed: 1, Cut: 7, Hunks: []diff.Hunk{
				{Old: 10, OldLines: 2, New: 10, NewLines: 3, Lines: []string{" func main() {",
					"-\tserve()", "+\tif err := serve(); err != nil {", "+\t\tlog.Fatal(err)"}}}},
			{Path: "metrics/latency.txt", Kind: diff.Removed, Removed: 40},
			{Path: "service/app", Kind: diff.Added, Reason: "no text, 4096 bytes"},
		},
		Notices: []Notice{{About: "build", Text: "the service does not compile",
			Output: "./main.go:3:1: syntax error: unexpected EOF\n"}},
	}
}

const unmarked = "there is no mark; an examiner gives one of 0, 1, 2"

func criteria() []rubric.Result {
	return []rubric.Result{
		{ID: "cause.dns", Group: "notes", Title: "Concludes that the name does not resolve",
			Source: rubric.FromNotes, Outcome: rubric.Met, Points: 3, Lowest: 3, Highest: 3, Of: 3,
			Reason: "says that the name does not resolve", Evidence: []rubric.Evidence{{
				Kind: rubric.KindNotes, File: "incident-notes.md", Lines: []int{12, 13, 14, 20},
				Quote: "nslookup fraud-api.internal.corp gives NXDOMAIN, " +
					"so every payment fails before it is sent",
				Reason: "says that the name does not resolve", Rule: "resolution fails"}}},
		{ID: "fix.dns", Group: "notes", Title: "Proposes a lasting fix", Source: rubric.FromNotes,
			Outcome: rubric.NotMet, Of: 3, Reason: "no statement proposes one",
			Evidence: []rubric.Evidence{{Kind: rubric.KindNotes, File: "incident-notes.md",
				Reason: "no statement proposes one"}}},
		{ID: "cause.wrong", Group: "notes", Title: "Settles on a wrong cause", Source: rubric.FromNotes,
			Outcome: rubric.NeedsReview, Lowest: -2, Penalty: 2, Reason: "blames the pool, later not",
			Evidence: []rubric.Evidence{{Kind: rubric.KindNotes, File: "incident-notes.md",
				Lines: []int{7}, Quote: "maybe the pool", Reason: "blames the pool, later not"}}},
		{ID: "service.payments", Group: "service", Title: "Payments pass under the fault",
			Source: rubric.FromProbe, Outcome: rubric.NotMet, Points: 7, Lowest: 7, Highest: 7, Of: 8,
			Reason: "the conditions of the step for 7 of 8 points hold, those of no better one",
			Evidence: []rubric.Evidence{{Kind: rubric.KindProbe, Probe: "faulty.payments", World: "faulty",
				Counted: []string{"180 accepted of 200 asked (90.0 %); at least 95% wanted: does not hold"},
				Transcript: []rubric.Call{
					{Method: "POST", Path: "/api/payment", Body: `{"amount":12.00}`, Status: 201,
						Answer: `{"transaction_id":6}`},
					{Method: "POST", Path: "/api/payment", Body: `{"amount":13.00}`, Error: "EOF"}},
				Logs:    []string{"level=WARN msg=\"fraud check skipped\""},
				Remarks: []string{"open rows counted as not booked: 0 cents off"}}}},
		{ID: "service.decisions", Group: "service", Title: "Decisions are honoured",
			Source: rubric.FromProbe, Outcome: rubric.NotGradable, Highest: 4, Of: 4,
			Reason:   "the lab could not be healed",
			Evidence: []rubric.Evidence{{Kind: rubric.KindNone, Reason: "the lab could not be healed"}}},
		{ID: "service.endpoints", Group: "service", Title: "Everything else works",
			Source: rubric.FromProbe, Outcome: rubric.NotMet, Of: 3, Reason: "does not compile",
			Evidence: []rubric.Evidence{{Kind: rubric.KindProbe, Probe: "faulty.endpoints",
				World: "faulty", Reason: "does not compile"}}},
		{ID: "claims.contradicted", Group: "notes", Title: "States what is otherwise",
			Source: rubric.FromClaims, Outcome: rubric.Met, Points: -3, Lowest: -3, Highest: -3, Penalty: 3,
			Reason: "of the notes' claims 0 confirmed, 1 contradicted, 1 not checked",
			Evidence: []rubric.Evidence{{Kind: rubric.KindClaim, File: "incident-notes.md", Lines: []int{40},
				Quote: "20 of 20 payments accepted", Rule: "tally under its heading",
				Probe: "faulty.payments", World: "faulty", Verdict: rubric.Contradicted,
				Counted: []string{"16 accepted of 200 asked (8.0 %)"},
				Reason:  "the notes claim that this share of payments succeeds"}}},
		{ID: "examiner.approach", Group: "examiner", Title: "Worked in an order",
			Source: rubric.FromExaminer, Outcome: rubric.NeedsReview, Highest: 2, Of: 2,
			Reason:   unmarked,
			Evidence: []rubric.Evidence{{Kind: rubric.KindNone, Reason: unmarked}}},
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func text(t *testing.T, r *Report, width int) string {
	t.Helper()
	var out strings.Builder
	require.NoError(t, r.Text(&out, width))
	return out.String()
}

func TestText(t *testing.T) {
	golden(t, "wide.txt", text(t, sample(), 100))
	golden(t, "narrow.txt", text(t, sample(), 48))
}

// TestStability: several grades are told apart by number.
func TestStability(t *testing.T) {
	r := sample()
	r.Stability = &Stability{Runs: 3}
	require.Contains(t, text(t, r, 100), "\nstability: 3 grades agree on every criterion\n")
	data, err := r.JSON()
	require.NoError(t, err)
	require.Contains(t, string(data), `"criteria": [],`)
	r.Stability.Criteria = []Difference{{ID: "service.payments", Seen: []Seen{
		{"met, 10 points", []int{1, 3}}, {"not_met, 7 points", []int{2}}}}}
	r.Stability.Counts = []Difference{{ID: "faulty.payments accepted", Seen: []Seen{
		{"200", []int{1}}, {"199", []int{2, 3}}}}}
	out := text(t, r, 100)
	require.Contains(t, out, "stability: 3 grades differ on 1 criteria")
	require.Contains(t, out, "service.payments: met, 10 points in grades 1,3; not_met, 7 points in grades 2")
	require.Contains(t, out, "count faulty.payments accepted: 200 in grades 1; 199 in grades 2-3")
}

func TestJSON(t *testing.T) {
	data, err := sample().JSON()
	require.NoError(t, err)
	golden(t, "report.json", string(data))
}

// TestJSONOfTwoRuns shows that only `run` differs between two runs.
func TestJSONOfTwoRuns(t *testing.T) {
	one, other := sample(), sample()
	other.Run = Run{ID: "zz", Started: time.Now(), Engine: "other"}
	strip := func(r *Report) string {
		data, err := r.JSON()
		require.NoError(t, err)
		var all map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(data, &all))
		require.Contains(t, all, "run")
		delete(all, "run")
		rest, err := json.Marshal(all)
		require.NoError(t, err)
		return string(rest)
	}
	require.Equal(t, strip(one), strip(other))
}

// hostile is text that a terminal, a reader or a parser might fall for.
var hostile = []string{
	"\x1b[2J\x1b]52;c;ZXZpbA==\x07", "a\rScore 100/100", "b\u009b31m", "\u202egnp.exe",
	"\u200b\u2066x\u2069",
	"\xff\xfe", "</script><script>alert(1)</script>", "=1+1", "\u2028next",
	"\x7f\x08\x08", "\U000e0041tag",
	strings.Repeat("W", 5000), strings.Repeat("漢", 300), "line\nfeed\n\nbreak",
}

// poison puts s wherever text of a candidate or of their service may stand.
func poison(s string) *Report {
	r := sample()
	r.Submission.Skipped[0].Path = s
	r.Notices[0].Output = s
	r.Settings[0].Path, r.Settings[0].Value, r.Settings[1].Reason = s, s, s
	r.Diff[0].Hunks[0].Lines = []string{"+" + s, s, " \t" + s}
	r.Diff[1].Path, r.Diff[2].Reason = s, s
	r.Claims[0].Quote, r.Claims[1].Reason = s, s
	for i := range r.Criteria {
		for j := range r.Criteria[i].Evidence {
			e := &r.Criteria[i].Evidence[j]
			e.Quote, e.Reason, e.Logs, e.Remarks = s, s, []string{s}, []string{s}
			for k := range e.Transcript {
				c := &e.Transcript[k]
				c.Body, c.Answer, c.Error, c.Path = s, s, s, s
			}
		}
	}
	return r
}

func TestHostileText(t *testing.T) {
	for _, s := range hostile {
		const width = 60
		out := text(t, poison(s), width)
		require.NotContains(t, out, "\nScore")
		require.Less(t, len(out), 40_000)
		for _, line := range strings.Split(out, "\n") {
			require.LessOrEqual(t, columns(line), width, line)
			require.Equal(t, -1, strings.IndexFunc(line, hidden), "%q", line)
		}
		data, err := poison(s).JSON()
		require.NoError(t, err)
		require.Equal(t, -1, bytes.IndexFunc(data, hidden))
		require.NotContains(t, string(data), "<script>")
		var back Report
		require.NoError(t, json.Unmarshal(data, &back))
		require.Equal(t, strings.ToValidUTF8(s, "\ufffd"),
			strings.ReplaceAll(back.Criteria[0].Evidence[0].Quote, "\ufffd\ufffd", "\ufffd"))
	}
}

func FuzzText(f *testing.F) {
	for _, s := range hostile {
		f.Add(s, 80)
	}
	f.Fuzz(func(t *testing.T, s string, width int) {
		width = minWidth + int(uint(width)%200)
		for _, line := range strings.Split(text(t, poison(s), width), "\n") {
			require.LessOrEqual(t, columns(line), width)
			require.Equal(t, -1, strings.IndexFunc(line, hidden), "%q", line)
		}
	})
}

func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "out")
	for range 2 { // the second replaces the first
		file, err := sample().Write(dir)
		require.NoError(t, err)
		require.Equal(t, filepath.Join(dir, "report.json"), file)
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		want, err := sample().JSON()
		require.NoError(t, err)
		require.Equal(t, string(want), string(data))
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1, "nothing temporary is left")

	_, err = sample().Write(filepath.Join(dir, "report.json"))
	require.Error(t, err, "a file stands where the directory should")

	blocked := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(blocked, FileName), 0o755))
	_, err = sample().Write(blocked)
	require.Error(t, err)
	entries, err = os.ReadDir(blocked)
	require.NoError(t, err)
	require.Len(t, entries, 1, "nothing temporary is left")
}

func TestList(t *testing.T) {
	require.Equal(t, "", list(nil))
	require.Equal(t, "3", list([]int{3}))
	require.Equal(t, "1-3,5,7-8", list([]int{1, 2, 3, 5, 7, 8}))
}
