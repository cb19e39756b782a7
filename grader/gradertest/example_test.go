package gradertest_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"firedrill/fixtures/payment"
	"firedrill/grader/gradertest"
)

// A test has a *testing.T; this example prints what one would show.
func Example() {
	exam, err := payment.Exam()
	if err != nil {
		panic(err)
	}
	t := &printing{}
	defer t.clean()

	g := gradertest.Notes(t, exam, "Root cause: DNS. fraud-api.internal.corp does not resolve any more.\n")
	g.RequireMet("cause.dns")
	g.RequirePoints("cause.dns", 6)
	g.RequireNotGradable("service.payments") // only the notes were graded

	g.RequireNotMet("cause.dns") // fails, with the evidence
	// Output:
	// cause.dns is met, want not_met:
	//   cause.dns: met, 6 of 6
	//     Concludes that the name of the fraud host does not resolve
	//     > Root cause: DNS. fraud-api.internal.corp does not resolve any more.
	//     incident-notes.md:1: the notes say that it is concluded that the fraud host's name does not
	//     resolve, in "does not resolve" (rule: the name does not resolve)
}

// printing is a T that prints what a test would show.
type printing struct{ dir string }

func (*printing) Helper()                  {}
func (*printing) Context() context.Context { return context.Background() }
func (*printing) FailNow()                 {}
func (*printing) Logf(string, ...any)      {}

func (*printing) Errorf(format string, args ...any) {
	fmt.Println(strings.TrimSpace(fmt.Sprintf(format, args...)))
}

func (p *printing) TempDir() string {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		panic(err)
	}
	p.dir = dir
	return dir
}

func (p *printing) clean() {
	if err := os.RemoveAll(p.dir); err != nil {
		panic(err)
	}
}
