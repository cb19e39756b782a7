package image_test

import (
	"fmt"

	"firedrill/lab/image"
)

// An upstream image means the same with a registry and without.
func ExampleSubstitute() {
	_, known := image.Substitute(image.UpstreamPostgres)
	_, other := image.Substitute("docker.io/library/nginx:latest")
	fmt.Println(known, other)
	// Output: true false
}

// The modules that a candidate's service may use, offline.
func ExampleAllowedModules() {
	all, err := image.AllowedModules()
	if err != nil {
		panic(err)
	}
	for _, m := range all {
		if m.Path == "github.com/jackc/pgx/v5" {
			fmt.Println(m.Path, m.Indirect)
		}
	}
	// Output:
	// github.com/jackc/pgx/v5 false
}
