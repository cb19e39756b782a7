package cli_test

import (
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"

	"firedrill/rubric/cli"
)

// A program is a tree of commands and what its exit codes mean.
func ExampleProgram() {
	ctx := context.Background()
	err := kitchenProgram().Run(ctx, []string{"soup", "big", "--format", "plate"}, nil, os.Stdout, os.Stdout)
	if err != nil {
		panic(err)
	}
	cli.Report(os.Stdout, kitchenProgram().Run(ctx, []string{"bread"}, nil, os.Stdout, os.Stdout))
	// Output:
	// soup from the big pot in a plate
	// error: no flour
}

func kitchenProgram() cli.Program {
	var format string
	soup := &cobra.Command{
		Use: "soup POT", Short: "make soup", Args: cli.Args(1, 1, "pot"),
		RunE: func(cmd *cobra.Command, args []string) error {
			cmd.Println("soup from the", args[0], "pot in a", format)
			return nil
		},
	}
	cli.Choice(soup, &format, "format", "how it is served", "bowl", "plate")
	bread := &cobra.Command{Use: "bread", Short: "bake",
		RunE: func(*cobra.Command, []string) error { return errors.New("no flour") }}
	root := &cobra.Command{Use: "kitchen COMMAND", Short: "cook", Long: "Cooks."}
	root.AddCommand(soup, bread)
	return cli.Program{Root: root, Codes: []cli.Code{{Code: 0, Means: "done"}, {Code: 1, Means: "failed"}}}
}
