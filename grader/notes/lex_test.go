package notes

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// show spells tokens with their kinds and breaks: "," ends a clause, "." a sentence.
func show(text string) string {
	lx := lex([]byte(text), false)
	toks, brk := joinUnits(lx.toks, lx.brk)
	var out []string
	for i, t := range toks {
		s := t.text
		if t.kind != tWord {
			s = fmt.Sprintf("%s/%d", s, t.kind)
		}
		if i > 0 && brk[i] == clauseBreak {
			s = ", " + s
		}
		if i > 0 && brk[i] == sentenceBreak {
			s = ". " + s
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestLexKeepsTypedTokensWhole(t *testing.T) {
	for text, want := range map[string]string{
		"fails 92 % of 50":             fmt.Sprintf("fails 92/%d of 50/%d", tPct, tNum),
		"92% and 8 per cent":           fmt.Sprintf("92/%d and 8/%d", tPct, tPct),
		"over $1,000 or 40 USD":        fmt.Sprintf("over 1,000/%d or 40/%d", tMoney, tMoney),
		"at 13:52, 14h05 and 2.04pm":   fmt.Sprintf("at 13:52/%d , 14h05/%d and 2.04pm/%d", tTime, tTime, tTime),
		"from 1352Z for 40 minutes":    fmt.Sprintf("from 1352Z/%d for 40/%d", tTime, tDur),
		"dead since 1352":              fmt.Sprintf("dead since 1352/%d", tTime),
		"503 in 14 ms":                 fmt.Sprintf("503/%d in 14/%d", tCode, tDur),
		"fraud-api.internal.corp:8443": fmt.Sprintf("fraud-api.internal.corp/%d , 8443/%d", tHost, tNum),
		"POST /api/accounts/3/balance": fmt.Sprintf("post /api/accounts/{id}/balance/%d", tPath),
		"ticket PAY-1234":              fmt.Sprintf("ticket pay 1234/%d", tNum),
		"23/25 failed":                 fmt.Sprintf("23/%d of 25/%d failed", tNum, tNum),
		"nine out of ten":              fmt.Sprintf("nine/%d out of ten/%d", tNum, tNum),
	} {
		require.Equal(t, want, show(text), text)
	}
}

func TestLexTakesContractionsApart(t *testing.T) {
	require.Equal(t, "can not resolve", show("can't resolve"))
	require.Equal(t, "does not answer", show("doesnt answer"))
	require.Equal(t, "is not it", show("isn’t it"))
}

func TestLexSplitsSentencesNotHostsOrAbbreviations(t *testing.T) {
	require.Equal(t, "it broke . i looked", show("It broke. I looked"))
	require.Equal(t, "e.g the log . done", show("e.g. the log. Done"))
	require.Equal(t, "db up . not a db thing", show("db up\nnot a db thing"))
}

func TestLexJoinsWrappedLines(t *testing.T) {
	long := "this is a line of prose that was wrapped by an editor at some\ncolumn"
	require.NotContains(t, show(long), ".")
}

func TestClockReadsFieldForms(t *testing.T) {
	for s, want := range map[string]float64{"13:52": 832, "13h52": 832, "1352Z": 832, "1:50pm": 830,
		"2.04pm": 844, "14:05:10Z": 845} {
		got, n := clock(s)
		require.Positive(t, n, s)
		require.Equal(t, want, got, s)
	}
	for _, s := range []string{"1.5", "25:00", "13:7", "99:99", "8080"} {
		_, n := clock(s)
		require.Zero(t, n, s)
	}
}

func TestFuzzyFindsMisspellings(t *testing.T) {
	v := newVocabulary()
	for _, w := range []string{"resolv", "databas", "currupt"} {
		number(v.stems, w)
	}
	v.seal()
	require.Equal(t, v.stems["resolv"], v.fuzzy("resovl"))
	require.Equal(t, v.stems["databas"], v.fuzzy("datbas"))
	require.Equal(t, int32(-1), v.fuzzy("payment"))
}

func TestOneEdit(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"abc", "abc", true}, {"abc", "ab", true}, {"abc", "acb", true}, {"abc", "axc", true},
		{"abc", "cba", false}, {"abc", "a", false}} {
		require.Equal(t, c.want, oneEdit(c.a, c.b), "%s %s", c.a, c.b)
	}
}
