package submission

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestUTF8(t *testing.T) {
	for in, want := range map[string]string{
		"":                               "",
		"# Notes é\r\n":                  "# Notes é\r\n",
		"\xef\xbb\xbfa":                  "\xef\xbb\xbfa", // the reader's own business
		"\xff\xfea\x00\xe9\x00\n\x00":    "aé\n",
		"\xfe\xff\x00a\x00\xe9\x00\n":    "aé\n",
		"\xff\xfe\x3d\xd8\x00\xdea\x00b": "\U0001f600a", // a pair, and half a character
		"\xff\xfe\x00\xd8a\x00":          "\ufffda",     // half a pair
		"latin \xe9":                     "latin \xe9",
	} {
		require.Equal(t, want, string(UTF8([]byte(in))), "%q", in)
	}
}
