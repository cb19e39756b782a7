package notes

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// numeric says whether a chunk is a number with signs and units around it.
func numeric(c string) bool {
	const signs = 8 // bytes
	head := c[:min(len(c), signs+1)]
	rest := strings.TrimLeft(head, "$€£~≈<>≤≥=+-−#×x")
	if rest == "" {
		return false
	}
	if c[0] == 'x' && len(c) > 1 && (c[1] < '0' || c[1] > '9') {
		return false
	}
	return rest[0] >= '0' && rest[0] <= '9'
}

// number reads a chunk that begins with a number.
func (lx *lexer) number(c string, off int) {
	money := false
	for c != "" && (c[0] < '0' || c[0] > '9') {
		r, n := utf8.DecodeRuneInString(c)
		switch r {
		case '$', '€', '£':
			money = true
		case '<', '>', '≤', '≥':
			lx.emit(symbol(string(r)), tWord, 0, off)
		}
		c, off = c[n:], off+n
	}
	if lx.stamp(c, off) || lx.date(c, off) {
		return
	}
	digits := digitRun(c)
	val := parseNumber(c[:digits])
	unit := strings.ToLower(c[digits:])
	if money {
		if strings.HasPrefix(unit, "k") {
			val *= 1000
		}
		lx.emit(c[:digits], tMoney, val, off)
		lx.tail(strings.TrimPrefix(c[digits:], "k"), off+digits)
		return
	}
	if kind, scale, ok := unitOf(unit); ok {
		lx.emit(c[:digits], kind, val*scale, off)
		return
	}
	lx.plainNumber(c[:digits], val, off)
	lx.tail(c[digits:], off+digits)
}

// plainNumber emits a number, as a status code where it looks like one.
func (lx *lexer) plainNumber(s string, val float64, off int) {
	kind := tNum
	if len(s) == 3 {
		switch s {
		case "200", "201", "202", "204", "400", "403", "404", "408", "422", "429", "500", "502",
			"503", "504":
			kind = tCode
		}
	}
	lx.emit(s, kind, val, off)
}

// tail reads what is glued to a number.
func (lx *lexer) tail(rest string, off int) {
	if rest == "" {
		return
	}
	r, n := utf8.DecodeRuneInString(rest)
	switch {
	case r == '/' && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9':
		lx.emit("of", tWord, 0, off)
		lx.body(rest[n:], off+n)
	case strings.ContainsRune("-–—/→,;:.=×x*|", r):
		if r == ',' || r == ';' || r == ':' || r == '→' {
			lx.breaks(clauseBreak)
		}
		if len(rest) > n {
			lx.body(rest[n:], off+n)
		}
	default:
		lx.wordy(rest, off)
	}
}

func digitRun(c string) int {
	i := 0
	for i < len(c) && (c[i] >= '0' && c[i] <= '9' ||
		(c[i] == '.' || c[i] == ',') && i+1 < len(c) && c[i+1] >= '0' && c[i+1] <= '9') {
		i++
	}
	return i
}

// parseNumber understands 1,000 and 1.200 as thousands, 0,7 and 0.7 as parts.
func parseNumber(s string) float64 {
	if i := strings.LastIndexAny(s, ".,"); i >= 0 && len(s)-i-1 == 3 && i <= 3 && s[0] != '0' {
		s = strings.NewReplacer(".", "", ",", "").Replace(s)
	} else {
		s = strings.ReplaceAll(s, ",", ".")
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0
	}
	return v
}

// unitOf reads the unit glued to a number or standing after it.
func unitOf(u string) (tokenKind, float64, bool) {
	switch strings.Trim(u, "+.") {
	case "%", "pct", "percent":
		return tPct, 1, true
	case "ms", "msec", "millis", "milliseconds", "millisecond":
		return tDur, 0.001, true
	case "s", "sec", "secs", "second", "seconds", "sek":
		return tDur, 1, true
	case "m", "min", "mins", "minute", "minutes", "minuten":
		return tDur, 60, true
	case "h", "hr", "hrs", "hour", "hours":
		return tDur, 3600, true
	case "d", "day", "days":
		return tDur, 86400, true
	case "k", "grand":
		return tMoney, 1000, true
	case "$", "usd", "dollar", "dollars", "bucks", "buck", "€", "eur", "euro", "euros", "£", "gbp",
		"quid", "pounds", "rs", "inr", "reais":
		return tMoney, 1, true
	case "k$", "kusd":
		return tMoney, 1000, true
	}
	return 0, 0, false
}

