package probe

import "firedrill/rubric"

// begin names the probe that runs. What it returns tells when that was and how the service
// answered; nil where nothing was asked of it.
func (s *Session) begin(probe string) func() *rubric.Pace {
	s.probe, s.answers = probe, nil
	if s.Now == nil {
		return func() *rubric.Pace { return nil }
	}
	now := s.Now()
	if s.began.IsZero() {
		s.began = now
	}
	return func() *rubric.Pace {
		if len(s.answers) == 0 {
			return nil
		}
		p := &rubric.Pace{Began: now.Sub(s.began).Milliseconds(), Took: s.Now().Sub(now).Milliseconds()}
		p.Answered(s.answers)
		return p
	}
}

// answered notes answers of the service.
func (s *Session) answered(got []rubric.Exchange) {
	for _, x := range got {
		s.answers = append(s.answers, rubric.Answer{Status: x.Status, Micros: x.Micros})
	}
}
