package probe

import (
	"regexp"
	"unicode/utf8"

	"firedrill/rubric"
)

// Transcripts show what differs between submissions, not between runs: the same
// submission graded twice gives the same report. So times, random ids and addresses in
// answers are replaced by what they are.
var (
	stamp    = regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?`)
	uuid     = regexp.MustCompile(`\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b`)
	hexID    = regexp.MustCompile(`\b[0-9a-f]{16,64}\b`)
	seconds  = regexp.MustCompile(`("(?:uptime|latency|duration|elapsed)[a-z_]*":\s*)"?[0-9.]+[a-zµ]*"?`)
	pointer  = regexp.MustCompile(`\b0x[0-9a-f]{6,16}\b`)
	address  = regexp.MustCompile(`\b(\d{1,3}\.){3}\d{1,3}(:\d{1,5})?\b`)
	goPeriod = regexp.MustCompile(`\b[0-9.]+(ns|µs|ms|s|m)\b`)
)

// Scrub replaces times, durations, random ids, pointers and network addresses in an answer or log line.
func Scrub(s string) string {
	s = stamp.ReplaceAllString(s, "<time>")
	s = uuid.ReplaceAllString(s, "<id>")
	s = pointer.ReplaceAllString(s, "<pointer>")
	s = address.ReplaceAllString(s, "<address>")
	s = hexID.ReplaceAllString(s, "<id>")
	s = seconds.ReplaceAllString(s, "${1}<n>")
	return goPeriod.ReplaceAllString(s, "<duration>")
}

// shownBody bounds each body in a transcript, in bytes.
const shownBody = 400

// Telling prepares exchanges for an observation's transcript.
func Telling(all ...rubric.Exchange) []rubric.Exchange {
	out := make([]rubric.Exchange, len(all))
	for i, x := range all {
		x.Body = shorten(x.Body)
		x.Answer = shorten(Scrub(x.Answer))
		x.Error = shorten(Scrub(x.Error))
		out[i] = x
	}
	return out
}

func shorten(s string) string {
	if len(s) <= shownBody {
		return s
	}
	cut := shownBody
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
