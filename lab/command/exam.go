package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"firedrill/lab"
	"firedrill/lab/image"
)

// Exam is everything that the command needs to know of an exam.
type Exam struct {
	// Name is the exam's. It stands in a label of its labs' containers.
	Name string
	// Images are what its labs are made of, by the names that Platform asks for.
	Images map[string]image.Image
	// Platform gives the lab as people work in it, with the service as candidates find it;
	// ref has the reference of each image. Doors are added to it.
	Platform func(ref map[string]string) lab.Platform
	// Doors are the ways in, in the order in which they are shown.
	Doors []Door
	// Fault returns nil when the fault shows from outside, and otherwise what was seen.
	// address has each door's by name.
	Fault func(ctx context.Context, address map[string]string) error
	// Kit gives what a candidate receives, for the images of ref. Papers gives what an
	// examiner does.
	Kit    func(ref map[string]string) (fs.FS, error)
	Papers func() (fs.FS, error)
}

// Door is a port of a container that is reached from the machine that runs the lab.
type Door struct {
	Name      string // for people, e.g. "service"
	Flag      string // of lab up, by which another port is chosen
	Container string
	Port      int // in the container, and on the host where nobody says otherwise
	// URL is what is shown and opened; its %s is replaced by the address.
	URL string
	// Browse marks what lab up --open shows in a browser.
	Browse bool
	// Check returns nil when what is behind answers as it should.
	Check func(ctx context.Context, address string) error
}

// port is the name of the container's port in the engine's words.
func (d Door) port() string { return fmt.Sprintf("%d/tcp", d.Port) }

// validate reports what the commands could not work with.
func (e *Exam) validate() error {
	var errs []error
	need := func(ok bool, what string) {
		if !ok {
			errs = append(errs, fmt.Errorf("exam %q: %s is missing", e.Name, what))
		}
	}
	need(e.Name != "", "name")
	need(e.Platform != nil, "platform")
	need(len(e.Images) > 0, "images")
	seen := map[string]bool{}
	for _, d := range e.Doors {
		need(d.Name != "" && d.Flag != "" && d.Container != "" && d.Port > 0 && d.URL != "",
			"part of door "+d.Name)
		if seen[d.Flag] {
			errs = append(errs, fmt.Errorf("exam %q: two doors have the flag --%s", e.Name, d.Flag))
		}
		seen[d.Flag] = true
	}
	return errors.Join(errs...)
}
