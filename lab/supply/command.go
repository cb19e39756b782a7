package supply

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"firedrill/rubric/cli"
)

// Exit codes, as the package comment lists them.
const (
	ExitFound     = 1
	ExitUnchecked = 3
)

// Run carries out one command line.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	root := &cobra.Command{
		Use:   "supply COMMAND",
		Short: "look at what our programs are made of",
		Example: `supply licences
supply vulnerabilities
supply vulnerabilities --optional    # warn where the database cannot be reached, and go on`,
	}
	root.AddCommand(licencesCommand(), vulnerabilitiesCommand(usualScan()))
	return cli.Program{Root: root, Codes: []cli.Code{
		{Code: 0, Means: "nothing was found; with --optional also: could not look, said on stderr"},
		{Code: ExitFound, Means: "something was found"},
		{Code: cli.ExitUsage, Means: "wrong usage"},
		{Code: ExitUnchecked, Means: "could not look"},
	}}.Run(ctx, args, stdin, stdout, stderr)
}

func licencesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "licences",
		Short: "check the licence of every module",
		Long: `Recognises the licence of every module that our programs, tests and tools are compiled from, and
complains of those that have none, an unknown one, or one that is not allowed: ` +
			strings.Join(allowed(), ", ") + ".",
		RunE: func(cmd *cobra.Command, _ []string) error {
			all, err := modules(cmd.Context())
			if err != nil {
				return unchecked(err, "")
			}
			r, err := newRecogniser()
			if err != nil {
				return unchecked(err, "")
			}
			return r.check(all, cmd.OutOrStdout())
		},
	}
}

// check says of each module what is wrong, or in one line that nothing is.
func (r recogniser) check(all []module, stdout io.Writer) error {
	if len(all) == 0 {
		return unchecked(errors.New("no module was listed"), "run it in this repository")
	}
	count := map[string]int{}
	bad := 0
	for _, m := range all {
		names, wrong := r.judge(m)
		if wrong != "" {
			bad++
			fmt.Fprintf(stdout, "%s %s: %s\n", m.Path, m.Version, wrong)
		}
		for _, n := range names {
			count[n]++
		}
	}
	if bad > 0 {
		return &cli.Error{Err: fmt.Errorf("modules with a licence that is not fit: %d", bad), Code: ExitFound,
			Advice: "take another module, or allow its licence in lab/supply after reading it"}
	}
	var parts []string
	for _, n := range allowed() {
		if count[n] > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", n, count[n]))
		}
	}
	_, err := fmt.Fprintf(stdout, "licences of %d modules are fit: %s\n", len(all), strings.Join(parts, ", "))
	return err
}

func vulnerabilitiesCommand(s scan) *cobra.Command {
	var optional bool
	cmd := &cobra.Command{
		Use:   "vulnerabilities",
		Short: "look for known vulnerabilities in what our programs call",
		Long: `Runs govulncheck over all packages. It needs a database of vulnerabilities, which GOVULNDB names,
else ` + database + `. Where that cannot be reached nothing is said about vulnerabilities: that is an
error, or a warning with --optional.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := s.run(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
			switch {
			case err == nil:
				return nil
			case errors.Is(err, errFound):
				return &cli.Error{Err: err, Code: ExitFound, Advice: "upgrade what is named above"}
			case optional && cmd.Context().Err() == nil:
				fmt.Fprintf(cmd.ErrOrStderr(), "warning: known vulnerabilities were NOT looked for: %v\n", err)
				return nil
			}
			return unchecked(err, "reach the database, or name a copy of it: GOVULNDB=file:///path")
		},
	}
	cmd.Flags().BoolVar(&optional, "optional", false, "warn and go on where it cannot be looked")
	return cmd
}

func unchecked(err error, hint string) error {
	return &cli.Error{Err: fmt.Errorf("could not check: %w", err), Advice: hint, Code: ExitUnchecked}
}
