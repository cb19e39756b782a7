package grader

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWithin(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "jane")
	require.NoError(t, os.Mkdir(dir, 0o755))
	require.NoError(t, os.Symlink(dir, filepath.Join(top, "link")))
	for path, want := range map[string]bool{
		"jane": true, "jane/report": true, "jane/a/b": true, "link": true, "link/report": true,
		"jane-report": false, "janet/a": false, ".": false, "jane/../report": false,
	} {
		require.Equal(t, want, within(dir, filepath.Join(top, path)), path)
	}
	require.True(t, within(filepath.Join(top, "link"), filepath.Join(dir, "report")))
	require.False(t, within(filepath.Join(top, "nobody"), filepath.Join(top, "nobody/report")))
}

// TestProgressIsClean: a service's last words are progress too, and stay data.
func TestProgressIsClean(t *testing.T) {
	var out bytes.Buffer
	Command{}.watch(options{}, &out).Step("service", "ended: \x1b]0;x\a\u202e é")
	require.Equal(t, "service  ended: \\x1b]0;x\\a\\u202e é\n", out.String())
}
