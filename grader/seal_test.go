package grader_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/fixtures/payment"
	"firedrill/grader"
	"firedrill/grader/probe"
	"firedrill/rubric"
)

// TestSealedDatabase: while probes run, the service's user does what an owner may, and neither
// runs programs, nor changes the server, nor touches the examiner's sessions; the examiner
// reads and writes nothing, and is not deceived by a view in the place of a table.
func TestSealedDatabase(t *testing.T) {
	e, exam := connect(t), paymentExam(t)
	service := payment.Standard().DatabaseURL() + "&application_name=service" // a session of its own
	runs := 0
	look := odd("faulty.payments", &runs, nil)
	look.Run = func(ctx context.Context, s *probe.Session) (rubric.Observation, error) {
		runs++
		as := func(sql string) error { return s.Execute(ctx, probe.Statement{DSN: service, SQL: sql}) }
		for _, may := range []string{
			"ALTER TABLE transactions ADD COLUMN review_note text",
			"CREATE TABLE review_queue (id bigint PRIMARY KEY REFERENCES transactions (id))",
			"CREATE SCHEMA risk", "CREATE EXTENSION IF NOT EXISTS pgcrypto",
			"INSERT INTO customers (name, email) VALUES ('a', 'a@example.com')",
			"ALTER DATABASE payments SET search_path = risk", "SET work_mem = '8MB'",
		} {
			require.NoError(t, as(may), may)
		}
		for may, says := range map[string]string{
			"COPY review_queue FROM PROGRAM 'echo 1'":                                                 "pg_execute_server_program",
			"ALTER SYSTEM SET max_connections = 1":                                                    "permission denied",
			"ALTER ROLE firedrill_examiner PASSWORD 'x'":                                              "permission denied",
			"ALTER ROLE CURRENT_USER SUPERUSER":                                                       "must be superuser",
			"SET ROLE firedrill_owner":                                                                "permission denied",
			"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename ~ '^firedrill_'":    "must be a",
			"CREATE FUNCTION pg_catalog.f() RETURNS int LANGUAGE sql AS 'SELECT 1'":                   "permission denied",
			"CREATE OR REPLACE FUNCTION pg_catalog.pi() RETURNS float8 LANGUAGE sql AS 'SELECT 3.0'":  "permission denied",
			"CREATE OPERATOR pg_catalog.* (LEFTARG = int4, RIGHTARG = text, FUNCTION = pg_catalog.f)": "permission denied",
		} {
			require.ErrorContains(t, as(may), says, may)
		}
		for _, write := range []string{"DELETE FROM public.transactions RETURNING id",
			"CREATE TABLE public.mine (id int)", "COPY public.customers TO PROGRAM 'true'"} {
			_, err := s.Query(ctx, write)
			require.Error(t, err, write)
		}
		got, err := s.Query(ctx, "SELECT count(*) FROM public.transactions")
		require.NoError(t, err)
		require.Equal(t, [][]string{{"5"}}, got)
		got, err = s.Query(ctx, "SELECT count(backend_type) > 0 FROM pg_stat_activity WHERE usename = 'paymentuser'")
		require.NoError(t, err)
		require.Equal(t, [][]string{{"t"}}, got, "what others do is seen")

		require.NoError(t, as("ALTER TABLE transactions RENAME TO t"))
		require.NoError(t, as("CREATE VIEW public.transactions AS SELECT * FROM public.t"))
		_, err = s.Query(ctx, "SELECT count(*) FROM public.transactions")
		require.ErrorIs(t, err, probe.ErrSchema)
		require.ErrorContains(t, err, "public.transactions is not a table")
		return seen(200), nil
	}
	exam.Probes = []probe.Probe{look}
	r, err := grader.Grade(t.Context(), grader.Config{Exam: &exam, Engine: e, Seed: 1,
		Dir: filepath.Join(submissions, "pristine")})
	require.NoError(t, err)
	require.Equal(t, 1, runs)
	require.NotNil(t, r)
}
