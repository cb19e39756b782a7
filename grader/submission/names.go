package submission

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName bounds one name, in bytes.
const maxName = 200

// ignored are directories of version control, editors and package managers. Their
// content, hooks included, is never opened.
var ignored = [...]string{
	".git", ".hg", ".svn", ".jj", ".idea", ".vscode", ".cache", "node_modules", "__MACOSX",
}

func isIgnored(name string) bool { return slices.Contains(ignored[:], name) }

// safeName reports whether one name can be shown and passed on: valid UTF-8 without
// control, format (bidi, zero-width) or separator characters, not mistaken for an
// option or a path.
func safeName(name string) bool {
	if name == "" || len(name) > maxName || !utf8.ValidString(name) {
		return false
	}
	if name == "." || name == ".." || strings.HasPrefix(name, "-") || strings.ContainsAny(name, `/\`) {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return r != ' ' && !unicode.IsGraphic(r) || unicode.Is(unicode.Zs, r) && r != ' '
	})
}

// fold maps names that differ only in case to the same key.
func fold(name string) string { return strings.ToLower(strings.ToUpper(name)) }
