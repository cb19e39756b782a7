package report

// Columns is the width of clean text on a terminal, see Clean.
func Columns(s string) int { return columns(s) }

// Wrap breaks clean text into lines of at most the given number of columns, at spaces where
// there are any. Empty text gives one empty line.
func Wrap(text string, most int) []string { return wrap(text, most) }
