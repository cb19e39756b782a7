package leak_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"firedrill/lab/leak"
)

// secrets are those of a small exam.
func secrets() leak.Secrets {
	return leak.Secrets{
		Words: 4,
		Papers: fstest.MapFS{
			"SOLUTION.md": {Data: []byte("# Solution\n\nThe old key has expired in the vault.\n\n" +
				"| wrong turn | restart the blue server |\n\nSee `docs/first-steps.md` here.\n")},
			"check.sh": {Data: []byte("echo whatever stands in scripts counts not\n")},
		},
		Phrases: []leak.Term{{Text: "Says that keys must rotate daily", From: "criterion key.rotation"}},
		Terms: []leak.Term{
			{Text: "key.rotation", From: "criterion key.rotation"},
			{Text: "grader*", From: "the grading"},
			{Text: "key has expired", From: "the cause", Clue: true},
		},
		Shared: []string{"See docs/first-steps.md"},
	}
}

func vocabulary(t *testing.T) *leak.Vocabulary {
	t.Helper()
	v, err := leak.New(secrets())
	require.NoError(t, err)
	return v
}

func TestTextsThatLeak(t *testing.T) {
	for text, want := range map[string]string{
		"one\ntwo\nthe OLD key:\n\thas expired": `f:3: "old key has expired" is from SOLUTION.md:3`,
		"// the old\n// key has expired, yes":   `f:1: "old key has expired" is from SOLUTION.md:3`,
		"if theOldKeyHasExpired() {":            `f:1: "old key has expired" is from SOLUTION.md:3`,
		"| **restart** the _blue_ server |":     `f:1: "restart the blue server" is from SOLUTION.md:5`,
		"\n\nkeys must rotate daily":            `f:3: "keys must rotate daily" is from criterion key.rotation`,
		"x\nid=key.rotation;":                   `f:2: "key.rotation" is from criterion key.rotation`,
		"Key.Rotation":                          `f:1: "key.rotation" is from criterion key.rotation`,
		"run the graders":                       `f:1: "graders" is from the grading`,
		"your key has expired":                  `f:1: "key has expired" is from the cause`,
	} {
		found := vocabulary(t).Text("f", []byte(text), leak.Paper)
		require.NotEmpty(t, found, text)
		require.Equal(t, want, found[0].String(), text)
	}
}

func TestTextsThatDoNot(t *testing.T) {
	for _, text := range []string{
		"", "the old key", "key has not expired", "monkey.rotation key.rotations key-rotation",
		"see docs/first-steps.md", "an upgrader", "in the vault. Wrong turn", "blue server",
		"whatever stands in scripts counts not",
	} {
		require.Empty(t, vocabulary(t).Text("f", []byte(text), leak.Paper), text)
	}
}

func TestCluesAreEvidenceWhereSomethingRuns(t *testing.T) {
	v, line := vocabulary(t), []byte("level=ERROR your key has expired")
	require.Empty(t, v.Text("log", line, leak.Running))
	require.Len(t, v.Text("README", line, leak.Paper), 1)
	require.Len(t, v.Text("log", []byte("the old key has expired"), leak.Running), 1,
		"a phrase of the papers is none")
}

// TestPhrasesEndWhereSentencesDo: what stands beside one another by chance is no phrase.
func TestPhrasesEndWhereSentencesDo(t *testing.T) {
	for _, paper := range []string{
		"one two. Three four", "| one two | three four |", "one two\n\nthree four",
		"one two:\n```sh\nthree four\n```\n", "```\none two\n```\nthree four", "```\none two```",
	} {
		v, err := leak.New(leak.Secrets{Words: 4,
			Papers: fstest.MapFS{"a.md": {Data: []byte(paper)}}})
		require.NoError(t, err)
		require.Empty(t, v.Text("f", []byte("one two three four"), leak.Paper), paper)
		require.Empty(t, v.Text("f", []byte("one two sh three four"), leak.Paper), paper)
	}
}

func TestQuotedEvidence(t *testing.T) {
	s := secrets()
	s.Evidence = []string{"restart the blue server"}
	v, err := leak.New(s)
	require.NoError(t, err)
	require.Empty(t, v.Text("log", []byte("restart the blue server"), leak.Running))
	require.Len(t, v.Text("README", []byte("restart the blue server"), leak.Paper), 1)
	s.Evidence = []string{"nobody says this ever"}
	_, err = leak.New(s)
	require.ErrorContains(t, err, "quoted phrase")
}

func TestProgramsAreReadByTheirStrings(t *testing.T) {
	v := vocabulary(t)
	program := "\x7fELF\x00\x01%dnonekey.rotationabc\x00\x02key has expired\x00restart the blue server\x00"
	found := v.Text("/bin/x", []byte(program), leak.Paper)
	require.Len(t, found, 2)
	require.Equal(t, `/bin/x:6: "key.rotation" is from criterion key.rotation`, found[0].String())
	require.Equal(t, "restart the blue server", found[1].Found)
	require.Empty(t, v.Text("/bin/x", []byte("\x00\x01plain and harmless\x00"), leak.Paper))
}

