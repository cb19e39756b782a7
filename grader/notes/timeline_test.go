package notes

import (
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/rubric"
)

func TestTimeline(t *testing.T) {
	j := New(rules(t), Options{})
	for name, c := range map[string]struct {
		src  string
		want rubric.Outcome
	}{
		"list":        {"- 14:03 paged\n- 14:05 logs\n- 14:20 fixed\n", rubric.Met},
		"table":       {"| t | e |\n|---|---|\n| 14:03 | a |\n| 14:05 | b |\n| 14:20 | c |\n", rubric.Met},
		"lines":       {"1403 paged\n1405 logs\n1420 fixed\n", rubric.Met},
		"paragraphs":  {"**14:03** Paged.\n\n**14:05** Read.\n\n```\nlog\n```\n\n**14:20** Fixed.\n", rubric.Met},
		"inline":      {"14:03 sat down → 14:12 found it → 14:33 fixed it\n", rubric.Met},
		"after words": {"approx 14:03 paged\napprox 14:05 logs\nafter 14:20 fixed\n", rubric.Met},
		"dots":        {"14.03 Uhr: paged. 14.05 Uhr: logs. 14.20 Uhr: fixed.", rubric.Met},
		"iso":         {"2026-03-03T14:04 took over. 2026-03-03T14:18 found. 2026-03-03T14:41 fixed.", rubric.Met},
		"midnight":    {"- 23:52 failing\n- 00:07 woken\n- 00:38 fixed\n", rubric.Met},
		"at the end":  {"- Paged: 14:03\n- Cause known: 14:12\n- Fixed: 14:33\n", rubric.Met},
		"round code":  {"- 14:03 paged\n- 14:05 logs:\n\n```\nx y\n```\n\n- 14:20 fixed\n", rubric.Met},
		"from start":  {"- T+0 paged\n- T+5 min logs\n- T+20 min fixed\n", rubric.Met},
		"backwards":   {"- Fixed 14:33\n- Cause known 14:12\n- Paged 14:03\n", rubric.NotMet},
		"durations":   {"- 5 min: reading\n- 12 min: wrong track\n- 20 min: toggle\n", rubric.NotMet},
		"two":         {"- 14:03 paged\n- 14:05 logs\n", rubric.NotMet},
		"out of turn": {"- 14:20 fixed\n- 14:03 paged\n- 14:05 logs\n", rubric.NotMet},
		"logs": {"```\n2026-03-03T14:01:00Z ERROR a err=x\n2026-03-03T14:02:00Z ERROR b err=x\n" +
			"2026-03-03T14:03:00Z ERROR c err=x\n```\n", rubric.NotMet},
	} {
		f := j.JudgeOne([]byte(c.src), "timeline.ordered")
		require.Equal(t, c.want, f.Outcome, name)
	}
}
