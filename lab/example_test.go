package lab_test

import (
	"context"
	"fmt"

	"firedrill/lab"
	"firedrill/lab/engine"
)

// A platform is plain values; what cannot be started is told before anything is.
func ExamplePlatform_Validate() {
	p := lab.Platform{Name: "kitchen", Containers: []lab.Container{
		{Name: "stove", Image: "firedrill/kitchen", Needs: []string{"gas"}},
	}}
	fmt.Println(p.Validate())
	// Output: platform kitchen: stove needs gas, which must stand before it
}

// Starting one needs Docker, so this is only compiled here.
func ExampleStart() {
	ctx := context.Background()
	eng, err := engine.Connect(ctx)
	if err != nil {
		panic(err)
	}
	defer eng.Close()
	l, err := lab.Start(ctx, eng, lab.Platform{Name: "kitchen", Containers: []lab.Container{
		{Name: "stove", Image: "firedrill/kitchen", Ready: "msg=lit"},
		{Name: "extinguisher", Image: "firedrill/kitchen", In: []lab.World{lab.Healed}},
	}}, lab.Options{})
	defer func() {
		if err := l.Close(ctx); err != nil {
			panic(err)
		}
	}()
	if err == nil {
		err = l.Heal(ctx)
	}
	fmt.Println(l.World(), err)
}
