package report

import (
	"fmt"
	"strings"
)

// Stability says on what several grades of one submission differ. The report around it is
// the first of them.
type Stability struct {
	// Runs is how many grades were compared.
	Runs int `json:"runs"`
	// Criteria differ in outcome or points, Counts ("PROBE NAME") in what a probe counted.
	Criteria []Difference `json:"criteria"`
	Counts   []Difference `json:"counts"`
}

// Difference is one thing on which grades differ.
type Difference struct {
	ID   string `json:"id"`
	Seen []Seen `json:"seen"`
}

// Seen is one value and the grades that have it, counted from 1.
type Seen struct {
	Value string `json:"value"`
	Runs  []int  `json:"runs"`
}

func (s Stability) filled() *Stability {
	if s.Criteria == nil {
		s.Criteria = []Difference{}
	}
	if s.Counts == nil {
		s.Counts = []Difference{}
	}
	return &s
}

// stability prints what differs between grades.
func (p *printer) stability(s *Stability) {
	if s == nil {
		return
	}
	p.gap()
	if len(s.Criteria) == 0 {
		p.para(0, "", fmt.Sprintf("stability: %d grades agree on every criterion", s.Runs))
	} else {
		p.para(0, "", fmt.Sprintf("stability: %d grades differ on %d criteria", s.Runs, len(s.Criteria)))
	}
	for _, d := range s.Criteria {
		p.para(indent, "", d.String())
	}
	for _, d := range s.Counts {
		p.para(indent, "", "count "+d.String())
	}
}

// String says who saw what.
func (d Difference) String() string {
	var parts []string
	for _, s := range d.Seen {
		parts = append(parts, fmt.Sprintf("%s in grades %s", s.Value, list(s.Runs)))
	}
	return d.ID + ": " + strings.Join(parts, "; ")
}
