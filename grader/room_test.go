package grader

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRoom: grades side by side are bounded by what is there, and by nothing else.
func TestRoom(t *testing.T) {
	const gib = 1 << 30
	for name, c := range map[string]struct {
		r      room
		asked  int
		want   int
		reason string
	}{
		"one to a core":             {room{4, 64 * gib, 3 * gib}, 0, 4, "4 cores"},
		"as asked":                  {room{4, 64 * gib, 3 * gib}, 3, 3, ""},
		"two to a core":             {room{2, 64 * gib, 3 * gib}, 4, 4, ""},
		"no more":                   {room{2, 64 * gib, 3 * gib}, 40, 4, "2 cores, 2 to a core"},
		"little memory":             {room{8, 7 * gib, 3 * gib}, 0, 2, "7168 MiB of memory are free, and each may take 3072 MiB"},
		"little memory, much asked": {room{8, 7 * gib, 3 * gib}, 9, 2, "7168 MiB of memory are free, and each may take 3072 MiB"},
		"hardly any":                {room{8, gib, 3 * gib}, 0, 1, "1024 MiB of memory are free, and each may take 3072 MiB"},
		"notes take none":           {room{2, math.MaxInt64, 0}, 0, 2, "2 cores"},
	} {
		n, reason := c.r.fits(c.asked)
		require.Equal(t, c.want, n, name)
		require.Equal(t, c.reason, reason, name)
	}
}
