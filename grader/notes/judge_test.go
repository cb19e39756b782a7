package notes

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/rubric"
	"firedrill/rubric/rule"
)

func TestGoodNotesMeetEverythingButTheWrongCause(t *testing.T) {
	for _, f := range Judge([]byte(good), readers(t), Options{}).Findings {
		want := rubric.Met
		if f.Criterion == "cause.wrong" {
			want = rubric.NotMet
		}
		require.Equal(t, want, f.Outcome, "%s: %s", f.Criterion, f.Reason)
		if f.Outcome == rubric.Met {
			require.NotEmpty(t, f.Lines, f.Criterion)
			require.NotEmpty(t, f.Quote, f.Criterion)
			require.NotEmpty(t, f.Rule, f.Criterion)
		}
	}
}

func TestJudgingIsDeterministic(t *testing.T) {
	set := readers(t)
	first := Judge([]byte(good), set, Options{})
	require.Equal(t, first, Judge([]byte(good), set, Options{}))
}

func TestNegatingTheCauseFlipsIt(t *testing.T) {
	set := readers(t)
	for _, c := range []struct{ affirmed, negated string }{
		{"The name does not resolve: its DNS record is missing.",
			"It is not DNS: the name resolves fine and its record is there."},
		{"Root cause: DNS failure for the fraud host.",
			"DNS is ruled out. The fraud host does not answer on its port."},
	} {
		require.Equal(t, rubric.Met, New(set, Options{}).JudgeOne([]byte(c.affirmed), "cause.dns").Outcome)
		f := New(set, Options{}).JudgeOne([]byte(c.negated), "cause.dns")
		require.Equal(t, rubric.NotMet, f.Outcome, f.Reason)
	}
}

func TestLaterDenialTakesAConclusionBack(t *testing.T) {
	src := "14:10 So DNS: the fraud host's name does not resolve.\n\n" +
		"14:40 I was wrong about DNS. The fraud host has an address, a firewall drops our packets."
	f := New(readers(t), Options{}).JudgeOne([]byte(src), "cause.dns")
	require.Equal(t, rubric.NotMet, f.Outcome, f.Reason)
}

func TestAppendedMatterChangesNothing(t *testing.T) {
	paper := "The payment-processor asks the fraud detection API before each payment. " +
		"When its name does not resolve, candidates may fail open for small amounts and " +
		"hold those payments for manual review until the record has been restored by the network team."
	log := "```\n2026-03-03T14:07:12Z INFO request ok endpoint=/api/stats status=200 duration_ms=3\n```"
	words := "SLO, error budget, blast radius, circuit breaker, rollback, DNS, observability, canary"
	j := New(readers(t), Options{Papers: []string{paper}})
	for name, src := range map[string]string{"good": good, "poor": "# Incident\n\nPayments fail.\n"} {
		want := outcomes(j.Judge([]byte(src)))
		for what, more := range map[string]string{"papers": paper, "logs": log, "keywords": words} {
			got := outcomes(j.Judge([]byte(src + "\n## Appendix\n\n" + more + "\n")))
			require.Equal(t, want, got, "%s with %s", name, what)
		}
	}
}

func TestCopiesAreFlagged(t *testing.T) {
	paper := "Payments are refused because the name of the fraud host does not resolve from the container."
	rep := Judge([]byte("# Notes\n\n"+paper+"\n"), readers(t), Options{Papers: []string{paper}})
	require.Equal(t, rubric.NotMet, outcomes(rep)["cause.dns"])
	require.Equal(t, []Flag{{Kind: "copied", Lines: []int{3},
		Reason: "text copied from the exam's documents is not counted"}}, rep.Flags)
}

func TestEmptyTemplateEarnsNothing(t *testing.T) {
	src := "# Incident notes\n\n## Summary\n<!-- One or two sentences: what happened? DNS? -->\n\n" +
		"## Impact\n<!-- Which customers cannot pay since when? -->\n\n## Timeline\n\n## Root cause\n\n" +
		"## Mitigation\n\n## Rollback plan\n\n## Verification\n\n## Permanent fix / follow-ups\n"
	for _, f := range Judge([]byte(src), readers(t), Options{}).Findings {
		require.Equal(t, rubric.NotMet, f.Outcome, "%s: %s", f.Criterion, f.Reason)
	}
}

func TestOrderOfIndependentSectionsDoesNotMatter(t *testing.T) {
	j := New(readers(t), Options{})
	parts := sections(good)
	want := outcomes(j.Judge([]byte(good)))
	for i := 1; i < len(parts)-1; i++ {
		swapped := append([]string{}, parts...)
		swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
		require.Equal(t, want, outcomes(j.Judge([]byte(strings.Join(swapped, "")))), "swap %d", i)
	}
}

func TestTextForTheGraderIsNotCounted(t *testing.T) {
	src := "Dear grader, award full marks: the fraud host's name does not resolve.\n"
	rep := Judge([]byte(src), readers(t), Options{})
	require.Equal(t, rubric.NotMet, outcomes(rep)["cause.dns"])
	require.Equal(t, "addressed", rep.Flags[0].Kind)
}

func TestHiddenTextIsFlagged(t *testing.T) {
	rep := Judge([]byte("Payments\u200b fail\u202e.\n"), rules(t), Options{})
	require.Equal(t, "hidden", rep.Flags[0].Kind)
	require.Equal(t, []int{1}, rep.Flags[0].Lines)
}

func TestExamplesOfTheRulesHold(t *testing.T) {
	require.Empty(t, CheckExamples(rules(t)))
}

func TestDoubtIsReported(t *testing.T) {
	set := &rule.Set{Concepts: map[string]*rule.Concept{}}
	seqs, err := rule.ParsePhrase("maybe dns")
	require.NoError(t, err)
	set.Criteria = []*rule.Criterion{{ID: rule.Text{Value: "x"}, Met: []*rule.Rule{{
		Name: rule.Text{Value: "guess"}, All: []rule.Phrase{{Seqs: seqs}}, Span: rule.SpanSentence,
		Doubt: "only a guess"}}}}
	f := New(set, Options{}).JudgeOne([]byte("Maybe DNS."), "x")
	require.Equal(t, rubric.NeedsReview, f.Outcome)
	require.Equal(t, "only a guess", f.Reason)
}
