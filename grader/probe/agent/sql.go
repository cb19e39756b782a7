package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"
)

const (
	// maxRows bounds the rows of one query, in bytes, and each message of the database.
	maxRows = 4 << 20
	// valueCost is what a value counts for beyond its bytes: holding it takes as much.
	valueCost = 64
)

// errTooMuch is said as a database says that a program's limit is exceeded. Our questions are
// about few rows: only the service can have made them so many, or so large.
var errTooMuch = fmt.Errorf("the answer is larger than %d MB (SQLSTATE 54000)", maxRows>>20)

// query runs one statement and gives every value as text, NULL as "\N".
func (w *worker) query(ctx context.Context, o order) ([][]string, error) {
	ctx, cancel := context.WithTimeout(ctx, o.bound())
	defer cancel()
	conn, err := w.connect(ctx, o.DSN)
	if err != nil {
		return nil, err
	}
	out, err := rows(ctx, conn, o)
	var long *pgproto3.ExceededMaxBodyLenErr
	if errors.As(err, &long) {
		err = errTooMuch
	}
	return out, err
}

// connect gives the connection that orders before have opened, or a new one.
func (w *worker) connect(ctx context.Context, dsn string) (*pgx.Conn, error) {
	if conn := w.db[dsn]; conn != nil && !conn.IsClosed() {
		return conn, nil
	}
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.MaxProtocolMessageBodyLen = maxRows
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err == nil {
		w.db[dsn] = conn
	}
	return conn, err
}

// rows reads a statement's rows, one after another, until they are too many. What else the
// database would send then is lost with the connection.
func rows(ctx context.Context, conn *pgx.Conn, o order) ([][]string, error) {
	res := conn.PgConn().ExecParams(ctx, o.Query, texts(o.Args), nil, nil, nil)
	out := [][]string{}
	size := 0
	for res.NextRow() {
		line := make([]string, len(res.Values()))
		for i, v := range res.Values() {
			if line[i] = string(v); v == nil {
				line[i] = `\N`
			}
			size += len(v) + valueCost
		}
		if size > maxRows {
			_ = conn.Close(ctx)
			return nil, errTooMuch
		}
		out = append(out, line)
	}
	_, err := res.Close()
	return out, err
}

func texts(args []string) [][]byte {
	out := make([][]byte, len(args))
	for i, a := range args {
		out[i] = []byte(a)
	}
	return out
}
