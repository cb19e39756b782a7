package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/stretchr/testify/require"
)

// listener serves connections until the test ends, and gives its address.
func listener(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				serve(c)
			}()
		}
	}()
	return l.Addr().String()
}

// TestEndlessWords: what a service says where it should say little is not kept.
func TestEndlessWords(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	for name, c := range map[string]struct {
		first, again string
		status       int
		wrong        string
	}{
		"a line that is no answer": {"", "A", 0, "exceeded 16384 bytes"},
		"no answer and no letters": {strings.Repeat("\xff", 9000) + "\n", "", 0, `malformed HTTP response`},
		"header lines":             {ok, "A: b\r\n", 0, "exceeded 16384 bytes"},
		"answers before the answer": {"", "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n", 0,
			"exceeded 16384 bytes"},
		"trailers":         {ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n", "A: b\r\n", 200, "trailer"},
		"chunk extensions": {ok + "Transfer-Encoding: chunked\r\n\r\n", "1;" + strings.Repeat("x", 4000) + "\r\nx\r\n", 200, "non-data"},
		"a long chunk line": {ok + "Transfer-Encoding: chunked\r\n\r\n", "1;" + strings.Repeat("x", 40_000), 200,
			"too long"},
		"a name in a packed body": {ok + "Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xff", "A",
			200, "gzip: invalid header"},
	} {
		t.Run(name, func(t *testing.T) {
			addr := listener(t, func(conn net.Conn) {
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
					return
				}
				_, err := io.WriteString(conn, c.first)
				for c.again != "" && err == nil {
					_, err = io.WriteString(conn, c.again)
				}
			})
			got := obey(t, order{Op: "http", Base: "http://" + addr, Wait: 60_000, Keep: 1 << 20,
				Requests: []request{{Method: "GET", Path: "/"}}})[0].Exchanges[0]
			require.Equal(t, c.status, got.Status, got.Error)
			require.Contains(t, got.Error, c.wrong)
			require.LessOrEqual(t, len(got.Error), maxWords)
		})
	}
}

func TestBrief(t *testing.T) {
	require.Equal(t, "no such host", brief("no such host"))
	long := brief("ERROR: " + strings.Repeat("é", 1000) + "\xff (SQLSTATE 42P01)")
	require.LessOrEqual(t, len(long), maxWords)
	require.True(t, utf8.ValidString(long))
	require.True(t, strings.HasPrefix(long, "ERROR: éé"))
	require.True(t, strings.HasSuffix(long, "é? (SQLSTATE 42P01)"))
}

// database answers every query with n rows of one value, or only says the value, and gives its
// DSN.
func database(t *testing.T, n int, value string) string {
	t.Helper()
	addr := listener(t, func(c net.Conn) {
		b := pgproto3.NewBackend(c, c)
		if _, err := b.ReceiveStartupMessage(); err != nil {
			return
		}
		b.Send(&pgproto3.AuthenticationOk{})
		b.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
		for b.Flush() == nil {
			msg, err := b.Receive()
			if err != nil {
				return
			}
			if _, asked := msg.(*pgproto3.Sync); !asked {
				continue
			}
			b.Send(&pgproto3.ParseComplete{})
			b.Send(&pgproto3.BindComplete{})
			b.Send(&pgproto3.RowDescription{Fields: []pgproto3.FieldDescription{{Name: []byte("x")}}})
			if n == 0 {
				b.Send(&pgproto3.NoticeResponse{Message: value})
			}
			for range n {
				b.Send(&pgproto3.DataRow{Values: [][]byte{[]byte(value)}})
				if b.Flush() != nil {
					return
				}
			}
			b.Send(&pgproto3.CommandComplete{CommandTag: []byte("SELECT")})
			b.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
		}
	})
	return fmt.Sprintf("postgres://x@%s/x?sslmode=disable", addr)
}

// TestEndlessRows: rows are read up to a bound, and what exceeds it is said with a SQLSTATE.
func TestEndlessRows(t *testing.T) {
	const none = 1 << 40 // more than can be sent
	for name, c := range map[string]struct {
		rows, size int
		fits       bool
	}{
		"a large batch's":           {2000, 500, true},
		"many":                      {none, 1, false},
		"many empty ones":           {none, 0, false},
		"long ones":                 {none, 1 << 20, false},
		"one that is too long":      {1, maxRows + 1, false},
		"a notice that is too long": {0, maxRows + 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			o := order{Op: "sql", DSN: database(t, c.rows, strings.Repeat("x", c.size)), Query: "SELECT", Wait: 60_000}
			for _, got := range obey(t, o, o) { // the second is asked in the same way
				if c.fits {
					require.Empty(t, got.Error)
					require.Len(t, got.Rows, c.rows)
					continue
				}
				require.Equal(t, "the answer is larger than 4 MB (SQLSTATE 54000)", got.Error)
				require.Empty(t, got.Rows)
			}
		})
	}
}
