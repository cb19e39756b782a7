package main

import "strings"

// maxWords bounds an error's words, in bytes: some hold what the service said, and each
// request's are kept until its batch is over.
const maxWords = 300

// brief gives an error's words without their middle where they are many: they begin with what
// failed, and a database's end with its SQLSTATE.
func brief(words string) string {
	const gap = " ... "
	if len(words) > maxWords {
		half := (maxWords - len(gap)) / 2
		words = words[:half] + gap + words[len(words)-half:]
	}
	return strings.ToValidUTF8(words, "?")
}
