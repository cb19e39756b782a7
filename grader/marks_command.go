package grader

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"firedrill/grader/report"
	"firedrill/rubric"
	"firedrill/rubric/cli"
	"firedrill/rubric/marks"
)

// marksCommand checks files of marks and compares their markers.
func (c Command) marksCommand() *cobra.Command {
	var file, format string
	cmd := &cobra.Command{
		Use:   "marks FILE…",
		Short: "check examiners' marks, and how far two of them agree",
		Long: `Checks files of marks against the rubric, and compares people who marked the same submissions:
per criterion how often they agree, and their kappa (agreement beyond chance, distances squared),
then every difference. A criterion on which people differ is open in the grade until a third
decides, in an entry with "decides: true".

A file of marks is the examiner's. It stands beside the submission as NAME-marks.yaml, or in the
report's directory as marks.yaml:

  marks: 1
  submission: jane
  conduct: {hints: ["1", "4"], minutes: 44, by: ada, when: 2026-05-04T10:44:00Z}
  entries:                      # oldest first; add entries, never change one
    - {criterion: examiner.approach, points: 4, by: ada, when: 2026-05-04, why: looked first}
    - {criterion: cause.dns, outcome: met, by: ada, when: 2026-05-04, why: line 14 says so}`,
		Example: `grader marks season/*-marks.yaml
grader marks --format json ada/*.yaml bo/*.yaml`,
		Args:              cli.Args(1, -1, "file of marks"),
		ValidArgsFunction: cli.Files("yaml", "yml"),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg := Config{Exam: &c.Exam}
			var err error
			if cfg.Rubric, err = loadRubric(file); err != nil {
				return err
			}
			r, err := cfg.against()
			if err != nil {
				return err
			}
			sheets, err := checkMarks(r, args)
			if err != nil {
				return err
			}
			return writeAgreement(cmd.OutOrStdout(), format, r, sheets)
		},
	}
	rubricFlag(cmd, &file)
	cli.Choice(cmd, &format, "format", "what to print", "text", "json")
	return cmd
}

// checkMarks reads files, and joins those of one submission.
func checkMarks(r *rubric.Rubric, files []string) ([]*marks.Sheet, error) {
	var out []*marks.Sheet
	at := map[string]int{}
	for _, file := range files {
		s, err := readMarks([]string{file})
		if err != nil {
			return nil, err
		}
		if err := s.Check(r); err != nil {
			return nil, &MarksError{err}
		}
		i, known := at[s.Submission]
		if !known {
			at[s.Submission] = len(out)
			out = append(out, s)
			continue
		}
		if out[i], err = marks.Join(out[i], s); err != nil {
			return nil, &MarksError{err}
		}
	}
	return out, nil
}

func writeAgreement(w io.Writer, format string, r *rubric.Rubric, sheets []*marks.Sheet) error {
	agreements, dissents := marks.Compare(r, sheets)
	if format == "json" {
		data, err := json.MarshalIndent(struct {
			Submissions int               `json:"submissions"`
			Agreement   []marks.Agreement `json:"agreement"`
			Differences []marks.Dissent   `json:"differences"`
		}{len(sheets), append([]marks.Agreement{}, agreements...), append([]marks.Dissent{}, dissents...)}, "", "  ")
		if err != nil {
			return err
		}
		_, err = w.Write(append(report.Escape(data), '\n'))
		return err
	}
	fmt.Fprintf(w, "%d submissions, all marks fit rubric %s %s\n", len(sheets), r.Name, r.Version)
	if len(agreements) == 0 {
		_, err := fmt.Fprintln(w, "no two people marked the same criterion of the same submission")
		return err
	}
	fmt.Fprintf(w, "\n%-26s %-20s %4s %5s %6s\n", "criterion", "markers", "n", "same", "kappa")
	for _, a := range agreements {
		kappa := "-" // one value for all, or a single submission: chance cannot be told
		if a.Kappa != nil {
			kappa = fmt.Sprintf("%.2f", *a.Kappa)
		}
		fmt.Fprintf(w, "%-26s %-20s %4d %5d %6s\n", a.Criterion, report.Clean(a.A+", "+a.B), a.N, a.Same, kappa)
	}
	for i, d := range dissents {
		if i == 0 {
			fmt.Fprintln(w)
		}
		settled := "open: a third decides"
		if d.By != "" {
			settled = d.By + " decided: " + d.Decided
		}
		fmt.Fprintln(w, report.Clean(fmt.Sprintf("%s, %s: %s says %s, %s says %s; %s",
			d.Submission, d.Criterion, d.A, d.ASays, d.B, d.BSays, settled)))
	}
	return nil
}
