package command

import (
	"github.com/spf13/cobra"

	"firedrill/lab/setup"
)

func (s session) setupCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "setup",
		Short: "provide the engine and the images, once",
		Long: `Finds the Docker engine, or installs and starts one (Debian and Ubuntu, as root), and provides
the images. What is there already is left alone.`,
		Example: `lab setup`,
		GroupID: groupMachine,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return setup.Run(cmd.Context(), s.stdout, s.stderr, s.images()...)
		},
	}
}
