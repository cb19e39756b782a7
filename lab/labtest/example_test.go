package labtest_test

import (
	"net/http"
	"testing"

	"firedrill/fixtures/payment"
	"firedrill/lab/labtest"
)

// A test of a team's own that wants a lab. It needs Docker, so it is only compiled here.
func Example() {
	_ = func(t *testing.T) {
		exam, err := payment.Lab()
		if err != nil {
			t.Fatal(err)
		}
		l := labtest.Start(t, exam)
		res, err := http.Get(l.URL("service") + "/health")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("GET /health answered %d", res.StatusCode)
		}
		l.Heal() // the fault ends
	}
}
