package notes

import "hash/maphash"

// gramSize is the number of consecutive words that make a copy recognisable.
const gramSize = 5

// copies knows the word 5-grams of the exam's kit and papers.
type copies struct {
	seed  maphash.Seed
	grams map[uint64]bool
}

func newCopies(papers []string) *copies {
	c := &copies{seed: maphash.MakeSeed(), grams: map[uint64]bool{}}
	for _, p := range papers {
		lx := lex([]byte(p), false)
		toks, _ := joinUnits(lx.toks, lx.brk)
		for i := 0; i+gramSize <= len(toks); i++ {
			c.grams[c.gram(toks[i:i+gramSize])] = true
		}
	}
	return c
}

func (c *copies) gram(toks []token) uint64 {
	var h maphash.Hash
	h.SetSeed(c.seed)
	for _, t := range toks {
		_, _ = h.WriteString(t.text)
		_ = h.WriteByte(0)
	}
	return h.Sum64()
}

// covers says whether a sentence is copied prose. A run of figures or of log text that the
// papers show as well is not: at least half of the words must be plain.
func (c *copies) covers(toks []token) bool {
	plain := 0
	for i := range toks {
		if toks[i].kind == tWord {
			plain++
		}
	}
	return plain*2 >= len(toks) && c.holds(toks)
}

// holds says whether most words of a sentence lie in copied 5-grams.
func (c *copies) holds(toks []token) bool {
	if len(c.grams) == 0 || len(toks) < gramSize {
		return false
	}
	copied, upTo := 0, 0
	for i := range toks {
		if i+gramSize <= len(toks) && c.grams[c.gram(toks[i:i+gramSize])] {
			copied += i + gramSize - max(upTo, i)
			upTo = i + gramSize
		}
	}
	return copied*10 >= len(toks)*7
}
