package cli

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// Program is a command line: a tree of commands and what their exit codes mean. A Program
// serves one Run, as flags keep what was parsed into them.
type Program struct {
	// Root is the program's own command; its Use begins with the program's name. One that
	// runs nothing by itself has no RunE.
	Root *cobra.Command
	// Codes are listed by help and manual pages.
	Codes []Code
}

// Code is an exit code and what it means, e.g. {2, "wrong usage"}.
type Code struct {
	Code  int
	Means string
}

// Run carries out one command line. Wrong usage is an *Error; what a command returns is
// returned as it is.
func (p Program) Run(ctx context.Context, args []string, stdin io.Reader,
	stdout, stderr io.Writer) error {
	p.Root.SetArgs(append([]string{}, args...)) // for nil cobra would take the process's
	p.Root.SetIn(stdin)
	p.Root.SetOut(stdout)
	p.Root.SetErr(stderr)
	var helped error
	p.prepare(&helped)
	return errors.Join(p.Root.ExecuteContext(ctx), helped)
}

// prepare adds what every program has. An error of writing help goes to helped, as cobra
// has no way for it.
func (p Program) prepare(helped *error) {
	root := p.Root
	root.Version = Version()
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.Flags().Bool("version", false, "print the version")
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		if err := p.help(cmd, cmd.OutOrStdout()); *helped == nil {
			*helped = err
		}
	})
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(helpCommand())
	root.AddCommand(p.manCommand())
	root.InitDefaultCompletionCmd()
	each(root, settle)
}

// settle makes a command keep to the house's ways.
func settle(cmd *cobra.Command) {
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SuggestionsMinimumDistance = 2
	cmd.Flags().SortFlags, cmd.PersistentFlags().SortFlags = false, false
	cmd.Short = lowerFirst(cmd.Short) // cobra's own begin with a capital
	if cmd.Flags().Lookup("help") == nil {
		cmd.Flags().BoolP("help", "h", false, "show this help")
	}
	switch {
	case cmd.HasSubCommands() && !cmd.Runnable():
		cmd.Args, cmd.RunE = cobra.ArbitraryArgs, unknown
	case cmd.Args == nil || cmd.HasParent() && cmd.Parent().Name() == "completion":
		cmd.Args, cmd.ValidArgsFunction = Args(0, 0, ""), cobra.NoFileCompletions
	}
}

// each visits a command and all below it.
func each(cmd *cobra.Command, do func(*cobra.Command)) {
	do(cmd)
	for _, sub := range cmd.Commands() {
		each(sub, do)
	}
}

// unknown is what a command does that does nothing without one below it.
func unknown(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return Usage(cmd, "no command given")
	}
	return unknownCommand(cmd, args[0])
}

func unknownCommand(cmd *cobra.Command, word string) error {
	e := usageError(cmd, "unknown command %q", word)
	if advice := DidYouMean(cmd, word); advice != "" {
		e.Advice = advice
	}
	return e
}

// DidYouMean names the commands of cmd that a misspelt word is near to; for none it is empty.
func DidYouMean(cmd *cobra.Command, word string) string {
	return didYouMean(cmd.CommandPath()+" ", cmd.SuggestionsFor(word))
}

func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "say what a command does, with examples",
		Args:  cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(cmd.Root(), strings.Join(rest, " "))
			}
			return about.Help()
		},
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			var names []string
			if len(args) == 0 {
				for _, sub := range cmd.Root().Commands() {
					if sub.IsAvailableCommand() {
						names = append(names, cobra.CompletionWithDesc(sub.Name(), sub.Short))
					}
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
