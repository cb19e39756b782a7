package main

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
)

// Filter says which lines are shown. The zero value shows all.
type Filter struct {
	Containers []string // names; empty: all
	Levels     []Level  // empty: all
	text       *regexp.Regexp
}

// maxQuery bounds the text of a filter, in bytes.
const maxQuery = 1000

// parseFilter reads a filter from a URL's query:
//
//	c=NAME      a container, repeated
//	level=L     error, warn, info or debug, repeated
//	q=TEXT      the text that a line holds
//	regex=1     the text is a regular expression (RE2)
//	case=1      upper and lower case differ
func parseFilter(q url.Values) (Filter, error) {
	f := Filter{Containers: q["c"]}
	for _, name := range q["level"] {
		if !slices.Contains(levels(), Level(name)) {
			return Filter{}, fmt.Errorf("level %q is unknown: use error, warn, info or debug", name)
		}
		f.Levels = append(f.Levels, Level(name))
	}
	text := q.Get("q")
	if len(text) > maxQuery {
		return Filter{}, fmt.Errorf("the text is too long: use at most %d bytes", maxQuery)
	}
	if text == "" {
		return f, nil
	}
	if q.Get("regex") == "" {
		text = regexp.QuoteMeta(text)
	}
	flags := syntax.Perl | syntax.FoldCase
	if q.Get("case") != "" {
		flags = syntax.Perl
	}
	parsed, err := syntax.Parse(text, flags)
	if err != nil {
		return Filter{}, fmt.Errorf("this is not a regular expression: %s", reason(err))
	}
	f.text, err = regexp.Compile(parsed.String())
	return f, err
}

// reason gives what is wrong with an expression, without repeating all of it.
func reason(err error) string {
	var bad *syntax.Error
	if !errors.As(err, &bad) {
		return err.Error()
	}
	if bad.Code == syntax.ErrMissingParen || bad.Expr == "" {
		return bad.Code.String()
	}
	return bad.Code.String() + " " + strconv.Quote(bad.Expr)
}

func (f Filter) hasContainer(name string) bool {
	return len(f.Containers) == 0 || slices.Contains(f.Containers, name)
}

// Match tells whether a line is shown.
func (f Filter) Match(l Line) bool {
	return f.hasContainer(l.Name) &&
		(len(f.Levels) == 0 || slices.Contains(f.Levels, l.Level)) &&
		(f.text == nil || f.text.MatchString(l.Text))
}
