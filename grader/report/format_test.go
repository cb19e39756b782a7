package report

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/joshdk/go-junit"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	gtext "github.com/yuin/goldmark/text"

	"firedrill/rubric"
)

func encoded(t *testing.T, r *Report, f Format) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, r.Encode(&out, f, 100))
	return out.Bytes()
}

func TestFormats(t *testing.T) {
	golden(t, "report.junit.xml", string(encoded(t, sample(), FormatJUnit)))
	golden(t, "report.sarif", string(encoded(t, sample(), FormatSARIF)))
	golden(t, "report.md", string(encoded(t, sample(), FormatMarkdown)))
	golden(t, "wide.txt", string(encoded(t, sample(), FormatText)))
	for _, f := range Formats() {
		require.NotEmpty(t, encoded(t, sample(), f), f)
	}
	require.EqualError(t, sample().Encode(&bytes.Buffer{}, "xml", 100), `"xml" is no format of a report`)
}

// cases reads JUnit XML as a consumer does and gives the test cases by criterion.
func cases(t *testing.T, data []byte) map[string]junit.Test {
	t.Helper()
	suites, err := junit.Ingest(data)
	require.NoError(t, err)
	out := map[string]junit.Test{}
	for _, s := range suites {
		for _, c := range s.Tests {
			id, _, _ := strings.Cut(c.Name, ":")
			out[id] = c
		}
	}
	return out
}

// TestJUnitIsAccepted reads the XML with a library that CIs use, and finds each criterion
// where its outcome belongs. What could not be checked is never a failure.
func TestJUnitIsAccepted(t *testing.T) {
	r := sample()
	data := encoded(t, r, FormatJUnit)
	got := cases(t, data)
	require.Len(t, got, len(r.Criteria))
	for id, want := range map[string]junit.Status{
		"cause.dns":           junit.StatusPassed,
		"fix.dns":             junit.StatusFailed,
		"cause.wrong":         junit.StatusSkipped, // a penalty in doubt
		"service.payments":    junit.StatusFailed,  // in part
		"service.decisions":   junit.StatusSkipped, // not gradable
		"service.endpoints":   junit.StatusFailed,
		"claims.contradicted": junit.StatusFailed, // a penalty that is due
		"examiner.approach":   junit.StatusSkipped,
	} {
		require.Equal(t, want, got[id].Status, id)
	}
	require.Contains(t, got["service.payments"].Error.Error(), "180 accepted of 200 asked (90.0 %)")
	require.Contains(t, got["service.decisions"].Message, "the lab could not be healed")

	suites, err := junit.Ingest(data)
	require.NoError(t, err)
	require.Equal(t, "Incident notes", suites[0].Name)
	require.Equal(t, "3", suites[0].Properties["points"])
	require.Equal(t, "3 of 3 points", suites[0].Properties["points.cause.dns"])
	require.Equal(t, "open", suites[0].Properties["grade.state"])
	require.Equal(t, junit.Totals{Tests: 4, Passed: 1, Failed: 2, Skipped: 1}, suites[0].Totals)
}

// TestWhatCostsNothing is no failure: a penalty that is not due, time that was not exceeded.
func TestWhatCostsNothing(t *testing.T) {
	for _, c := range []struct {
		of   rubric.Result
		want standing
	}{
		{rubric.Result{Outcome: rubric.NotMet, Penalty: 2}, standsFull},
		{rubric.Result{Outcome: rubric.Met, Penalty: 2, Points: -2, Lowest: -2, Highest: -2}, standsLost},
		{rubric.Result{Outcome: rubric.NeedsReview, Penalty: 2, Lowest: -2}, standsReview},
		{rubric.Result{Outcome: rubric.NotGradable, Penalty: 2, Lowest: -2}, standsUnchecked},
		{rubric.Result{ID: rubric.CostsTime, Outcome: rubric.NotMet}, standsFull},
		{rubric.Result{ID: rubric.CostsHints, Outcome: rubric.Met, Penalty: 3, Points: -1, Lowest: -1, Highest: -1},
			standsLost},
	} {
		require.Equal(t, c.want, stands(c.of), "%+v", c.of)
	}
	require.Equal(t, "costs nothing", pointsOf(rubric.Result{Outcome: rubric.NotMet}))
}

// TestLackIsTold: why a grade with enough points is no pass.
func TestLackIsTold(t *testing.T) {
	r := sample()
	r.Lacks = []string{"service.payments"}
	require.Contains(t, string(encoded(t, r, FormatMarkdown)), "to pass: open, no pass without service.payments**")
	require.Contains(t, string(encoded(t, r, FormatJUnit)), `<property name="grade.lacks" value="service.payments">`)
	require.Contains(t, string(encoded(t, r, FormatSARIF)), `"lacks": [`)
}

// validSARIF holds a log against the specification's schema (OASIS, errata 01), and reads it
// as tools do.
func validSARIF(t *testing.T, data []byte) *sarif.Report {
	t.Helper()
	file, err := os.ReadFile("testdata/sarif-schema-2.1.0.json")
	require.NoError(t, err)
	require.NoError(t, schema(t, file).Validate(decoded(t, data)))
	strict := json.NewDecoder(bytes.NewReader(data))
	strict.DisallowUnknownFields()
	var log sarif.Report
	require.NoError(t, strict.Decode(&log))
	return &log
}

