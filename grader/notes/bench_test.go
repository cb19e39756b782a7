package notes

import (
	"bytes"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// mixed is text of n bytes made of the calibration notes.
func mixed(t testing.TB, n int) []byte {
	c, err := LoadCorpus(os.DirFS(corpusDir), nil)
	require.NoError(t, err)
	var b bytes.Buffer
	for i := 0; b.Len() < n; i++ {
		b.Write(c.Notes[i%len(c.Notes)].Text)
		b.WriteByte('\n')
	}
	return bytes.ToValidUTF8(b.Bytes()[:n], nil)
}

func BenchmarkJudge(b *testing.B) {
	j := New(readers(b), Options{})
	for _, n := range []int{1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20} {
		src := mixed(b, n)
		b.Run(fmt.Sprintf("%dKB", n>>10), func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				j.Judge(src)
			}
		})
	}
}

func BenchmarkGoldmark(b *testing.B) {
	src := mixed(b, 1<<20)
	b.SetBytes(int64(len(src)))
	md := goldmark.New(goldmark.WithExtensions(
		extension.Table, extension.Strikethrough, extension.TaskList))
	for b.Loop() {
		md.Parser().Parse(text.NewReader(src))
	}
}
