package rule

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// valid is a rule file to which each case makes one change.
const valid = `version: 1
concepts:
  dns.name:
    - dns; (host|domain) name
  dns.gone:
    any: ["not ~2 resolve; missing"]
    except: ["missing index"]
facts:
  - rule: gone
    all: ["@dns.name", "@dns.gone"]
    span: clause
criteria:
  - id: cause.dns
    says: the name does not resolve
    met:
      - rule: it is gone
        all: ["#gone"]
        unless: ["@dns.gone maybe"]
    against:
      - rule: denied
        all: ["dns is fine"]
        cancels: earlier
    examples:
      for: ["The host name is missing."]
      against: ["Fine."]
`

func load(text string) (*Set, error) {
	return Load(fstest.MapFS{"r.yaml": {Data: []byte(text)}}, "r.yaml")
}

func TestLoadReadsAWholeFile(t *testing.T) {
	set, err := load(valid)
	require.NoError(t, err)
	require.Len(t, set.Concepts, 2)
	require.Equal(t, SpanClause, set.Facts[0].Span)
	c := set.Criterion("cause.dns")
	require.Equal(t, 13, c.ID.Line)
	require.Equal(t, SpanSentence, c.Met[0].Span)
	require.Equal(t, "earlier", c.Against[0].Cancels)
	require.Equal(t, "The host name is missing.", c.For[0].Value)
	require.Nil(t, set.Criterion("nope"))
}

func TestLoadReadsADirectory(t *testing.T) {
	set, err := Load(fstest.MapFS{"d/a.yaml": {Data: []byte(valid)}, "d/x.txt": {Data: []byte("no")}}, "d")
	require.NoError(t, err)
	require.Len(t, set.Criteria, 1)
}

func TestLoadNamesFileAndLineOfEachProblem(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"version":        {"version: 1", "version: 7", "r.yaml:1: version: version is 7"},
		"unknown key":    {"    span: clause", "    spam: clause", "spam"},
		"unknown span":   {"span: clause", "span: page", `r.yaml:11: facts[0].span: span "page"`},
		"no concept":     {`["@dns.name", "@dns.gone"]`, `["@dns.nome"]`, "no concept is called dns.nome"},
		"no fact":        {`["#gone"]`, `["#lost"]`, "no earlier fact is called #lost"},
		"cycle":          {"- dns; (host|domain) name", `- "dns; @dns.name x"`, "contains itself"},
		"bad phrase":     {"missing index", "missing (index", "missing )"},
		"starred group":  {"missing index", "(missing|lost)*", "* after a group"},
		"bad class":      {"missing index", "<colour>", "unknown class"},
		"dead word":      {"missing index", "missing, index", "can match nothing"},
		"no cancels":     {"        cancels: earlier\n", "", "needs cancels"},
		"twice":          {"  - id: cause.dns", "  - id: cause.dns\n    says: x\n    met: [{rule: y, all: [dns]}]\n  - id: cause.dns", "defined twice"},
		"nameless rule":  {"- rule: it is gone\n        all", "- all", "`rule` is missing"},
		"empty rule":     {`        all: ["dns is fine"]` + "\n", "", "`all` is missing"},
		"fact in except": {`["missing index"]`, `["#gone"]`, "cannot refer to a fact"},
	} {
		require.Contains(t, valid, c.old, name)
		_, err := load(strings.Replace(valid, c.old, c.new, 1))
		require.Error(t, err, name)
		require.ErrorContains(t, err, c.want, name)
		require.ErrorContains(t, err, "r.yaml", name)
	}
}

func TestParsePhraseSpellsOutSequences(t *testing.T) {
	for phrase, want := range map[string]int{
		"a b": 1, "a|b c": 1, "(a b|c) d": 2, "a? b": 2, "(a|b)? (c d|e f)": 4, "a; b": 2, "a ~3 b": 1,
		"pay-load": 1,
	} {
		seqs, err := ParsePhrase(phrase)
		require.NoError(t, err, phrase)
		require.Len(t, seqs, want, phrase)
	}
}

func TestParsePhraseRefusesExplosions(t *testing.T) {
	_, err := ParsePhrase(strings.Repeat("(a b|c d|e f) ", 12))
	require.ErrorContains(t, err, "use a concept")
}

// FuzzParsePhrase must end, and give sequences that can match something.
func FuzzParsePhrase(f *testing.F) {
	f.Add("(not|never) ~2? @x <num> =y z* ^ $; a|b")
	f.Fuzz(func(t *testing.T, s string) {
		seqs, err := ParsePhrase(s)
		if err != nil {
			return
		}
		for _, q := range seqs {
			require.NoError(t, checkSeq(q))
		}
	})
}

// TestLoadTellsEveryProblem: one mistake does not hide another.
func TestLoadTellsEveryProblem(t *testing.T) {
	_, err := load(strings.NewReplacer("span: clause", "spam: clause", "missing index", "missing (index",
		"cancels: earlier", "cancels: never", "says: the", "say: the").Replace(valid))
	var got []string
	for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
		got = append(got, e.Error())
		require.NotEmpty(t, e.(Problem).Hint, e.Error())
	}
	require.Equal(t, []string{
		`r.yaml:7: concepts.dns.gone.except[0]: phrase "missing (index": missing )`,
		"r.yaml:11: facts[0].spam: unknown field",
		"r.yaml:13: criteria[0]: `says` is missing",
		"r.yaml:14: criteria[0].say: unknown field",
		`r.yaml:22: criteria[0].against[0].cancels: cancels "never", want one of all, earlier, before, outside, same`,
	}, got)
}

// FuzzParse: a rule file is read or refused, with its problems told by line.
func FuzzParse(f *testing.F) {
	f.Add(valid)
	f.Add("version: 1\nconcepts: {a: [\"@a\"]}\nfacts: [{rule: x, all: [\"#x\"]}]\n")
	f.Fuzz(func(t *testing.T, text string) {
		set, err := load(text)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		require.NotNil(t, set.Concepts)
		set.ForClaims()
	})
}
