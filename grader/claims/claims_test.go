package claims

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"firedrill/grader/notes"
	"firedrill/rubric"
	"firedrill/rubric/rule"
)

func shipped(t *testing.T) *rubric.Rubric {
	t.Helper()
	r, err := rubric.Load(rubric.Shipped(), "payment/payment.yaml")
	require.NoError(t, err)
	return r
}

func TestShippedExamples(t *testing.T) {
	r := shipped(t)
	for _, err := range CheckExamples(r) {
		t.Error(err)
	}
	for _, c := range r.Rules.Claims {
		require.NotEmpty(t, c.For, c.ID.Value)
		require.NotEmpty(t, c.Not, c.ID.Value)
	}
}

// TestWrongExamplesAreTold breaks one example of each side.
func TestWrongExamplesAreTold(t *testing.T) {
	for old, with := range map[string]string{
		`- "Customers can pay again."`:                `- "Customers can sleep again."`,
		`- "Payments still fail now."`:                `- "Payments work again now."`,
		`- "## Verification\n20 of 20 payments accep`: `- "## Verification\n25 of 20 payments accep`,
	} {
		fsys := fstest.MapFS{}
		files, err := fs.Glob(rubric.Shipped(), "payment/*.*")
		require.NoError(t, err)
		for _, file := range files {
			data, err := fs.ReadFile(rubric.Shipped(), file)
			require.NoError(t, err)
			name := path.Base(file)
			if name == "claims.yaml" {
				require.Contains(t, string(data), old)
				data = []byte(strings.Replace(string(data), old, with, 1))
			}
			fsys[name] = &fstest.MapFile{Data: data}
		}
		r, err := rubric.Load(fsys, "payment.yaml")
		require.NoError(t, err)
		errs := CheckExamples(r)
		require.Len(t, errs, 1, with)
		require.Regexp(t, `^claims\.yaml:\d+: `, errs[0].Error())
	}
}

// TestStatusesCount: what is planned, denied, guessed, quoted from a log or from the exam's
// papers, struck out or addressed to the grader claims nothing.
func TestStatusesCount(t *testing.T) {
	r := shipped(t)
	papers := notes.Options{Papers: []string{"On a good day the payments work again after the change, they say."}}
	require.Len(t, Read([]byte("Payments work again."), r, papers), 1)
	for _, text := range []string{
		"", "Payments will work again.", "Payments do not work again.", "Maybe payments work again.",
		"If payments work again we close this.", "Do payments work again?",
		"```\n$ echo payments work again | cat\n```", "<!-- payments work again -->",
		"On a good day the payments work again after the change, they say.",
		"## Follow-ups\n- payments work again",
	} {
		require.Empty(t, Read([]byte(text), r, papers), text)
	}
}

func TestReadIsBounded(t *testing.T) {
	r := shipped(t)
	long := strings.Repeat("Payments work again since 14:41.\n\n", 2000)
	require.LessOrEqual(t, len(Read([]byte(long), r, notes.Options{})), most)
}

// TestFewerConceptsReadTheSame: what ForClaims leaves out decides nothing.
func TestFewerConceptsReadTheSame(t *testing.T) {
	r := shipped(t)
	whole := notes.New(&rule.Set{Concepts: r.Rules.Concepts, Facts: r.Rules.Facts, Criteria: r.Rules.Claims},
		notes.Options{})
	few := notes.New(r.Rules.ForClaims(), notes.Options{})
	files, err := filepath.Glob("../../examples/calibration/notes/*.md")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	some := 0
	for _, file := range files {
		src, err := os.ReadFile(file)
		require.NoError(t, err)
		said := few.Statements(src)
		some += len(said)
		require.Equal(t, whole.Statements(src), said, file)
	}
	require.NotZero(t, some)
}
