package notes

import (
	"sort"
	"strings"

	"github.com/kljensen/snowball/english"
)

// wordInfo is what a spelling means to the compiled phrases. It is worked out
// once per distinct spelling.
type wordInfo struct {
	stem, exact int32
	prefixes    []int32
	classes     uint32
	// match is the set of plain elements that the word matches.
	match bitset
	// alike is the same number for words with the same match.
	alike uint32
	// form is the spelling as a feature.
	form string
	// starts[level] lists the sequences that can begin with this spelling.
	starts [][]start
}

// vocabulary numbers the words that occur in phrases.
type vocabulary struct {
	stems, exact, prefix map[string]int32
	sortedPrefix         []string
	// near maps a stem with one letter left out to the stems it may stand for.
	near map[string][]int32
	text []string // stems by number
}

func newVocabulary() *vocabulary {
	return &vocabulary{stems: map[string]int32{}, exact: map[string]int32{},
		prefix: map[string]int32{}, near: map[string][]int32{}}
}

func number(m map[string]int32, s string) int32 {
	if n, ok := m[s]; ok {
		return n
	}
	n := int32(len(m))
	m[s] = n
	return n
}

// stem is the form under which spellings of one word meet.
func stem(w string) string { return english.Stem(w, true) }

// maxWord bounds the words that are looked up: longer ones are no words.
const maxWord = 40

// misspelt words are only looked for among stems of this length and more.
const minFuzzy = 5

// seal prepares the lookups when all phrases are in.
func (v *vocabulary) seal() {
	v.text = make([]string, len(v.stems))
	for s, n := range v.stems {
		v.text[n] = s
	}
	for n, s := range v.text {
		if len(s) < minFuzzy || !plain(s) {
			continue
		}
		v.near[s] = append(v.near[s], int32(n))
		for i := range s {
			d := s[:i] + s[i+1:]
			v.near[d] = append(v.near[d], int32(n))
		}
	}
	for p := range v.prefix {
		v.sortedPrefix = append(v.sortedPrefix, p)
	}
	sort.Strings(v.sortedPrefix)
}

func plain(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return true
}

// lookup finds the numbers of a spelling; -1 where no phrase knows it.
func (v *vocabulary) lookup(w string, kind tokenKind) wordInfo {
	info := wordInfo{stem: -1, exact: -1}
	if len(w) > maxWord {
		return info
	}
	if n, ok := v.exact[w]; ok {
		info.exact = n
	}
	s := w
	if kind == tWord || kind == tNum {
		s = stem(w)
	}
	if n, ok := v.stems[s]; ok {
		info.stem = n
	} else if kind == tWord && info.exact < 0 {
		info.stem = v.fuzzy(s)
	}
	for i := sort.SearchStrings(v.sortedPrefix, w[:min(len(w), 1)]); i < len(v.sortedPrefix); i++ {
		p := v.sortedPrefix[i]
		if p[0] != w[0] {
			break
		}
		if strings.HasPrefix(w, p) {
			info.prefixes = append(info.prefixes, v.prefix[p])
		}
	}
	return info
}

// fuzzy finds the one stem that a misspelt stem stands for: one letter more,
// less, other or swapped, the first letter kept. -1 when none or several fit.
func (v *vocabulary) fuzzy(s string) int32 {
	if len(s) < minFuzzy || !plain(s) {
		return -1
	}
	best, bestDist := int32(-1), 2
	try := func(key string) {
		for _, n := range v.near[key] {
			t := v.text[n]
			if t[0] != s[0] || !oneEdit(s, t) {
				continue
			}
			if best >= 0 && best != n && bestDist == 1 {
				if v.text[best] > t {
					best = n
				}
				continue
			}
			best, bestDist = n, 1
		}
	}
	try(s)
	for i := 1; i < len(s); i++ {
		try(s[:i] + s[i+1:])
	}
	return best
}

// oneEdit says whether one insertion, deletion, substitution or swap of
// neighbours turns a into b.
func oneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) || a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
