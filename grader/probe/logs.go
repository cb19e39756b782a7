package probe

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"firedrill/rubric"
)

// Log lines that belong to an observation are those of the requests that its probe quotes,
// found by the id that the service gave each in X-Request-ID. Which line a single request
// leaves may depend on the moment: a circuit breaker tries now and then. So lines are made
// equal where only their numbers differ, and shown are the ones that a good part of the
// quoted requests left. Two runs of one submission then show the same.
const (
	// lineShare is the part of the requests, one of so many, that must have left a line.
	lineShare = 3
	// shownLines bounds the lines of one observation.
	shownLines = 6
	// shortestID: shorter ones could be any word.
	shortestID = 8
	// linesOfOne and longestLine, in bytes, bound what is looked at of one request: a
	// service may write its id as often as it likes.
	linesOfOne, longestLine = 20, 4 << 10
)

// Quote names requests of the running probe whose log lines belong to its observation.
func (s *Session) Quote(all ...rubric.Exchange) {
	for _, x := range all {
		if len(x.RequestID) >= shortestID {
			if s.lines == nil {
				s.lines = map[string][]string{}
			}
			s.lines[s.probe] = append(s.lines[s.probe], x.RequestID)
		}
	}
}

// Attach gives each observation the lines of the service's output that belong to it.
func (s *Session) Attach(obs []rubric.Observation, output []byte) {
	owner := map[string]int{} // id of a request to the index of its observation
	of := make([]map[string]bool, len(obs))
	for i, o := range obs {
		of[i] = map[string]bool{}
		for _, id := range s.lines[o.Probe] {
			owner[id] = i
			of[i][id] = true
		}
	}
	left := make([]map[string]map[string]bool, len(obs)) // line to the ids that left it
	seen := map[string]int{}
	for line := range bytes.Lines(output) {
		for _, word := range words(line[:min(len(line), longestLine)]) {
			i, known := owner[string(word)]
			if !known {
				continue
			}
			if seen[string(word)]++; seen[string(word)] > linesOfOne {
				break
			}
			if left[i] == nil {
				left[i] = map[string]map[string]bool{}
			}
			line = bytes.TrimRight(line, "\r\n")
			text := pattern(string(line[:min(len(line), longestLine)]))
			if left[i][text] == nil {
				left[i][text] = map[string]bool{}
			}
			left[i][text][string(word)] = true
			break
		}
	}
	for i := range obs {
		if obs[i].Unchecked == "" && obs[i].Down == "" {
			obs[i].Logs = common(left[i], len(of[i]))
		}
	}
}

// words are a line's parts that may be an id.
func words(line []byte) [][]byte {
	return bytes.FieldsFunc(line, func(c rune) bool {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
			return false
		}
		return c != '-' && c != '_' && c != '.'
	})
}

// common gives the lines that enough of the requests left, the most frequent ones if there
// are too many, in alphabetical order.
func common(left map[string]map[string]bool, requests int) []string {
	type counted struct {
		line string
		n    int
	}
	var all []counted
	for line, ids := range left {
		if len(ids)*lineShare >= requests {
			all = append(all, counted{line, len(ids)})
		}
	}
	slices.SortFunc(all, func(a, b counted) int {
		return cmp.Or(cmp.Compare(b.n, a.n), strings.Compare(a.line, b.line))
	})
	var out []string
	for _, c := range all[:min(len(all), shownLines)] {
		out = append(out, c.line)
	}
	slices.Sort(out)
	return out
}

var (
	// figure is a number that stands alone; a status says what became of a request.
	figure = regexp.MustCompile(`(status"?[=:]\s*)?\b\d+(\.\d+)?\b`)
	status = regexp.MustCompile(`^status`)
)

// pattern is a line without what differs between requests.
func pattern(line string) string {
	line = strings.ToValidUTF8(line, string(utf8.RuneError))
	line = Scrub(line)
	return shorten(figure.ReplaceAllStringFunc(line, func(s string) string {
		if status.MatchString(s) {
			return s
		}
		return "<n>"
	}))
}
