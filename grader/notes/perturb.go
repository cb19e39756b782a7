package notes

import (
	"hash/fnv"
	"math/rand/v2"
	"regexp"
	"strings"
)

// perturbation is a change of notes that must not change what they say.
type perturbation struct {
	name  string
	apply func(string) string
}

var perturbations = []perturbation{
	{"typos in one word of twenty", typos},
	{"synonyms", synonyms},
	{"sections shuffled", shuffleSections},
	{"headings dropped", dropHeadings},
	{"bullets to prose", bulletsToProse},
	{"prose to bullets", proseToBullets},
	{"tables to bullets", tablesToBullets},
	{"logs appended", func(s string) string { return s + "\n\n" + sampleLog }},
	{"keyword list appended", func(s string) string { return s + "\n\n" + sampleKeywords }},
}

const sampleLog = "```\n2026-03-03T14:01:02Z INFO request ok endpoint=/api/stats status=200\n```\n"

const sampleKeywords = "SLO, error budget, blast radius, canary, observability, chaos engineering, " +
	"golden signals, toil\n"

// random is seeded by the text itself, so that a change is the same every time.
func random(s string) *rand.Rand {
	h := fnv.New64a()
	_, _ = io64(h, s)
	return rand.New(rand.NewPCG(h.Sum64(), seed))
}

func io64(w interface{ Write([]byte) (int, error) }, s string) (int, error) {
	return w.Write([]byte(s))
}

var plainWord = regexp.MustCompile(`\b[a-z]{6,}\b`)

// typos swaps two letters inside one long word of twenty, outside of code.
func typos(s string) string {
	rng := random(s)
	return outsideCode(s, func(line string) string {
		return plainWord.ReplaceAllStringFunc(line, func(w string) string {
			if rng.IntN(20) != 0 {
				return w
			}
			i := 1 + rng.IntN(len(w)-3)
			return w[:i] + w[i+1:i+2] + w[i:i+1] + w[i+2:]
		})
	})
}

// outsideCode applies f to lines that are not in fenced code and hold no ticks.
func outsideCode(s string, f func(string) string) string {
	lines := strings.Split(s, "\n")
	fenced := false
	for i, l := range lines {
		if strings.HasPrefix(strings.TrimSpace(l), "```") {
			fenced = !fenced
			continue
		}
		if !fenced && !strings.ContainsAny(l, "`|") && !strings.HasPrefix(l, "    ") {
			lines[i] = f(l)
		}
	}
	return strings.Join(lines, "\n")
}

// pairs are words that mean the same in notes.
var pairs = strings.NewReplacer(
	" failing", " broken", " failed ", " errored ", " customers ", " clients ", " restarted ",
	" rebooted ", " rejected", " refused", " informed ", " notified ", " told ", " informed ",
	" bigger ", " larger ", " checked ", " verified ", " because ", " since ", " fine", " OK",
	" missing", " absent", " started ", " began ", " alert ", " alarm ", " add ", " introduce ",
	" opened ", " looked at ", " big ", " large ", " accepted", " approved", " revert ", " undo ")

func synonyms(s string) string { return outsideCode(s, pairs.Replace) }

// sections splits at headings of the second level; the head stays first.
func sections(s string) []string {
	var out []string
	for _, l := range strings.SplitAfter(s, "\n") {
		if len(out) == 0 || strings.HasPrefix(l, "## ") {
			out = append(out, "")
		}
		out[len(out)-1] += l
	}
	return out
}

func shuffleSections(s string) string {
	parts := sections(s)
	if len(parts) < 3 {
		return s
	}
	last := len(parts) - 1
	if !strings.HasSuffix(parts[last], "\n") {
		parts[last] += "\n"
	}
	rng := random(s)
	rest := parts[1:]
	rng.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	return strings.Join(parts, "")
}

func dropHeadings(s string) string {
	return outsideCode(s, func(l string) string {
		if strings.HasPrefix(l, "#") {
			return ""
		}
		return l
	})
}

var bullet = regexp.MustCompile(`^\s*(?:[-*]|\d+[.)])\s+(?:\[[ x]\]\s+)?`)

// bulletsToProse makes every list item a paragraph of its own.
func bulletsToProse(s string) string {
	return outsideCode(s, func(l string) string {
		if m := bullet.FindString(l); m != "" {
			return "\n" + l[len(m):]
		}
		return l
	})
}

// proseToBullets makes every paragraph of one line a list item.
func proseToBullets(s string) string {
	return outsideCode(s, func(l string) string {
		if l == "" || strings.ContainsAny(l[:1], "#-*>|0123456789 <=~") {
			return l
		}
		return "- " + l
	})
}

// tablesToBullets writes the cells of a row as one list item.
func tablesToBullets(s string) string {
	lines := strings.Split(s, "\n")
	var out []string
	for i, l := range lines {
		t := strings.TrimSpace(l)
		if !strings.HasPrefix(t, "|") || !strings.HasSuffix(t, "|") {
			out = append(out, l)
			continue
		}
		next := i+1 < len(lines) && strings.HasPrefix(strings.TrimSpace(lines[i+1]), "|--")
		if strings.HasPrefix(t, "|--") || strings.HasPrefix(t, "| --") || next {
			continue
		}
		cells := strings.Split(strings.Trim(t, "|"), "|")
		out = append(out, "- "+strings.Join(cells, ", "))
	}
	return strings.Join(out, "\n")
}
