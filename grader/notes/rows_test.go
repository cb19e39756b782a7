package notes

import (
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/rubric"
)

// The header of a table gives its cells their meaning, also where a rule joins
// several rows.
func TestRowsWithHeader(t *testing.T) {
	j := New(rules(t), Options{})
	for name, c := range map[string]struct {
		id, src string
		want    rubric.Outcome
	}{
		"both fail": {"pattern.endpoints",
			"| endpoint | n | failed |\n|---|---|---|\n| /api/payment | 51 | 47 |\n| /api/refund | 24 | 21 |\n",
			rubric.Met},
		"one fails": {"pattern.endpoints",
			"| endpoint | n | failed |\n|---|---|---|\n| /api/payment | 51 | 47 |\n", rubric.NotMet},
		"several sentences in a cell": {"cause.database-cleared",
			"| doubt | outcome |\n|---|---|\n| Postgres slow | 2 ms. No locks. Ruled out |\n", rubric.Met},
		"sizes": {"pattern.refund-threshold",
			"| refund of | outcome |\n|---|---|\n| 80 | paid |\n| 4000 | refused |\n", rubric.Met},
	} {
		require.Equal(t, c.want, j.JudgeOne([]byte(c.src), c.id).Outcome, name)
	}
}
