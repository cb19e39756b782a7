package golden

import "firedrill/rubric"

// ReadExpected reads one expectation, NAME.expected.yaml. The error joins all its problems.
func ReadExpected(file string) (*Expected, error) { return readExpected(file) }

// Differences says where a grade of a whole submission is not what is expected.
func (e *Expected) Differences(g rubric.Grade) []Difference {
	return Case{Expected: e}.compare(g).Differences
}
