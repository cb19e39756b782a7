package notes

// tokenKind is the type of a token.
type tokenKind uint8

const (
	tWord tokenKind = iota
	tNum
	tPct
	tMoney
	tTime
	tDur
	tDate
	tCode
	tHost
	tPath
	tFile
	tIdent
	// classes by value, which a token has besides its kind
	tLow
	tBig
	tSmall
	tLong
)

// kindByClass maps the names that phrases use to kinds.
func kindByClass(name string) tokenKind {
	switch name {
	case "num":
		return tNum
	case "pct":
		return tPct
	case "money":
		return tMoney
	case "time":
		return tTime
	case "dur":
		return tDur
	case "date":
		return tDate
	case "code":
		return tCode
	case "host":
		return tHost
	case "path":
		return tPath
	case "file":
		return tFile
	case "ident":
		return tIdent
	case "low":
		return tLow
	case "big":
		return tBig
	case "small":
		return tSmall
	case "long":
		return tLong
	}
	return tWord
}

// token is a word or a typed unit, in lower case.
type token struct {
	text string
	kind tokenKind
	// val is the value of a number, and minutes since midnight for a time.
	val float64
	// off is the offset in the block's text.
	off int32
	// clause numbers the clauses of a sentence.
	clause uint16
	// open says that the token begins a clause; shut that it ends one.
	open, shut bool
	// first says that it stands first on its line.
	first bool
	word  *wordInfo
}

// threshold parts small amounts from big ones, in the exam's currency.
const threshold = 1000

// longDur parts what an outage lasts from what a request takes, in seconds.
const longDur = 120

// classes are the bits of all classes that a token belongs to.
func (t *token) classes() uint32 {
	bits := uint32(1) << t.kind
	switch {
	case t.kind == tPct && t.val <= 2:
		bits |= 1 << tLow
	case t.kind == tDur && t.val >= longDur:
		bits |= 1 << tLong
	case (t.kind == tNum || t.kind == tMoney) && t.val >= threshold:
		bits |= 1 << tBig
	case t.kind == tNum || t.kind == tMoney || t.kind == tCode && t.text != "503" && t.text != "504":
		bits |= 1 << tSmall
	}
	return bits
}
