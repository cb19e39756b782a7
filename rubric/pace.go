package rubric

import (
	"cmp"
	"fmt"
)

// Pace is when a probe ran and how the service answered it, for charts. No criterion looks
// at it: times differ between two runs of one submission.
type Pace struct {
	// Began is when, after the first probe began; Took is how long. Both in milliseconds.
	Began int64 `json:"began_ms"`
	Took  int64 `json:"took_ms"`
	// Asked is how many requests were made of the service.
	Asked int `json:"asked"`
	// Answers are their answers in the order asked. Of more than MostAnswers only the worst
	// of every few that follow each other are kept.
	Answers []Answer `json:"answers,omitempty"`
}

// MostAnswers bounds the answers of a Pace.
const MostAnswers = 400

// Answer is the time and the status of one answer. In JSON it is text, "202 1843".
type Answer struct {
	// Status is the HTTP status, 0 when there was no answer.
	Status int
	// Micros is the time until the answer was read, in microseconds.
	Micros int64
}

// MarshalText spells the answer as "STATUS MICROS".
func (a Answer) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%d %d", a.Status, a.Micros), nil
}

// UnmarshalText reads what MarshalText spells.
func (a *Answer) UnmarshalText(text []byte) error {
	if _, err := fmt.Sscanf(string(text), "%d %d", &a.Status, &a.Micros); err != nil {
		return fmt.Errorf("answer %q: want its status and microseconds: %w", text, err)
	}
	return nil
}

// worse orders answers: none, then by the status, then by time.
func (a Answer) worse(b Answer) int {
	class := func(status int) int {
		if status == 0 {
			return 10
		}
		return status / 100
	}
	return cmp.Or(cmp.Compare(class(a.Status), class(b.Status)), cmp.Compare(a.Micros, b.Micros))
}

// Answered puts together the answers to all requests of a probe.
func (p *Pace) Answered(all []Answer) {
	p.Asked, p.Answers = len(all), nil
	each := (len(all) + MostAnswers - 1) / MostAnswers
	for i, a := range all {
		last := len(p.Answers) - 1
		if i%each == 0 {
			p.Answers = append(p.Answers, a)
		} else if a.worse(p.Answers[last]) > 0 {
			p.Answers[last] = a
		}
	}
}
