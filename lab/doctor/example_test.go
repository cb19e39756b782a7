package doctor_test

import (
	"fmt"

	"firedrill/lab/doctor"
)

// Where anything is bad labs do not work, and the error says what.
func ExampleVerdict() {
	fmt.Println(doctor.Verdict([]doctor.Finding{
		{About: "engine", Level: doctor.LevelOK, Seen: "docker 29.5.1"},
		{About: "memory", Level: doctor.LevelWarn, Seen: "1 GB", Do: "add some"},
	}))
	// Output: <nil>
}
