package grader

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"firedrill/lab/doctor"
	"firedrill/lab/image"
)

// doctorCommand looks for what keeps grades from being made.
func (c Command) doctorCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "look for what keeps a grade from being made or weakens its walls",
		Long: `Looks at everything that a grade needs (engine, images, disk, memory) and at what keeps a
candidate's program apart from this machine: versions of engine, containerd and runc of which holes
are known, seccomp, AppArmor, swap accounting, control groups. It changes nothing.

Levels: ok; note, good to know; warn, works with less safety or speed; bad, grades will fail.`,
		Example: `grader doctor
grader doctor --json | jq '.[] | select(.level != "ok")'`,
		GroupID: groupExam,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.doctor(cmd.Context(), cmd.OutOrStdout(), asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (c Command) doctor(ctx context.Context, stdout io.Writer, asJSON bool) error {
	images, err := needed(&c.Exam)
	if err != nil {
		return err
	}
	all, err := doctor.Examine(ctx, doctor.Subject{Exam: c.Exam.Name, Images: images, Now: c.Now})
	if err != nil {
		return err
	}
	if err := doctor.Print(stdout, all, asJSON); err != nil {
		return err
	}
	return doctor.Verdict(all)
}

// needed are the images that a grade is made with, by role.
func needed(e *Exam) (map[string]image.Image, error) {
	tools, err := e.Image()
	if err != nil {
		return nil, fmt.Errorf("image of exam %s: %w", e.Name, err)
	}
	grading, err := Tools(e)
	if err != nil {
		return nil, fmt.Errorf("hidden image of exam %s: %w", e.Name, err)
	}
	return map[string]image.Image{"builder": image.Builder(), "programs": tools, "grading": grading,
		"database": image.Postgres(), "runtime": image.Runtime()}, nil
}
