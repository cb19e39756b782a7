package engine_test

import (
	"context"
	"fmt"
	"time"

	"firedrill/lab/engine"
)

// Every container is hardened the same way, and all of a run is removed together. It needs
// Docker, so this is only compiled here.
func Example() {
	ctx := context.Background()
	eng, err := engine.Connect(ctx)
	if err != nil {
		panic(err)
	}
	defer eng.Close()
	run := engine.NewRun(time.Now().Add(time.Hour))
	c, err := eng.Create(ctx, run, engine.Spec{Name: "stove", Image: "firedrill/kitchen"})
	if err == nil {
		err = c.Start(ctx)
	}
	fmt.Println(err)
	clean, cancel := engine.Detach(ctx)
	defer cancel()
	if _, err := eng.RemoveRun(clean, run.ID); err != nil {
		panic(err)
	}
}

// A process is told from a later one that got the same number.
func ExampleParseOwner() {
	self, err := engine.Self()
	if err != nil {
		panic(err)
	}
	read, err := engine.ParseOwner(self.String())
	fmt.Println(read == self, err)
	// Output: true <nil>
}
