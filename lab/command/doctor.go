package command

import (
	"context"

	"github.com/spf13/cobra"

	"firedrill/lab/doctor"
)

func (s session) doctorCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "look for what keeps labs from working, and say what to do",
		Long: `Looks at everything that a lab needs (engine, versions, images, ports, disk, memory, what
isolates containers) and says of each what is wrong and what to do. It changes nothing.

Levels: ok; note, good to know; warn, works with less safety or speed; bad, labs will fail.`,
		Example: `lab doctor
lab doctor --json | jq '.[] | select(.level != "ok")'`,
		GroupID: groupMachine,
		RunE:    func(cmd *cobra.Command, _ []string) error { return s.doctor(cmd.Context(), asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (s session) doctor(ctx context.Context, asJSON bool) error {
	subject := doctor.Subject{Exam: s.Exam.Name, Images: s.Exam.Images, Now: s.Now}
	for _, d := range s.Exam.Doors {
		subject.Doors = append(subject.Doors, doctor.Door{Name: d.Name, Flag: d.Flag, Port: d.Port})
	}
	all, err := doctor.Examine(ctx, subject)
	if err != nil {
		return err
	}
	if err := doctor.Print(s.stdout, all, asJSON); err != nil {
		return err
	}
	return doctor.Verdict(all)
}
