package enginetest_test

import (
	"testing"

	"firedrill/lab/engine"
	"firedrill/lab/engine/enginetest"
)

// What happens when the engine goes silent. It needs Docker, so it is only compiled here.
func Example() {
	_ = func(t *testing.T) {
		p := enginetest.Start(t)
		p.Cut()
		if _, err := engine.Connect(t.Context()); err == nil {
			t.Error("an engine that is gone was reached")
		}
		p.Mend()
	}
}
