package strict

import "github.com/goccy/go-yaml/token"

// Bounds of where a value may stand. The parser's time grows with the square of the levels
// above a value, and it keeps the path to each.
const (
	mostLevels = 32
	mostPath   = 1 << 10 // bytes of the keys on the way to a value
)

// level is a list or mapping that is open.
type level struct {
	// place orders the levels of indented lines: by column, and in it a list within the
	// mapping whose key stands above it. It is 0 within brackets.
	place int
	ends  token.Type // of brackets
	key   int        // bytes of the key that was read last
}

// tooDeep gives the first problem of a value that stands too deep or under too long keys, nil
// for none. It counts what the parser sees: a bracket in quotes opens and closes nothing.
func tooDeep(all token.Tokens) *Problem {
	var open nesting
	for i, t := range all {
		open.take(t, before(all, i))
		switch {
		case len(open.levels) > mostLevels:
			return &Problem{t.Position.Line, "", "is nested too deeply", "close brackets and quotes before it"}
		case open.path > mostPath:
			return &Problem{t.Position.Line, "", "stands under too long keys", "shorten them, or their tags"}
		}
	}
	return nil
}

func before(all token.Tokens, i int) *token.Token {
	if i == 0 {
		return nil
	}
	return all[i-1]
}

// nesting are the levels that are open after some tokens.
type nesting struct {
	levels []level
	flow   int // how many of them are brackets
	path   int // bytes of their keys
	tags   int // bytes of the tags since the last key, which the parser takes for a part of it
}

func (n *nesting) take(t, last *token.Token) {
	switch t.Type {
	case token.SequenceStartType:
		n.bracket(token.SequenceEndType)
	case token.MappingStartType:
		n.bracket(token.MappingEndType)
	case token.SequenceEndType, token.MappingEndType:
		n.close(t.Type)
	case token.MappingValueType:
		n.named(last)
	case token.CommentType:
	case token.TagType:
		n.tags += len(t.Value)
		n.indented(t, last)
	default:
		n.indented(t, last)
	}
}

func (n *nesting) bracket(ends token.Type) {
	n.levels = append(n.levels, level{ends: ends})
	n.flow++
}

// close ends the innermost brackets; those of another kind end nothing.
func (n *nesting) close(kind token.Type) {
	i := len(n.levels) - 1
	for i >= 0 && n.levels[i].ends == 0 {
		i--
	}
	if i < 0 || n.levels[i].ends != kind {
		return
	}
	for len(n.levels) > i {
		n.pop()
	}
	n.flow--
}

// named notes the key before a colon.
func (n *nesting) named(key *token.Token) {
	if top := n.top(); top != nil && key != nil {
		size := n.tags + len(key.Value)
		n.path += size - top.key
		top.key, n.tags = size, 0
	}
}

// indented opens a level where a token begins an entry of a block: first on its line, or behind
// the mark of a list or of a key. It ends those that stand further right.
func (n *nesting) indented(t, last *token.Token) {
	marked := last != nil && (last.Type == token.SequenceEntryType || last.Type == token.MappingKeyType)
	first := last == nil || last.Position.Line != t.Position.Line
	if n.flow > 0 && !marked || !marked && !first {
		return
	}
	place := 2 * t.Position.Column
	if t.Type == token.SequenceEntryType {
		place++
	}
	for top := n.top(); top != nil && top.ends == 0 && top.place >= place; top = n.top() {
		n.pop()
	}
	n.levels = append(n.levels, level{place: place})
}

func (n *nesting) top() *level {
	if len(n.levels) == 0 {
		return nil
	}
	return &n.levels[len(n.levels)-1]
}

func (n *nesting) pop() {
	n.path -= n.top().key
	n.levels = n.levels[:len(n.levels)-1]
}
