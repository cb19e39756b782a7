package main

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzBody reads any answer, packed or not: no more than was asked for is kept.
func FuzzBody(f *testing.F) {
	f.Add("plain", "", int64(3))
	f.Add("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00", "gzip", int64(10))
	f.Add("not packed", "gzip", int64(1))
	f.Fuzz(func(t *testing.T, body, encoding string, keep int64) {
		keep %= 1 << 16
		res := &http.Response{Header: http.Header{"Content-Encoding": {encoding}},
			Body: io.NopCloser(strings.NewReader(body))}
		got, _ := readBody(res, keep)
		require.LessOrEqual(t, int64(len(got)), max(0, keep))
	})
}
