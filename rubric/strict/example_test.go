package strict_test

import (
	"fmt"

	"firedrill/rubric/strict"
)

// A reader asks for what it knows, and gets every problem of the file at once.
func ExampleParse() {
	doc, root := strict.Parse([]byte("name: kitchen\npoints: ten\ncolour: red\n"))
	m := root.Map("name", "points")
	fmt.Println(m.Get("name").Text(), m.Get("points").Int())
	for _, p := range doc.Problems() {
		fmt.Printf("%d: %s: %s\n", p.Line, p.Path, p.Message)
	}
	// Output:
	// kitchen 0
	// 2: points: is text, must be a whole number
	// 3: colour: unknown field
}
