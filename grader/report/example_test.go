package report_test

import (
	"os"

	"firedrill/grader/report"
	"firedrill/rubric"
)

// graded is a report as grader.Grade gives it, in small.
func graded() *report.Report {
	return &report.Report{
		Submission: report.Submission{Hash: "sha256:1f", Notes: "incident-notes.md"},
		Grade: rubric.Grade{
			Rubric: rubric.Version{Name: "kitchen", Version: "1.0.0", Exam: "kitchen", Title: "A kitchen on fire"},
			Points: 4, Lowest: 4, Highest: 10, Of: 10, Pass: 6, State: rubric.Open,
			Groups: []rubric.Subtotal{{ID: "all", Title: "All of it", Points: 4, Lowest: 4, Highest: 10, Of: 10}},
			Criteria: []rubric.Result{
				{ID: "cause", Group: "all", Title: "Finds what burns", Source: rubric.FromNotes,
					Outcome: rubric.Met, Points: 4, Lowest: 4, Highest: 4, Of: 4, Reason: "says what burns",
					Evidence: []rubric.Evidence{{Kind: rubric.KindNotes, File: "incident-notes.md", Lines: []int{3},
						Quote: "The oil burns, @everyone!", Reason: "says what burns"}}},
				{ID: "served", Group: "all", Title: "Guests are served meanwhile", Source: rubric.FromProbe,
					Outcome: rubric.NotGradable, Highest: 6, Of: 6, Reason: "no engine"},
			},
		},
	}
}

// For a CI that lists tests. What could not be checked is skipped, never failed.
func ExampleReport_JUnit() {
	if err := graded().JUnit(os.Stdout); err != nil {
		panic(err)
	}
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <testsuites name="A kitchen on fire" time="0.000" tests="2" skipped="1">
	// 	<testsuite name="All of it" tests="2" failures="0" errors="0" id="0" package="kitchen" skipped="1" time="0.000">
	// 		<properties>
	// 			<property name="grade.state" value="open"></property>
	// 			<property name="grade.points" value="4"></property>
	// 			<property name="grade.lowest" value="4"></property>
	// 			<property name="grade.highest" value="10"></property>
	// 			<property name="grade.of" value="10"></property>
	// 			<property name="grade.pass" value="6"></property>
	// 			<property name="rubric" value="kitchen 1.0.0"></property>
	// 			<property name="submission" value="sha256:1f"></property>
	// 			<property name="points" value="4"></property>
	// 			<property name="lowest" value="4"></property>
	// 			<property name="highest" value="10"></property>
	// 			<property name="of" value="10"></property>
	// 			<property name="points.cause" value="4 of 4 points"></property>
	// 			<property name="points.served" value="0 (0 to 6) of 6 points"></property>
	// 		</properties>
	// 		<testcase name="cause: Finds what burns" classname="kitchen.all">
	// 			<system-out><![CDATA[
	//   cause: met, 4 of 4
	//     Finds what burns
	//     > The oil burns, @everyone!
	//     incident-notes.md:3: says what burns
	// ]]></system-out>
	// 		</testcase>
	// 		<testcase name="served: Guests are served meanwhile" classname="kitchen.all">
	// 			<skipped message="not gradable, 0 (0 to 6) of 6 points: no engine" type="not_gradable"><![CDATA[
	//   served: not gradable, 0 (0 to 6) of 6
	//     Guests are served meanwhile
	//     no engine
	// ]]></skipped>
	// 		</testcase>
	// 	</testsuite>
	// </testsuites>
}

// For a pull request or a step's summary. What a candidate wrote stands in code spans, where
// nothing of it comes alive.
func ExampleReport_Markdown() {
	if err := graded().Markdown(os.Stdout); err != nil {
		panic(err)
	}
	// Output:
	// ## A kitchen on fire: open
	//
	// **4 of 10 points so far, 4 to 10 once everything is decided; 6 to pass: open**
	//
	// rubric kitchen 1.0.0, submission `sha256:1f`
	//
	// | part | points | of |
	// |:--|--:|--:|
	// | All of it | 4 (4 to 10) | 10 |
	//
	// ### Could not be checked (costs nothing)
	//
	// - `served` Guests are served meanwhile (0 (0 to 6) of 6 points): `no engine`
	//
	// <details><summary>All 2 criteria</summary>
	//
	// **All of it**
	//
	// - `cause` Finds what burns: **met**, 4 of 4 points; `incident-notes.md:3`: `The oil burns, @everyone!`
	// - `served` Guests are served meanwhile: **not gradable**, 0 (0 to 6) of 6 points
	//
	// </details>
}
