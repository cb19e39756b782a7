package marks_test

import (
	"fmt"

	"firedrill/rubric/marks"
)

// A person's last entry on a criterion is what that person says.
func ExampleParse() {
	sheet, err := marks.Parse("jane-marks.yaml", []byte(`marks: 1
submission: jane
entries:
  - criterion: examiner.approach
    points: 2
    by: ada
    when: 2026-05-04T11:00:00Z
    why: changed things before looking
  - criterion: examiner.approach
    points: 4
    by: ada
    when: 2026-05-04T11:20:00Z
    why: the log shows that the metrics came first
`))
	if err != nil {
		panic(err)
	}
	for _, m := range sheet.Resolve() {
		fmt.Println(m.Criterion, m.Points, m.By)
	}
	// Output:
	// examiner.approach 4 ada
}
