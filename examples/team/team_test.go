// Package team is a hiring team's own repository in small, see README.md. It has no code but
// its tests.
package team

import (
	"flag"
	"os"
	"testing"

	"firedrill/fixtures/payment"
	"firedrill/grader"
	"firedrill/grader/gradertest"
	"firedrill/rubric"
)

// update makes what golden submissions get what they must get. Look at the difference before
// you keep it.
var update = flag.Bool("update", false, "accept what golden submissions get")

// load gives the exam and our rubric.
func load(t *testing.T) (grader.Exam, gradertest.Option) {
	t.Helper()
	exam, err := payment.Exam()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := rubric.LoadFile("rubric/team.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return exam, gradertest.Rubric(rules)
}

// TestRubricIsSound: no problem that `rubric lint` tells. Warnings are for people.
func TestRubricIsSound(t *testing.T) {
	problems, err := rubric.Lint(os.DirFS("rubric"), "team.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if !p.Warning {
			t.Error(p)
		}
	}
}

// TestGolden: submissions whose grade we decided still get it.
func TestGolden(t *testing.T) {
	exam, ours := load(t)
	gradertest.Golden(t, exam, "golden", *update, ours)
}

// TestWhatWeCareFor says in sentences what our rubric is for.
func TestWhatWeCareFor(t *testing.T) {
	exam, ours := load(t)

	g := gradertest.Notes(t, exam, "I asked the network team to restore the DNS record.\n", ours)
	g.RequireMet("comms.escalation")
	g.RequirePoints("comms.escalation", 4)
	g.RequireNotGradable("service.payments") // nobody loses what was not checked

	g = gradertest.Notes(t, exam, "14:20 posted on the status page that payments fail.\n", ours)
	g.RequireMet("comms.status-page") // a rule of our own

	g = gradertest.Notes(t, exam, "It is not DNS, the name resolves fine.\n", ours)
	g.RequireNotMet("cause.dns")
}
