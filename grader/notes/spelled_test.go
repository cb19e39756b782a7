package notes

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSpelledOutNumbers(t *testing.T) {
	for src, want := range map[string]float64{
		"ninety-two percent": 92, "ninety two per cent": 92, "twenty payments": 20, "92 percent": 92,
	} {
		lx := lex([]byte(src), false)
		toks, brk := joinUnits(lx.toks, lx.brk)
		require.Len(t, brk, len(toks)+1, src)
		require.InDelta(t, want, toks[0].val, 0, src)
	}
}
