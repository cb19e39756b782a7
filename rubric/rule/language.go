package rule

import (
	_ "embed"
	"strings"
)

//go:embed doc.go
var source string

// Language describes how rules and phrases are written: this package's own comment.
func Language() string {
	var b strings.Builder
	for line := range strings.Lines(source) {
		text, ok := strings.CutPrefix(line, "//")
		if !ok {
			break
		}
		b.WriteString(strings.TrimPrefix(text, " "))
	}
	_, text, _ := strings.Cut(b.String(), "\n\n")
	return text
}
