package main

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// Level is how serious a line is.
type Level string

// Levels, from the most serious.
const (
	Error Level = "error"
	Warn  Level = "warn"
	Info  Level = "info"
	Debug Level = "debug"
)

// levels lists all levels, the most serious first.
func levels() []Level { return []Level{Error, Warn, Info, Debug} }

// worse gives the more serious of two levels.
func worse(a, b Level) Level {
	for _, l := range levels() {
		if a == l || b == l {
			return l
		}
	}
	return Info
}

var (
	// logfmt, as log/slog's text handler writes it: level=ERROR, level=INFO+2
	keyLevel = regexp.MustCompile(`(?i)(?:^|\s)(?:level|lvl|severity)="?([a-z]+)`)
	// a status of 500 to 599 in logfmt, or after the quoted request of an access log
	badStatus = regexp.MustCompile(`(?:^|\s)(?:status|code|status_code)="?5\d\d\b|" 5\d\d(?:\s|$)`)
	// PostgreSQL with any prefix: ... [12] ERROR:  relation does not exist
	postgres = regexp.MustCompile(`(?:^|[\s\]])` +
		`(DEBUG[1-5]?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC):  `)
	// what PostgreSQL adds to the message before
	added = regexp.MustCompile(`(?:^|[\s\]])(?:DETAIL|HINT|CONTEXT|QUERY|STATEMENT|LOCATION):  `)
	// a word that stands out in any other line
	word = regexp.MustCompile(`\b(PANIC|FATAL|CRITICAL|ERROR|WARN|WARNING|DEBUG|TRACE)\b|` +
		`\[(error|warn|warning|debug)\]`)
	crash = regexp.MustCompile(`^(?:panic: |fatal error: |SIG[A-Z]+: |goroutine \d+ \[)`)
)

// levelOf finds a line's level; before is that of the line before it of the same stream,
// which continuations share.
func levelOf(text string, before Level) Level {
	if strings.HasPrefix(text, "{") {
		if level, ok := levelOfJSON(text); ok {
			return level
		}
	}
	status := Debug
	if badStatus.MatchString(text) {
		status = Error
	}
	if m := keyLevel.FindStringSubmatch(text); m != nil {
		return worse(levelNamed(m[1]), status)
	}
	if m := postgres.FindStringSubmatch(text); m != nil {
		return levelNamed(m[1])
	}
	if added.MatchString(text) || strings.HasPrefix(text, "\t") {
		return before
	}
	if status == Error || crash.MatchString(text) {
		return Error
	}
	if m := word.FindStringSubmatch(text); m != nil {
		return levelNamed(m[1] + m[2])
	}
	return Info
}

// levelOfJSON reads a line that is one JSON object; ok is false for one that is not, or
// that tells nothing.
func levelOfJSON(text string) (level Level, ok bool) {
	var line struct {
		Level, Lvl, Severity any
		Status               json.Number
	}
	if json.Unmarshal([]byte(text), &line) != nil {
		return Info, false
	}
	level = Info
	for _, v := range []any{line.Level, line.Lvl, line.Severity} {
		if name, isText := v.(string); isText {
			level, ok = levelNamed(name), true
			break
		}
	}
	if status, err := strconv.Atoi(line.Status.String()); err == nil && status >= 500 && status < 600 {
		return Error, true
	}
	return level, ok
}

// levelNamed translates the many names of levels.
func levelNamed(name string) Level {
	name = strings.ToLower(name)
	switch {
	case strings.HasPrefix(name, "err"), strings.HasPrefix(name, "crit"), name == "fatal",
		name == "panic", name == "emerg", name == "alert", name == "emergency":
		return Error
	case strings.HasPrefix(name, "warn"):
		return Warn
	case strings.HasPrefix(name, "debug"), name == "trace":
		return Debug
	}
	return Info
}
