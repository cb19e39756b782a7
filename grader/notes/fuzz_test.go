package notes

import (
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// FuzzJudge reads any bytes: it must end, cite lines that exist, and say the
// same twice.
func FuzzJudge(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("| a |\n|---|\n| 14:05 |\n\n> - [ ] x\n<!-- y"))
	f.Add([]byte("~~x~~ `\x00` \xff\u202e ..,;:!? -- -> 1.2.3.4:5 14:60 $ € 9/"))
	j := New(readers(f), Options{Papers: []string{"one two three four five six seven"}})
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 1<<14 {
			return
		}
		rep := j.Judge(src)
		last := len(lineStarts(src))
		for _, fd := range rep.Findings {
			for _, l := range fd.Lines {
				require.GreaterOrEqual(t, l, 1)
				require.LessOrEqual(t, l, last)
			}
			require.True(t, utf8.ValidString(fd.Quote))
		}
		require.Equal(t, rep, j.Judge(src))
	})
}

// FuzzLex cuts any text: tokens stay inside it and in order, and the breaks
// frame them.
func FuzzLex(f *testing.F) {
	for _, s := range []string{"It's 14:05, db up -> ok. 92 % of $1k; e.g. /api/x?y", "a.b.c()", "=<>≤x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		lx := lex([]byte(s), false)
		require.Len(t, lx.brk, len(lx.toks)+1)
		for _, tok := range lx.toks {
			require.GreaterOrEqual(t, int(tok.off), 0)
			require.LessOrEqual(t, int(tok.off), len(s))
			require.NotEmpty(t, tok.text)
		}
		toks, brk := joinUnits(lx.toks, lx.brk)
		require.Len(t, brk, len(toks)+1)
	})
}

// FuzzCorpus reads any labels and snippets: an id never leads out of the directory.
func FuzzCorpus(f *testing.F) {
	f.Add(`{"id":"a","labels":{"cause.dns":1},"evidence":{"cause.dns":[1]}}`, `{"criterion":"cause.dns","label":1,"text":"x"}`)
	f.Add(`{"id":"../a"}`, "")
	f.Add(`{"id":"."}`+"\n"+`{"id":""}`, "[]")
	f.Fuzz(func(t *testing.T, labels, snippets string) {
		c, err := LoadCorpus(fstest.MapFS{"labels.jsonl": {Data: []byte(labels)},
			"snippets.jsonl": {Data: []byte(snippets)}, "notes/a.md": {Data: []byte("x")},
			"a.md": {Data: []byte("outside")}, "notes/.md": {}}, nil)
		if err != nil {
			return
		}
		for _, n := range c.Notes {
			require.NotEqual(t, "outside", string(n.Text))
			require.NotContains(t, n.ID, "/")
		}
	})
}