// stamp reads clock times: 14:05, 14:05:10Z, 13h52, 1352Z, 2.04pm, ISO 8601.
func (lx *lexer) stamp(c string, off int) bool {
	if i := strings.IndexByte(c, 'T'); i == 10 && len(c) >= 16 && c[4] == '-' {
		if m, n := clock(c[11:]); n > 0 {
			lx.emit("iso", tTime, m, off)
			return true
		}
	}
	m, n := clock(c)
	if n == 0 {
		return false
	}
	lx.emit(c[:n], tTime, m, off)
	rest := strings.TrimLeft(c[n:], "–-—/~→>.")
	if rest != "" && rest != c[n:] {
		lx.breaks(clauseBreak)
		lx.body(rest, off+len(c)-len(rest))
	}
	return true
}

// clock reads a time of day at the beginning of s: minutes, and bytes read.
func clock(s string) (float64, int) {
	h, i := smallInt(s)
	military := i == 4 && i < len(s) && (s[i] == 'Z' || s[i] == 'z' || strings.HasPrefix(s[i:], "hrs"))
	if military {
		if h/100 < 24 && h%100 < 60 {
			return float64(h/100*60 + h%100), len(s)
		}
	}
	if i == 0 || i > 2 || h > 24 || i >= len(s) {
		return 0, 0
	}
	if half, n := meridiem(s[i:]); n > 0 {
		return float64(h%12*60) + half, i + n
	}
	if !strings.ContainsRune(":h.", rune(s[i])) {
		return 0, 0
	}
	m, j := smallInt(s[i+1:])
	if j != 2 || m > 59 {
		return 0, 0
	}
	end := i + 1 + j
	half, n := meridiem(s[end:])
	if s[i] == '.' && n == 0 {
		return 0, 0
	}
	if n > 0 {
		return float64(h%12*60+m) + half, end + n
	}
	for end+2 < len(s) && s[end] == ':' && unicode.IsDigit(rune(s[end+1])) {
		end += 3
	}
	end = min(end, len(s))
	for end < len(s) && (s[end] == 'Z' || s[end] == 'z' || s[end] == 'h') {
		end++
	}
	return float64(h*60 + m), end
}

func meridiem(s string) (float64, int) {
	low := strings.ToLower(s)
	switch {
	case strings.HasPrefix(low, "pm"):
		return 720, 2
	case strings.HasPrefix(low, "am"):
		return 0, 2
	}
	return 0, 0
}

func smallInt(s string) (int, int) {
	v, i := 0, 0
	for i < len(s) && i < 5 && s[i] >= '0' && s[i] <= '9' {
		v = v*10 + int(s[i]-'0')
		i++
	}
	return v, i
}

// date reads 2026-03-03, 3/3/2026, 17/03, 10.03.2026.
func (lx *lexer) date(c string, off int) bool {
	if len(c) >= 10 && c[4] == '-' && c[7] == '-' {
		lx.emit(c[:10], tDate, 0, off)
		return true
	}
	a, i := smallInt(c)
	if i == 0 || i > 2 || i >= len(c) || !strings.ContainsRune("/.", rune(c[i])) {
		return false
	}
	b, j := smallInt(c[i+1:])
	rest := c[i+1+j:]
	two := j == 2 && c[i+1] == '0' && c[i] == '/'
	year := len(rest) == 5 && rest[0] == c[i]
	if a < 1 || a > 31 || b < 1 || b > 12 || !(two && rest == "" || year) {
		return false
	}
	lx.emit(c, tDate, 0, off)
	return true
}

// joinUnits merges "92 %" and "1000 USD" into one token, and reads the time in
// "since 1352".
func joinUnits(toks []token, brk []breakKind) ([]token, []breakKind) {
	out, ob := toks[:0], brk[:0]
	for i := 0; i < len(toks); i++ {
		t, before := toks[i], brk[i]
		if i+1 < len(toks) && brk[i+1] == noBreak && spelledOut(&t, &toks[i+1]) {
			i++
			t.val += toks[i].val
		}
		if m, ok := bareClock(&t); ok && i > 0 && toks[i-1].text == "since" {
			t.kind, t.val = tTime, m
		}
		if (t.kind == tNum || t.kind == tCode) && i+1 < len(toks) && brk[i+1] == noBreak {
			next := toks[i+1].text
			kind, scale, ok := unitOf(next)
			if next == "per" && i+2 < len(toks) && toks[i+2].text == "cent" {
				t.kind = tPct
				out, ob = append(out, t), append(ob, before)
				i += 2
				continue
			}
			if ok && next != "d" {
				t.kind, t.val = kind, t.val*scale
				out, ob = append(out, t), append(ob, before)
				i++
				continue
			}
		}
		out, ob = append(out, t), append(ob, before)
	}
	return out, append(ob, brk[len(toks)])
}

// spelledOut says whether two words make one number: ninety two.
func spelledOut(tens, ones *token) bool {
	return tens.kind == tNum && ones.kind == tNum && tens.val >= 20 && tens.val <= 90 &&
		ones.val >= 1 && ones.val <= 9 && tens.text[0] > '9' && ones.text[0] > '9'
}
