package diff

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func tree(files map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "line %d\n", i+1)
	}
	return b.String()
}

func compare(t *testing.T, kit, own map[string]string) []File {
	t.Helper()
	out, err := Compare(tree(kit), tree(own), Options{Ignore: []string{"incident-notes.md"},
		Machine: []string{"IMAGE"}})
	require.NoError(t, err)
	return out
}

func TestCompare(t *testing.T) {
	kit := map[string]string{
		"service/a.go": numbered(30), "README.md": "same\n", "gone.txt": "1\n2\n3",
		"incident-notes.md": "template\n", ".env": "# images\nIMAGE=one\nPORT=1\n", "crlf.txt": "a\nb\n",
		"logo": "text\n",
	}
	own := map[string]string{
		"service/a.go": strings.Replace(strings.Replace(numbered(30), "line 5\n", "line five\nand more\n", 1),
			"line 25\n", "", 1),
		"README.md": "same\n", "incident-notes.md": "filled in\n", ".env": "# images\nIMAGE=two\nPORT=1\n",
		"service/b.go": "package b\n", "crlf.txt": "a\r\nb\r\n", "logo": "x\x00y",
	}
	got := compare(t, kit, own)
	require.Equal(t, []File{
		{Path: "crlf.txt", Kind: Changed, Reason: "only line ends differ"},
		{Path: "logo", Kind: Changed, Reason: "no text, 3 bytes"},
		{Path: "service/a.go", Kind: Changed, Added: 2, Removed: 2, Hunks: []Hunk{
			{Old: 2, OldLines: 7, New: 2, NewLines: 8, Lines: []string{" line 2", " line 3", " line 4",
				"-line 5", "+line five", "+and more", " line 6", " line 7", " line 8"}},
			{Old: 22, OldLines: 7, New: 23, NewLines: 6, Lines: []string{" line 22", " line 23", " line 24",
				"-line 25", " line 26", " line 27", " line 28"}},
		}},
		{Path: "gone.txt", Kind: Removed, Removed: 3},
		{Path: "service/b.go", Kind: Added, Added: 1, Hunks: []Hunk{
			{Old: 0, New: 1, NewLines: 1, Lines: []string{"+package b"}}}},
	}, got)
	require.Equal(t, "@@ -2,7 +2,8 @@", got[2].Hunks[0].Head())
	require.Empty(t, compare(t, kit, kit))
}

// TestMachineVariables: only the listed variables are the machine's business.
func TestMachineVariables(t *testing.T) {
	kit := map[string]string{".env": "IMAGE=one\nPORT=1\n"}
	got := compare(t, kit, map[string]string{".env": "IMAGE=two\nPORT=2\nMODE=soft\n"})
	require.Equal(t, []string{" IMAGE=one", "-PORT=1", "+PORT=2", "+MODE=soft"}, got[0].Hunks[0].Lines)
	got = compare(t, kit, map[string]string{".env": "PORT=1\n"})
	require.Equal(t, 1, got[0].Removed, "a line that is gone is a change")
}

// TestBounds: what is not shown is told, and never hides a change of the kit.
func TestBounds(t *testing.T) {
	own := map[string]string{"kit.go": "new\n", "long.go": strings.Repeat("x", 5000) + "\n",
		"huge.txt": strings.Repeat("y", maxFile+1), "tall.txt": numbered(maxLines + 1)}
	for i := range 400 {
		own[fmt.Sprintf("a/%03d.txt", i)] = numbered(50)
	}
	got := compare(t, map[string]string{"kit.go": "old\n"}, own)
	require.Equal(t, "kit.go", got[0].Path)
	require.Len(t, got[0].Hunks[0].Lines, 2)
	require.Len(t, got, maxFiles+1)
	require.Equal(t, File{Kind: Added, Reason: "204 further files are not shown"}, got[maxFiles])
	kept := 0
	for _, f := range got {
		for _, h := range f.Hunks {
			kept += len(h.Lines)
		}
		require.Equal(t, f.Added+f.Removed, f.Cut+changed(f.Hunks), f.Path)
	}
	require.Equal(t, totalLines, kept)

	got = compare(t, map[string]string{"big.go": numbered(2000)}, map[string]string{"big.go": strings.ReplaceAll(
		numbered(2000), "line", "row")})
	require.Equal(t, fileLines, changed(got[0].Hunks))
	require.Equal(t, 4000-fileLines, got[0].Cut)
	require.Equal(t, []int{2000, 2000}, []int{got[0].Added, got[0].Removed})

	delete(own, "kit.go")
	for name := range own {
		if strings.HasPrefix(name, "a/") {
			delete(own, name)
		}
	}
	got = compare(t, nil, own)
	require.Equal(t, "huge.txt", got[0].Path)
	require.Contains(t, got[0].Reason, "too large to be compared")
	require.LessOrEqual(t, len(got[1].Hunks[0].Lines[0]), lineRunes+10)
	require.Contains(t, got[2].Reason, "too large to be compared")
	require.Equal(t, maxLines+1, got[2].Added)
}

func changed(all []Hunk) int {
	n := 0
	for _, h := range all {
		for _, l := range h.Lines {
			if l[0] != ' ' {
				n++
			}
		}
	}
	return n
}

// FuzzHunks rebuilds the candidate's text from the kit's and the hunks.
func FuzzHunks(f *testing.F) {
	f.Add("a\nb\nc\n", "a\nx\nc")
	f.Add("", "a\n")
	f.Add("a\n\n\n\n\n\n\n\n\n\nb", "\n\n\n\n\n\nc\n")
	f.Fuzz(func(t *testing.T, old, own string) {
		got := compare(t, map[string]string{"f": old}, map[string]string{"f": own})
		if len(got) == 0 || got[0].Reason != "" || got[0].Cut > 0 || !utf8.ValidString(old) || !utf8.ValidString(own) ||
			len(old)+len(own) > lineRunes {
			return
		}
		before := split(old)
		var after []string
		next := 1
		for _, h := range got[0].Hunks {
			for ; next < h.Old; next++ {
				after = append(after, before[next-1])
			}
			for _, l := range h.Lines {
				if l[0] != '+' {
					require.Equal(t, before[next-1], l[1:])
					next++
				}
				if l[0] != '-' {
					after = append(after, l[1:])
				}
			}
		}
		after = append(after, before[min(next-1, len(before)):]...)
		require.Equal(t, split(own), after)
	})
}

// split gives the lines of a text; a last one without its end is one as well.
func split(s string) []string {
	s = unix([]byte(s))
	if s == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(s, "\n"), "\n")
}
