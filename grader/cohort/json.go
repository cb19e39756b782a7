package cohort

import (
	"encoding/json"

	"firedrill/grader/report"
)

// jsonVersion is the version of the JSON form.
const jsonVersion = 1

// JSON gives the rows for a script, with a final newline:
//
//	cohort  1, the version of this form
//	rows[]  rank, name, report, kept, error; grade {points, lowest, highest, of, pass,
//	        state, decide[], unchecked[]} where there is one
func JSON(rows []Row) ([]byte, error) {
	type grade struct {
		Points    int      `json:"points"`
		Lowest    int      `json:"lowest"`
		Highest   int      `json:"highest"`
		Of        int      `json:"of"`
		Pass      int      `json:"pass"`
		State     string   `json:"state"`
		Decide    []string `json:"decide"`
		Unchecked []string `json:"unchecked"`
	}
	type row struct {
		Rank   int    `json:"rank,omitempty"`
		Name   string `json:"name"`
		Report string `json:"report,omitempty"`
		Kept   bool   `json:"kept"`
		Error  string `json:"error,omitempty"`
		Grade  *grade `json:"grade,omitempty"`
	}
	out := struct {
		Cohort int   `json:"cohort"`
		Rows   []row `json:"rows"`
	}{Cohort: jsonVersion, Rows: []row{}}
	for _, r := range rows {
		o := row{Rank: r.Rank, Name: report.Clean(r.Name), Kept: r.Kept, Error: report.Clean(r.Error)}
		if g := r.Grade; g != nil {
			o.Report = report.Clean(r.Report)
			o.Grade = &grade{g.Points, g.Lowest, g.Highest, g.Of, g.Pass, g.State,
				append([]string{}, g.Decide...), append([]string{}, g.Unchecked...)}
		}
		out.Rows = append(out.Rows, o)
	}
	data, err := json.MarshalIndent(out, "", "  ")
	return append(data, '\n'), err
}