func TestSARIFIsValid(t *testing.T) {
	r := sample()
	log := validSARIF(t, encoded(t, r, FormatSARIF))
	run := log.Runs[0]
	require.Len(t, run.Results, len(r.Criteria)+len(r.Settings))
	seen := map[string]string{}
	for _, res := range run.Results {
		require.Equal(t, *res.RuleID, *run.Tool.Driver.Rules[res.RuleIndex].ID)
		require.NotEmpty(t, res.Locations, "places that show findings refuse one without")
		for _, l := range res.Locations {
			uri := *l.PhysicalLocation.ArtifactLocation.URI
			require.NotRegexp(t, `^/|^[a-z]+:`, uri, "relative to the submission")
		}
		if res.Kind != "fail" {
			require.Equal(t, "none", res.Level, "only a fail has a level")
		}
		seen[*res.RuleID] = res.Kind + " " + res.Level
	}
	require.Equal(t, map[string]string{
		"cause.dns": "pass none", "fix.dns": "fail error", "cause.wrong": "review none",
		"service.payments": "fail warning", "service.decisions": "open none",
		"service.endpoints": "fail error", "claims.contradicted": "fail error",
		"examiner.approach": "review none", "compose.change": "fail note"}, seen)
	first := run.Results[0]
	require.Equal(t, 12, *first.Locations[0].PhysicalLocation.Region.StartLine)
	require.Contains(t, *first.Locations[0].PhysicalLocation.Region.Snippet.Text, "NXDOMAIN")
	require.Equal(t, 13, *first.RelatedLocations[0].PhysicalLocation.Region.StartLine)
	require.Equal(t, 14, *first.RelatedLocations[0].PhysicalLocation.Region.EndLine)
	require.Equal(t, 20, *first.RelatedLocations[1].PhysicalLocation.Region.StartLine)
}

// live lists what a page would bring to life of a summary besides what is ours.
func live(data []byte) []string {
	var out []string
	doc := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(gtext.NewReader(data))
	_ = ast.Walk(doc, func(n ast.Node, in bool) (ast.WalkStatus, error) {
		if !in {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.CodeSpan:
			return ast.WalkSkipChildren, nil
		case *ast.Link, *ast.AutoLink, *ast.Image, *ast.RawHTML, *ast.CodeBlock, *ast.FencedCodeBlock:
			out = append(out, n.Kind().String())
		case *ast.HTMLBlock:
			if s := string(n.Lines().Value(data)); !strings.HasPrefix(s, "<details><summary>All ") && s != "</details>\n" {
				out = append(out, s)
			}
		case *ast.Text:
			if s := string(n.Value(data)); strings.ContainsAny(s, "@#") {
				out = append(out, s)
			}
		}
		return ast.WalkContinue, nil
	})
	return out
}

// alive is text that a page might bring to life.
var alive = []string{
	"@octocat and @org/team, see #1 and org/repo#2", "https://evil.example www.evil.example a@b.example",
	"[click](javascript:alert(1)) ![x](https://evil.example/x.png)", "<img src=x onerror=alert(1)>",
	"`code` ``two`` ``` three", "` @octocat `", "```", "\\`@octocat\\`", "a | b \\| @octocat",
	"</details></summary><details open>", "- [ ] task\n# heading\n\n    code", "$\\unicode{x}$ $`x`$",
	"<!-- ", "]]>", "{0} [a](0)", "`", "\\", "[^1]: @octocat", "::error::x", "%0A::warning::y",
}

func TestMarkdownIsInert(t *testing.T) {
	for _, s := range append(alive, hostile...) {
		out := encoded(t, poison(s), FormatMarkdown)
		require.Empty(t, live(out), "%q in\n%s", s, out)
		require.Equal(t, -1, bytes.IndexFunc(out, hidden))
		require.Less(t, len(out), 65_536)
		for line := range strings.Lines(string(out)) {
			require.False(t, strings.HasPrefix(line, "::"), "a CI takes such a line for an order")
		}
	}
	require.NotEmpty(t, live([]byte("@octocat <b> [x](y)")), "the test sees what is alive")
}

// TestMarkdownIsBounded: a comment holds only so much.
func TestMarkdownIsBounded(t *testing.T) {
	r := poison(strings.Repeat("漢`", 400))
	for range 7 {
		r.Criteria = append(r.Criteria, r.Criteria...)
	}
	out := encoded(t, r, FormatMarkdown)
	require.Less(t, len([]rune(string(out))), 65_536)
	require.Contains(t, string(out), " more in report.json\n")
	require.Empty(t, live(out))
}

// TestMachineFormatsStandHostileText: parsers accept what we write whatever a candidate wrote.
func TestMachineFormatsStandHostileText(t *testing.T) {
	for _, s := range append(alive, hostile...) {
		xml := encoded(t, poison(s), FormatJUnit)
		require.Len(t, cases(t, xml), len(sample().Criteria), "%q", s)
		require.Equal(t, -1, bytes.IndexFunc(xml, func(r rune) bool { return r != '\t' && hidden(r) }))
		log := validSARIF(t, encoded(t, poison(s), FormatSARIF))
		for _, res := range log.Runs[0].Results {
			require.NotContains(t, *res.Message.Text, "](", "a link in a message")
		}
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range append(alive, hostile...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		require.Empty(t, live(encoded(t, poison(s), FormatMarkdown)), "%q", s)
		cases(t, encoded(t, poison(s), FormatJUnit))
	})
}
