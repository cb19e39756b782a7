package build

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestBuilderNames: no service of the candidate's can be called as a builder, nor make its name
// longer than a host's may be.
func TestBuilderNames(t *testing.T) {
	main, further := service(), extra(strings.Repeat("a", 63))
	for _, m := range []module{main, further} {
		require.NotEqual(t, strings.ToLower(m.builder()), m.builder(), "no host name in lower case")
		require.LessOrEqual(t, len(m.builder()), 63)
	}
	require.NotEqual(t, main.builder(), further.builder(), "both are compiled at the same time")
}
