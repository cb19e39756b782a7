package grader_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/joshdk/go-junit"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"firedrill/examples"
	"firedrill/grader"
	"firedrill/grader/report"
	"firedrill/rubric"
)

// requireValid holds a report and its record against the schemas that are published.
func requireValid(t *testing.T, r *report.Report) {
	t.Helper()
	data, err := r.JSON()
	require.NoError(t, err)
	validate(t, report.Schema(), data)
	require.NotNil(t, r.Record)
	data, err = r.Record.JSON()
	require.NoError(t, err)
	validate(t, report.RecordSchema(), data)
}

func validate(t *testing.T, schema, data []byte) {
	t.Helper()
	decoded := func(text []byte) any {
		out, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		require.NoError(t, err)
		return out
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	require.NoError(t, c.AddResource("urn:it", decoded(schema)))
	s, err := c.Compile("urn:it")
	require.NoError(t, err)
	require.NoError(t, s.Validate(decoded(data)))
}

// TestExamplesInMachineFormats reads the notes of every example and holds what scripts and
// CIs get against what they accept. Whole grades are held against the schemas where they are
// made, see grade.
func TestExamplesInMachineFormats(t *testing.T) {
	sarif, err := os.ReadFile("report/testdata/sarif-schema-2.1.0.json")
	require.NoError(t, err)
	names, err := examples.Names(os.DirFS(submissions))
	require.NoError(t, err)
	exam := paymentExam(t)
	rules, err := rubric.Load(exam.Rubrics, exam.Rubric)
	require.NoError(t, err)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := grader.Grade(t.Context(), grader.Config{Exam: &exam, Rubric: rules,
				Dir: filepath.Join(submissions, name), NotesOnly: true})
			require.NoError(t, err)
			requireValid(t, r)
			var out bytes.Buffer
			require.NoError(t, r.SARIF(&out))
			validate(t, sarif, out.Bytes())
			out.Reset()
			require.NoError(t, r.JUnit(&out))
			suites, err := junit.IngestReader(&out)
			require.NoError(t, err)
			tests := 0
			for _, s := range suites {
				tests += s.Totals.Tests
			}
			require.Equal(t, len(r.Criteria), tests)
		})
	}
}

// TestPrintsFormats prints a grade as its CI wants it, while grading and later.
func TestPrintsFormats(t *testing.T) {
	out := filepath.Join(t.TempDir(), "report")
	dir := filepath.Join(submissions, "pristine")
	code, fresh, _, _ := run(t, "--notes-only", "--quiet", "--format", "junit", "--out", out, dir)
	require.Zero(t, code)
	suites, err := junit.Ingest([]byte(fresh))
	require.NoError(t, err)
	require.NotEmpty(t, suites)
	for format, begins := range map[string]string{"junit": "<?xml", "sarif": "{\n  \"$schema\"",
		"markdown": "## Payment service", "json": "{\n  \"report\": 1", "text": "Payment service"} {
		code, later, errs, _ := run(t, "report", out, "--format", format)
		require.Zero(t, code, errs)
		require.True(t, strings.HasPrefix(later, begins), later)
		if format == "junit" {
			require.Equal(t, fresh, later)
		}
	}
	code, _, message, _ := run(t, "report", out, "--format", "json", "--audience", "candidate")
	require.Equal(t, grader.ExitUsage, code)
	require.Contains(t, message, "--audience candidate has a page alone")
	code, _, message, _ = run(t, "report", out, "--format", "json", "--out", "x")
	require.Equal(t, grader.ExitUsage, code)
	require.Contains(t, message, "--out is for the page")
}

// TestPrintsSchemas for programs that read what grading writes.
func TestPrintsSchemas(t *testing.T) {
	for args, want := range map[string][]byte{"": report.Schema(), "report": report.Schema(),
		"record": report.RecordSchema()} {
		code, out, _, _ := run(t, append([]string{"schema"}, strings.Fields(args)...)...)
		require.Zero(t, code)
		require.Equal(t, string(want), out)
	}
	code, _, message, _ := run(t, "schema", "grade")
	require.Equal(t, grader.ExitUsage, code)
	require.Contains(t, message, `no schema of "grade", want report or record`)
}

// TestStoredRecordsAreValid: so are those that were kept, of whole grades.
func TestStoredRecordsAreValid(t *testing.T) {
	for pattern, schema := range map[string][]byte{
		submissions + "/*.record.json":          report.RecordSchema(),
		"report/page/testdata/*/record.json":    report.RecordSchema(),
		"report/page/testdata/*/report.json":    report.Schema(),
		"../examples/team/golden/*.record.json": report.RecordSchema(),
	} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, files, pattern)
		for _, file := range files {
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			validate(t, schema, data)
		}
	}
}
