package notes

import (
	"strings"
	"unicode"
)

// body reads a chunk without the punctuation around it.
func (lx *lexer) body(c string, off int) {
	switch {
	case strings.Contains(c, "://"):
		lx.url(c, off)
	case strings.Contains(c, "/api/") || strings.HasPrefix(c, "/") && len(c) > 1 && letters(c[1:]):
		lx.path(c, off)
	case numeric(c):
		lx.number(c, off)
	default:
		lx.wordy(c, off)
	}
}

func letters(s string) bool {
	return strings.IndexFunc(s, unicode.IsLetter) >= 0
}

// url emits the host and, when there is one of interest, the path.
func (lx *lexer) url(c string, off int) {
	i := strings.Index(c, "://")
	if j := strings.LastIndexAny(c[:i], "=\"'("); j >= 0 {
		lx.body(c[:j], off)
		off, c = off+j+1, c[j+1:]
		i = strings.Index(c, "://")
	}
	rest := c[i+3:]
	host, path, found := strings.Cut(rest, "/")
	host, _, _ = strings.Cut(host, ":")
	if host != "" {
		lx.emit(strings.ToLower(strings.Trim(host, "\"\\")), tHost, 0, off)
	}
	if found && strings.HasPrefix(path, "api/") {
		lx.path("/"+path, off)
	}
}

// path emits a normalised path: numbers become {id}, queries go.
func (lx *lexer) path(c string, off int) {
	if i := strings.Index(c, "/api/"); i > 0 {
		if head := strings.Trim(c[:i], "=:\"'`"); head != "" && !strings.Contains(head, ":") &&
			!strings.Contains(head, "localhost") {
			lx.body(head, off)
		}
		c, off = c[i:], off+i
	}
	p, _, _ := strings.Cut(strings.ToLower(c), "?")
	parts := strings.Split(strings.Trim(p, "/.,:;\"'`)*"), "/")
	for i, part := range parts {
		if part != "" && strings.IndexFunc(part, unicode.IsDigit) == 0 || strings.HasPrefix(part, "{") {
			parts[i] = "{id}"
		}
	}
	lx.emit("/"+strings.Join(parts, "/"), tPath, 0, off)
}

// wordy splits compounds at hyphens, slashes and the like.
func (lx *lexer) wordy(c string, off int) {
	if kind, ok := dotted(c); ok {
		lx.emit(strings.ToLower(c), kind, 0, off)
		if kind == tIdent {
			lx.parts(c, off)
		}
		return
	}
	if i := strings.IndexAny(c, "=<>≤≥→—–,;:|+&()[]{}\"/\\%@#"); i >= 0 {
		lx.split(c, off, i)
		return
	}
	if ident(c) {
		lx.emit(strings.ToLower(c), tIdent, 0, off)
		lx.parts(c, off)
		return
	}
	for i, part := 0, ""; i <= len(c); i += len(part) + 1 {
		part, _, _ = strings.Cut(c[i:], "-")
		if numeric(part) {
			lx.number(part, off+i)
		} else if part != "" {
			lx.word(part, off+i)
		}
	}
}

// split breaks a chunk at the sign at i and reads both sides.
func (lx *lexer) split(c string, off, i int) {
	r, n := firstRune(c[i:])
	if i > 0 {
		lx.body(c[:i], off)
	}
	switch r {
	case '<', '≤', '>', '≥', '=':
		lx.symbol(symbol(string(r)), off+i)
	case '→', '—', '–':
		lx.breaks(clauseBreak)
	case ',', ';', ':', '(', ')', '[', ']':
		lx.breaks(clauseBreak)
	case '&', '+':
		lx.emit("and", tWord, 0, off+i)
	}
	if rest := c[i+n:]; rest != "" {
		lx.body(rest, off+i+n)
	}
}

func firstRune(s string) (rune, int) {
	for i, r := range s {
		if i == 0 {
			return r, len(string(r))
		}
	}
	return 0, 1
}

