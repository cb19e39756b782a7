package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC)

// readAll gives every line of a stream and the error that ended it.
func readAll(t testing.TB, data []byte) (lines []string, err error) {
	t.Helper()
	d := newDemux(bytes.NewReader(data))
	for {
		got, err := d.next()
		if err != nil {
			return lines, err
		}
		which := "out "
		if got.stderr {
			which = "err "
		}
		lines = append(lines, which+string(got.text))
	}
}

func TestDemux(t *testing.T) {
	line := stamped(noon, "hello")
	for name, c := range map[string]struct {
		data  []byte
		lines []string
		err   error
	}{
		"nothing":  {nil, nil, io.EOF},
		"one line": {frame(false, line), []string{"out hello"}, io.EOF},
		"both streams": {
			append(frame(false, line), frame(true, line)...), []string{"out hello", "err hello"}, io.EOF,
		},
		"empty line":        {frame(false, stamped(noon, "")), []string{"out "}, io.EOF},
		"without line feed": {frame(true, strings.TrimSuffix(line, "\n")), []string{"err hello"}, io.EOF},
		"parts of a long line, with another stream between": {bytes.Join([][]byte{
			frame(false, strings.TrimSuffix(stamped(noon, "one "), "\n")), frame(true, line),
			frame(false, stamped(noon, "two"))}, nil), []string{"err hello", "out one two"}, io.EOF},
		"cut in a header": {append(frame(false, line), 1, 0), []string{"out hello"}, io.EOF},
		"cut in a payload": {
			append(frame(false, line), frame(false, line)[:20]...), []string{"out hello"}, io.EOF,
		},
		"too long a line": {append(
			frame(false, stamped(noon, strings.Repeat("x", maxText+5))), frame(false, line)...),
			[]string{"out " + strings.Repeat("x", maxText) + cutMark, "out hello"}, io.EOF},
		"a terminal's output": {[]byte("hello, this is no frame"), nil, errFrame},
		"standard input":      {append([]byte{0, 0, 0, 0, 0, 0, 0, 1}, 'x'), nil, errFrame},
		"frame of 4 GB":       {[]byte{1, 0, 0, 0, 255, 255, 255, 255}, nil, errFrame},
		"no timestamp":        {frame(false, "hello world\n"), nil, errFrame},
	} {
		lines, err := readAll(t, c.data)
		require.Equal(t, c.lines, lines, name)
		require.ErrorIs(t, err, c.err, name)
	}
}

func TestDemuxTime(t *testing.T) {
	d := newDemux(bytes.NewReader(frame(false, stamped(noon, "x"))))
	got, err := d.next()
	require.NoError(t, err)
	require.True(t, noon.Equal(got.time), "to the nanosecond")
	require.False(t, d.buffered())
}

// FuzzDemux reads anything: it must end, and give no line longer than the limit.
func FuzzDemux(f *testing.F) {
	f.Add(frame(false, stamped(noon, "hello")))
	f.Add([]byte{1, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		lines, err := readAll(t, data)
		require.Error(t, err)
		for _, l := range lines {
			require.LessOrEqual(t, len(l), len("out ")+maxText+len(cutMark))
		}
	})
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain\ttext":                         "plain\ttext",
		"größe 10 €":                          "größe 10 €",
		"\x1b[31mred\x1b[0m":                  "red",
		"\x1b]52;c;aGk=\x07after":             "after",
		"\x1b]0;title\x1b\\after":             "after",
		"\x1b]never ends":                     "",
		"\x1b[12":                             "",
		"\x1b(B.":                             "B.", // the rest of an unknown sequence is harmless
		"end\r":                               "end",
		"over\rwritten":                       "over\uFFFDwritten",
		"null\x00":                            "null\uFFFD",
		"bad \xff utf-8":                      "bad \uFFFD utf-8",
		"\u202egnp.exe":                       "\uFFFDgnp.exe",
		"line\u2028separator \u0085 \u009b31": "line\uFFFDseparator \uFFFD \uFFFD31",
		"<script>alert(1)</script>":           "<script>alert(1)</script>", // the page writes text, not HTML
	} {
		require.Equal(t, want, clean([]byte(in)), "%q", in)
	}
}

func TestLevelOf(t *testing.T) {
	for text, want := range map[string]Level{
		`time=2026-03-01T12:00:00Z level=ERROR msg=x`:                        Error,
		`time=2026-03-01T12:00:00Z level=WARN+1 msg=x`:                       Warn,
		`level=INFO msg="level=ERROR in a text"`:                             Info,
		`level=DEBUG msg=x`:                                                  Debug,
		`level=INFO msg=request status=503`:                                  Error,
		`level=INFO msg=request status=499`:                                  Info,
		`level=INFO msg=request status=5030`:                                 Info,
		`{"time":"x","level":"error","msg":"x"}`:                             Error,
		`{"level":"info","status":500}`:                                      Error,
		`{"level":"info","status":"502"}`:                                    Error,
		`{"severity":"WARNING"}`:                                             Warn,
		`{"level":30,"msg":"ERROR"}`:                                         Error,
		`{"msg":"nothing"}`:                                                  Info,
		`{broken level=ERROR`:                                                Error,
		`2026-03-01 12:00:00.1 UTC [71] ERROR:  relation "x" does not exist`: Error,
		`2026-03-01 12:00:00.1 UTC [71] FATAL:  the database is starting up`: Error,
		`2026-03-01 12:00:00.1 UTC [71] LOG:  statement: SELECT 'ERROR'`:     Info,
		`2026-03-01 12:00:00.1 UTC [71] WARNING:  there is no transaction`:   Warn,
		`2026-03-01 12:00:00.1 UTC [71] DEBUG2:  x`:                          Debug,
		`10.0.0.1 - - [01/Mar/2026] "GET / HTTP/1.1" 502 12`:                 Error,
		`10.0.0.1 - - [01/Mar/2026] "GET / HTTP/1.1" 200 512`:                Info,
		`panic: runtime error: index out of range`:                           Error,
		`[error] worker gone`:                                                Error,
		`WARNING: using default key`:                                         Warn,
		`no errors were found`:                                               Info,
		``:                                                                   Info,
	} {
		require.Equal(t, want, levelOf(text, Info), text)
	}
	for _, more := range []string{
		"\tmain.go:12 +0x1d", "2026 UTC [1] STATEMENT:  SELECT 1", "2026 UTC [1] DETAIL:  x",
	} {
		require.Equal(t, Error, levelOf(more, Error), "%q belongs to the error before", more)
	}
}
