package image

import "strings"

// Upstream images whose place ours take. They are named by release line, as the
// exam's papers name them; the content hash of our image covers the name, and
// once made it stays what it is.
const (
	UpstreamPostgres = "docker.io/library/postgres:15-alpine"
)

// Substitute maps the name of an upstream image to the image that a lab runs in
// its place, so that "postgres:15-alpine" means the same with a registry and
// without. ok is false for names that are not provided here.
//
// testcontainers-go takes it through testcontainers.WithImageSubstitutors.
func Substitute(upstream string) (img Image, ok bool) {
	name := strings.TrimPrefix(strings.TrimPrefix(upstream, "docker.io/"), "library/")
	repo, tag, _ := strings.Cut(name, ":")
	release, _, _ := strings.Cut(strings.TrimSuffix(tag, "-alpine"), ".")
	if repo == "postgres" && release == "15" {
		return Postgres(), true
	}
	return Image{}, false
}
