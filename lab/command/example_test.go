package command_test

import (
	"context"
	"fmt"
	"os"

	"firedrill/lab"
	"firedrill/lab/command"
	"firedrill/lab/image"
)

// The commands of an exam of one's own.
func ExampleCommand() {
	exam := command.Exam{
		Name:   "kitchen",
		Images: map[string]image.Image{"runtime": image.Runtime()},
		Platform: func(ref map[string]string) lab.Platform {
			return lab.Platform{Name: "kitchen", Containers: []lab.Container{
				{Name: "stove", Image: ref["runtime"]}}}
		},
		Doors: []command.Door{{Name: "stove", Flag: "port", Container: "stove", Port: 8080, URL: "http://%s"}},
	}
	err := command.Command{Exam: exam}.Run(context.Background(), []string{"heat"}, nil, os.Stdout, os.Stderr)
	fmt.Println(err)
	// Output:
	// unknown command "heat"
}