func TestTreeReadsNamesAndFiles(t *testing.T) {
	v := vocabulary(t)
	kit := fstest.MapFS{
		"README.md":        {Data: []byte("Good luck.\n")},
		"docs/first-steps": {Data: []byte("a\nb\nwe restart the blue server\n")},
		"grader/x.txt":     {Data: []byte("x")},
	}
	found, err := v.Tree(kit)
	require.NoError(t, err)
	var told []string
	for _, l := range found {
		told = append(told, l.String())
	}
	require.Equal(t, []string{
		`docs/first-steps:3: "restart the blue server" is from SOLUTION.md:5`,
		`name of grader:1: "grader" is from the grading`,
		`name of grader/x.txt:1: "grader" is from the grading`,
	}, told)

	err = v.Check("the kit", kit)
	var leaky *leak.Error
	require.True(t, errors.As(err, &leaky))
	require.Len(t, leaky.Leaks, 3)
	require.ErrorContains(t, err, "the kit says what must not be seen:\n  docs/first-steps:3:")
	require.Contains(t, leaky.Hint(), "shared")
	delete(kit, "grader/x.txt")
	delete(kit, "docs/first-steps")
	require.NoError(t, v.Check("the kit", kit))
}

func TestJSON(t *testing.T) {
	v := vocabulary(t)
	found, err := v.JSON("container a", []byte(
		`{"Config":{"Labels":{"x":"key.rotation"},"Env":["A=1","MODE=grader"]},"graders":3}`), leak.Paper)
	require.NoError(t, err)
	var told []string
	for _, l := range found {
		told = append(told, l.Where)
	}
	require.Equal(t, []string{"container a.Config.Env[1]", "container a.Config.Labels.x",
		"container a.graders"}, told)
	_, err = v.JSON("container a", []byte("{"), leak.Paper)
	require.ErrorContains(t, err, "read container a")
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	for want, change := range map[string]func(*leak.Secrets){
		"phrases of 2 words":                   func(s *leak.Secrets) { s.Words = 2 },
		`shared phrase "nobody says this ever`: func(s *leak.Secrets) { s.Shared = append(s.Shared, "nobody says this ever") },
		`term "a.b*" cannot be looked for`:     func(s *leak.Secrets) { s.Terms = []leak.Term{{Text: "a.b*"}} },
		`term "" cannot be looked for`:         func(s *leak.Secrets) { s.Terms = []leak.Term{{}} },
	} {
		s := secrets()
		change(&s)
		_, err := leak.New(s)
		require.ErrorContains(t, err, want)
	}
}

// layer is one layer of an image: files by name.
func layer(t *testing.T, files map[string]string) string {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for name, text := range files {
		require.NoError(t, w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text))}))
		_, err := io.WriteString(w, text)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return out.String()
}

func zipped(t *testing.T, text string) string {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.String()
}

const clean = `{"config":{"Labels":{"a":"b"},"Env":["PATH=/bin"]},"rootfs":{"type":"layers"},
	"history":[{"created_by":"COPY x"}]}`

func TestImage(t *testing.T) {
	v := vocabulary(t)
	none := layer(t, map[string]string{"etc/os-release": "plain"})
	for name, c := range map[string]struct{ config, layer, want string }{
		"clean":   {clean, none, ""},
		"label":   {strings.Replace(clean, `"b"`, `"grader"`, 1), none, `label a of image x:1:`},
		"env":     {strings.Replace(clean, "PATH=/bin", "A=key.rotation", 1), none, `environment of image x:1:`},
		"history": {strings.Replace(clean, "COPY x", "COPY grader /", 1), none, `history 1 of image x:1:`},
		"name":    {clean, layer(t, map[string]string{"opt/key.rotation": ""}), `name of x /opt/key.rotation:1:`},
		"text": {clean, layer(t, map[string]string{"etc/motd": "a\nthe old key has expired"}),
			`x /etc/motd:2: "old key has expired" is from SOLUTION.md:3`},
		"zipped": {clean, zipped(t, layer(t, map[string]string{"bin/x": "\x00\x00restart the blue server"})),
			`x /bin/x:2: "restart the blue server"`},
		"foreign": {clean, layer(t, map[string]string{"usr/x": "restart the blue server"}), ""},
	} {
		saved := layer(t, map[string]string{"manifest.json": "[]", "blobs/c": c.config, "blobs/l": c.layer})
		found, err := v.Image("x", strings.NewReader(saved),
			func(name string) bool { return strings.HasPrefix(name, "/usr/") })
		require.NoError(t, err, name)
		if c.want == "" {
			require.Empty(t, found, name)
			continue
		}
		require.Len(t, found, 1, name)
		require.Contains(t, found[0].String(), c.want, name)
	}
}

func TestImageThatCannotBeReadIsNotClean(t *testing.T) {
	v := vocabulary(t)
	for want, saved := range map[string]string{
		"0 layers and 0 configurations": layer(t, map[string]string{"manifest.json": "[]"}),
		"1 layers and 0 configurations": layer(t, map[string]string{"l": layer(t, map[string]string{"a": "b"})}),
		"read image x":                  "no archive at all" + strings.Repeat("x", 600),
	} {
		_, err := v.Image("x", strings.NewReader(saved), nil)
		require.ErrorContains(t, err, want)
	}
	cut := layer(t, map[string]string{"c": clean, "l": layer(t, map[string]string{"a": fmt.Sprint(v)})})
	_, err := v.Image("x", strings.NewReader(cut[:len(cut)/2]), nil)
	require.Error(t, err)
}
