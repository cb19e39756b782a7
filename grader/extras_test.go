package grader_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"firedrill/grader"
	"firedrill/grader/probe"
	"firedrill/grader/report"
	"firedrill/rubric"
)

// approver is a stub of the fraud API that approves everything.
const approver = `package main

import (
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("POST /v1/check", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "{\"decision\":\"approve\",\"reason\":\"stub\",\"check_id\":\"chk-000000\"}")
	})
	log.Fatal(http.ListenAndServe(os.Getenv("LISTEN"), nil))
}
`

const stubService = `  fraud-stub:
    build: ./fraud-stub
    environment: {LISTEN: ":8443"}
    networks:
      default:
        ipv4_address: 172.28.53.60
        aliases: [ALIASES]

networks:`

// stubbed is the untouched kit with a stub beside it, reached by one of the ways.
func stubbed(t *testing.T, aliases, hosts, program string) string {
	return variant(t, "pristine", func(dir string) {
		file := filepath.Join(dir, "docker-compose.yml")
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		text := strings.Replace(string(data), "\nnetworks:",
			"\n"+strings.Replace(stubService, "ALIASES", aliases, 1), 1)
		if hosts != "" {
			text = strings.Replace(text, "    ports:\n", "    extra_hosts: ["+hosts+"]\n    ports:\n", 1)
		}
		require.NotEqual(t, string(data), text)
		write(t, file, text)
		require.NoError(t, os.Mkdir(filepath.Join(dir, "fraud-stub"), 0o755))
		write(t, filepath.Join(dir, "fraud-stub/go.mod"), "module stub\n\ngo 1.26.0\n")
		write(t, filepath.Join(dir, "fraud-stub/main.go"), program)
	})
}

// whoAnswers asks, once the real fraud API is back, who answers under its name, and whether
// the service still takes money from the customer whom the real one blocks.
func whoAnswers() probe.Probe {
	const asked = 20
	return probe.Probe{ID: "healed.names", World: "healed", Doc: "asks under the name",
		Counts: map[string]string{"stub": "answers of the stub", "blocked": "payments that ought to be declined"},
		Run: func(ctx context.Context, s *probe.Session) (rubric.Observation, error) {
			o := rubric.Observation{Counts: map[string]int{"stub": 0, "blocked": 0}}
			for i := range asked {
				got, err := s.Ask(ctx, "http://fraud-api.internal.corp:8443", probe.Request{Method: "POST",
					Path: "/v1/check", Body: `{"type":"payment","customer_id":5,"amount":12.00,"currency":"USD"}`})
				if err != nil {
					return o, err
				}
				if strings.Contains(got.Answer, `"stub"`) {
					o.Counts["stub"]++
				}
				paid, err := s.Send(ctx, []probe.Request{{Method: "POST", Path: "/api/payment",
					Header: map[string]string{"Content-Type": "application/json"},
					Body: fmt.Sprintf(`{"customer_id":5,"payment_method_id":5,"amount":%d.50,"currency":"USD"}`,
						10+i)}}, 1)
				if err != nil {
					return o, err
				}
				if paid[0].Status == 201 {
					o.Counts["blocked"]++
				}
			}
			return o, nil
		}}
}

// gradeWith grades with some of the probes, and one more.
func gradeWith(t *testing.T, dir string, probes ...string) *report.Report {
	t.Helper()
	e, exam := connect(t), paymentExam(t)
	exam.Probes = append(slices.Clone(exam.Probes), whoAnswers())
	exam.Probes = slices.DeleteFunc(slices.Clone(exam.Probes),
		func(p probe.Probe) bool { return !slices.Contains(probes, p.ID) })
	require.Len(t, exam.Probes, len(probes))
	r, err := grader.Grade(t.Context(), grader.Config{Exam: &exam, Dir: dir, Engine: e, Seed: 1})
	require.NoError(t, err)
	require.Empty(t, left(t, e, r.Run.ID))
	return r
}

func outcomes(r *report.Report) map[string]rubric.Outcome {
	out := map[string]rubric.Outcome{}
	for _, c := range r.Criteria {
		out[c.ID] = c.Outcome
	}
	return out
}

// TestStubOfTheFraudAPI: a stub that owns the missing name, or stands in the service's hosts
// file, lets payments through at once, and stays in the way when the real one is back.
func TestStubOfTheFraudAPI(t *testing.T) {
	for name, c := range map[string]struct {
		dir  string
		stub int // answers that others get from it, of 20
	}{
		"by alias": {stubbed(t, "fraud-api.internal.corp", "", approver), 20},
		"by hosts": {stubbed(t, "", `"fraud-api.internal.corp:172.28.53.60"`, approver), 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := gradeWith(t, c.dir, "faulty.payments", "faulty.refunds-large", "healed.names")
			for _, s := range r.Settings {
				require.True(t, s.Applied, "%s: %s", s.Path, s.Reason)
				require.Equal(t, "docker-compose.yml", s.File)
				require.NotZero(t, s.Line)
			}
			require.NotEmpty(t, r.Settings)
			require.False(t, slices.ContainsFunc(r.Notices,
				func(n report.Notice) bool { return n.About != "notes" }))
			got := outcomes(r)
			require.Equal(t, rubric.Met, got["service.payments"])
			require.Equal(t, rubric.Met, got["service.refunds-large"])
			names := r.Record.Observations[2]
			require.Empty(t, names.Unchecked)
			require.Equal(t, 20, names.Counts["blocked"], "the stub still decides when the real one is back")
			require.Equal(t, c.stub, names.Counts["stub"], "of 20 answers under the name")
		})
	}
}

// TestStubThatIsNot: a stub that does not compile or listen is told; the service is graded.
func TestStubThatIsNot(t *testing.T) {
	for name, c := range map[string]struct{ program, says string }{
		"does not compile": {"package main\n\nfunc main() { nonsense() }\n", "undefined: nonsense; it is left out"},
		"ends at once":     {"package main\n\nfunc main() { println(\"no\") }\n", "fraud-stub does not listen on port 8443: no"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := gradeWith(t, stubbed(t, "fraud-api.internal.corp",
				`"fraud-api.internal.corp:172.28.53.60"`, c.program), "faulty.endpoints")
			var said []string
			for _, n := range r.Notices {
				said = append(said, n.Text)
			}
			require.Contains(t, strings.Join(said, "\n"), c.says)
			require.Equal(t, rubric.Met, outcomes(r)["service.endpoints"])
		})
	}
}
