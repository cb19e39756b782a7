package leak_test

import (
	"fmt"
	"testing/fstest"

	"firedrill/lab/leak"
)

// What must not be seen is found whatever stands between its words.
func Example() {
	v, err := leak.New(leak.Secrets{
		Words:  4,
		Papers: fstest.MapFS{"SOLUTION.md": {Data: []byte("The old key has expired in the vault.\n")}},
	})
	if err != nil {
		panic(err)
	}
	for _, l := range v.Text("service/main.go", []byte("package main\n\n// the OLD key has\n// expired"), leak.Paper) {
		fmt.Println(l)
	}
	// Output:
	// service/main.go:3: "old key has expired" is from SOLUTION.md:1
}
