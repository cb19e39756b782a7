// Package probe asks a running service what notes cannot prove.
//
// A Probe is a documented value: an id, what it does, the world it needs, the counts that
// it reports, and Run. Probes are facts' side of grading: they count and quote, and never
// award. Points and conditions stand in the rubric.
//
// A probe runs in the grader's own process. Its requests are made by an agent, a program
// of ours inside the lab's network, because the network is isolated from the host; the
// agent only repeats what it is told, so no verdict ever exists where a candidate's code
// could reach it. A probe that could not be made returns an error, and its observation
// says so; a service that does not answer is an observation like any other.
//
// The package knows no exam: the payment exam's probes stand beside its service.
package probe

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"firedrill/rubric"
)

// Probe is one check of a running service.
type Probe struct {
	// ID is the world and a name: "faulty.payments".
	ID string
	// Doc says in plain words what is asked and what the counts mean.
	Doc string
	// World is the state of the lab that it needs.
	World string
	// Needs are what earlier probes must have seen: where they did not, there is nothing
	// to ask, by the service's own doing.
	Needs []Need
	// Counts documents every count that Run reports.
	Counts map[string]string
	// Run asks and counts. An error means that it could not be checked.
	Run func(ctx context.Context, s *Session) (rubric.Observation, error)
}

// Need is what another probe must have seen before one makes sense.
type Need struct {
	Probe string // its id; it runs before
	// Part of Whole are counts of it, of which there must be at least Percent.
	Part, Whole string
	Percent     int
}

// String says what is needed.
func (n Need) String() string {
	return fmt.Sprintf("%s: at least %d %% of %s are %s", n.Probe, n.Percent, n.Whole, n.Part)
}

// Validate refuses probes that a rubric's author could not use.
func Validate(all []Probe) error {
	seen := map[string]bool{}
	counts := map[string]map[string]string{}
	var errs []error
	for _, p := range all {
		for _, n := range p.Needs {
			c := counts[n.Probe]
			if c == nil || c[n.Part] == "" || c[n.Whole] == "" {
				errs = append(errs, fmt.Errorf("probe %s: needs %q, which no earlier probe counts", p.ID, n))
			}
		}
		counts[p.ID] = p.Counts
		switch {
		case p.ID == "" || p.World == "":
			errs = append(errs, fmt.Errorf("probe %q: needs an id and a world", p.ID))
		case p.Doc == "" || len(p.Counts) == 0:
			errs = append(errs, fmt.Errorf("probe %s: is not documented", p.ID))
		case p.Run == nil:
			errs = append(errs, fmt.Errorf("probe %s: has nothing to run", p.ID))
		case seen[p.ID]:
			errs = append(errs, fmt.Errorf("probe %s: is there twice", p.ID))
		}
		seen[p.ID] = true
	}
	return errors.Join(errs...)
}

// Describe gives the probe's documentation as text.
func (p Probe) Describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (world: %s)\n  %s\n", p.ID, p.World, p.Doc)
	for _, n := range p.Needs {
		fmt.Fprintf(&b, "  needs %s\n", n)
	}
	for _, name := range slices.Sorted(maps.Keys(p.Counts)) {
		fmt.Fprintf(&b, "  %-18s %s\n", name, p.Counts[name])
	}
	return b.String()
}

// Observe runs one probe and always gives an observation: what could not be checked, and
// counts that the probe does not document or did not report, are said in it. A service that
// destroyed its tables is down by its own fault, and so is one that lacks what the probe
// needs of it, as the observations before it show.
func Observe(ctx context.Context, p Probe, s *Session, before []rubric.Observation) rubric.Observation {
	for _, n := range p.Needs {
		if o, met := n.met(before); !met {
			o.Probe, o.World = p.ID, p.World
			return o
		}
	}
	pace := func() *rubric.Pace { return nil }
	if s != nil {
		pace = s.begin(p.ID)
	}
	o, err := p.Run(ctx, s)
	o.Probe, o.World, o.Pace = p.ID, p.World, pace()
	if err == nil {
		err = p.complete(o)
	}
	switch {
	case errors.Is(err, ErrSchema):
		o = rubric.Observation{Probe: p.ID, World: p.World, Down: err.Error()}
	case err != nil:
		o = rubric.Observation{Probe: p.ID, World: p.World, Unchecked: err.Error()}
	}
	return o
}

// met looks the need up; where it is not met, the observation says why.
func (n Need) met(before []rubric.Observation) (rubric.Observation, bool) {
	i := slices.IndexFunc(before, func(o rubric.Observation) bool { return o.Probe == n.Probe })
	if i < 0 {
		return rubric.Observation{Unchecked: "it needs " + n.Probe + ", which was not made"}, false
	}
	switch o := before[i]; {
	case o.Unchecked != "":
		return rubric.Observation{Unchecked: "it needs " + n.Probe + ": " + o.Unchecked}, false
	case o.Down != "":
		return rubric.Observation{Down: o.Down}, false
	case o.Counts[n.Part]*100 < o.Counts[n.Whole]*n.Percent || o.Counts[n.Whole] == 0:
		return rubric.Observation{Down: fmt.Sprintf("nothing to look at, as %s saw: fewer than %d %% of %s are %s",
			n.Probe, n.Percent, n.Whole, n.Part)}, false
	}
	return rubric.Observation{}, true
}

func (p Probe) complete(o rubric.Observation) error {
	for _, name := range slices.Sorted(maps.Keys(p.Counts)) {
		if _, ok := o.Counts[name]; !ok {
			return fmt.Errorf("probe %s did not count %s", p.ID, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.Counts)) {
		if _, ok := p.Counts[name]; !ok {
			return fmt.Errorf("probe %s counted %s, which it does not document", p.ID, name)
		}
	}
	return nil
}
