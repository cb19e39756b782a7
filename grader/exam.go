package grader

import (
	"errors"
	"fmt"
	"io/fs"

	"firedrill/grader/probe"
	"firedrill/lab"
	"firedrill/lab/engine"
	"firedrill/lab/image"
)

// Exam is everything that grading needs to know of one exam. The grader knows no exam by
// name: a second one is a second value.
type Exam struct {
	// Name is the exam's, as rubrics spell it.
	Name string
	// Rubrics holds the shipped rubric under Rubric.
	Rubrics fs.FS
	Rubric  string
	// Programs are the exam's own container programs that every lab shows.
	Programs []image.Program
	// Hidden are those that exist only while a lab is healed: no image, container or log
	// of a candidate's lab may hold them.
	Hidden []image.Program
	// Platform gives the lab's requested state from its parts.
	Platform func(Parts) lab.Platform
	// Service names the candidate's container in the platform, ServicePort its port.
	Service     string
	ServicePort int
	// Health is a path of the service that any answer to shows it alive.
	Health string
	// Database is the connection URL that probes use inside the lab; Seal, where it is set, gives
	// another that they use once nothing but the exam's own has run.
	Database string
	Seal     func(password string) Seal
	// Tables are those that probes ask about, in the schema public.
	Tables []string
	// Open are names of the platform that services of the candidate's may take, with the port
	// at which each is asked: the name whose absence is the fault. See package compose.
	Open map[string]int
	// Prober names the container that stands in for the platform's ordinary client;
	// the agent runs under its name, so that probes look like traffic.
	Prober string
	// Probes are what is asked of the service, in order within each world.
	Probes []probe.Probe
	// Kit is what candidates received, to tell what they changed; nil when unknown.
	// Compose names its compose file.
	Kit     func() (fs.FS, error)
	Compose string
	// Machine are variables of the kit's .env whose values depend on the machine.
	Machine []string
	// Papers are the texts that a candidate was given: copies of them earn nothing.
	Papers func() ([]string, error)
}

// Parts are what a platform is put together from.
type Parts struct {
	Tools    string         // image with the exam's programs, see Exam.Image
	Hidden   string         // image with its hidden ones, see Tools
	Postgres string         // image with the database
	Runtime  string         // image that the candidate's program runs in
	App      *engine.Volume // holds the candidate's program, see build.Program
	// Secret opens the grader's own doors in programs of the exam; empty: they stay shut.
	Secret string
}

// Image holds the exam's programs that every lab shows. Nothing of the grader's is in it.
func (e *Exam) Image() (image.Image, error) {
	img, err := image.Tools(e.Programs...)
	return img.Named(e.Name), err
}

// Validate reports what grading could not work with.
func (e *Exam) Validate() error {
	var errs []error
	need := func(ok bool, what string) {
		if !ok {
			errs = append(errs, fmt.Errorf("exam %q: %s is missing", e.Name, what))
		}
	}
	need(e.Name != "", "name")
	need(e.Rubrics != nil && e.Rubric != "", "rubric")
	need(e.Platform != nil, "platform")
	need(e.Service != "" && e.ServicePort > 0, "service")
	need(e.Health != "", "health path")
	need(e.Prober != "", "prober")
	need(len(e.Probes) > 0, "probes")
	errs = append(errs, probe.Validate(e.Probes))
	return errors.Join(errs...)
}
