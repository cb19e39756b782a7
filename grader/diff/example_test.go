package diff_test

import (
	"fmt"
	"testing/fstest"

	"firedrill/grader/diff"
)

// What a candidate changed in the kit.
func ExampleCompare() {
	kit := fstest.MapFS{"service/main.go": {Data: []byte("package main\n\nfunc main() { serve() }\n")}}
	own := fstest.MapFS{"service/main.go": {Data: []byte("package main\n\nfunc main() { go retry(); serve() }\n")},
		"incident-notes.md": {Data: []byte("# Notes\n")}}
	files, err := diff.Compare(kit, own, diff.Options{Ignore: []string{"incident-notes.md"}})
	if err != nil {
		panic(err)
	}
	for _, f := range files {
		fmt.Println(f.Path, f.Kind)
		for _, h := range f.Hunks {
			fmt.Println(h.Head())
			for _, line := range h.Lines {
				fmt.Printf("%q\n", line)
			}
		}
	}
	// Output:
	// service/main.go changed
	// @@ -1,3 +1,3 @@
	// " package main"
	// " "
	// "-func main() { serve() }"
	// "+func main() { go retry(); serve() }"
}