// dotted recognises hosts, files and qualified names.
func dotted(c string) (tokenKind, bool) {
	i := strings.LastIndexByte(c, '.')
	if i <= 0 || i == len(c)-1 || strings.ContainsAny(c, "=/@\"():,<>|[]{}→") {
		return 0, false
	}
	last := strings.ToLower(c[i+1:])
	switch last {
	case "corp", "com", "net", "org", "io", "internal", "local", "lan", "de", "example":
		return tHost, true
	case "txt", "go", "md", "yml", "yaml", "json", "log", "sh", "sql", "bak", "env", "conf", "py",
		"csv", "toml", "orig", "mod", "sum":
		return tFile, true
	}
	if !letters(c) || len(last) < 2 && !strings.Contains(c, "()") {
		return 0, false
	}
	return tIdent, true
}

// ident says whether a word is a name from code: snake case, camel case.
func ident(c string) bool {
	if strings.Contains(c, "_") && letters(c) {
		return true
	}
	low := false
	for _, r := range c {
		if unicode.IsUpper(r) && low {
			return len(c) > 4
		}
		low = unicode.IsLower(r)
	}
	return false
}

// parts emits the words that a name from code is made of.
func (lx *lexer) parts(c string, off int) {
	start := 0
	low := false
	flush := func(end int) {
		if end > start {
			lx.word(c[start:end], off+start)
		}
	}
	for i, r := range c {
		switch {
		case r == '_' || r == '.' || r == '-' || r == '(' || r == ')' || r == '*':
			flush(i)
			start, low = i+len(string(r)), false
		case unicode.IsUpper(r) && low:
			flush(i)
			start, low = i, false
		default:
			low = unicode.IsLower(r)
		}
	}
	flush(len(c))
}

// word emits a plain word, contractions taken apart.
func (lx *lexer) word(w string, off int) {
	w = strings.ToLower(strings.ReplaceAll(w, "’", "'"))
	w = strings.Trim(w, "'`*_.\"“”")
	if w == "" {
		return
	}
	if a, b, ok := contraction(w); ok {
		lx.emit(a, tWord, 0, off)
		if b != "" {
			lx.emit(b, tWord, 0, off)
		}
		return
	}
	if v, ok := numberWord(w); ok {
		lx.emit(w, tNum, v, off)
		return
	}
	lx.emit(w, tWord, 0, off)
}

// contraction takes n't and the like apart, with and without apostrophe.
func contraction(w string) (string, string, bool) {
	switch w {
	case "cannot", "can't", "cant":
		return "can", "not", true
	case "won't", "wont":
		return "will", "not", true
	case "dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "werent", "couldnt", "wouldnt",
		"shouldnt", "hasnt", "havent", "hadnt", "aint":
		return w[:len(w)-2], "not", true
	case "im", "ive", "youre", "theyre", "thats", "theres", "whats", "its", "hes", "shes":
		whole := map[byte]string{'i': "i", 'y': "you", 't': "that", 'w': "what", 'h': "he", 's': "she"}
		return whole[w[0]], "", w != "its" && w != "hes" && w != "shes" && w != "theres" && w != "theyre"
	}
	if a, ok := strings.CutSuffix(w, "n't"); ok {
		return a, "not", true
	}
	if a, b, ok := strings.Cut(w, "'"); ok {
		switch b {
		case "s", "d", "ll", "re", "ve", "m", "":
			full := map[string]string{"d": "would", "ll": "will"}[b]
			return a, full, true
		}
		return a + b, "", true
	}
	return "", "", false
}

// numberWord reads numbers that are written out.
func numberWord(w string) (float64, bool) {
	for i, n := range [...]string{"zero", "one", "two", "three", "four", "five", "six", "seven",
		"eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
		"seventeen", "eighteen", "nineteen", "twenty"} {
		if w == n {
			return float64(i), i != 1
		}
	}
	switch w {
	case "thirty":
		return 30, true
	case "forty":
		return 40, true
	case "fifty":
		return 50, true
	case "sixty":
		return 60, true
	case "seventy":
		return 70, true
	case "eighty":
		return 80, true
	case "ninety":
		return 90, true
	case "dozen":
		return 12, true
	case "hundred":
		return 100, true
	case "thousand", "grand":
		return 1000, true
	}
	return 0, false
}
