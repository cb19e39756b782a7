package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// Args demands from least to most arguments, most < 0 for any number. Help calls them what,
// in the singular: "rubric file".
func Args(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < least && least == 1:
			return Usage(cmd, "no %s given", what)
		case len(args) < least:
			return Usage(cmd, "want %d × %s, got %d", least, what, len(args))
		case most >= 0 && len(args) > most:
			return Usage(cmd, "unexpected argument %q", args[most])
		}
		return nil
	}
}

// Choice defines a flag that takes one of a few words, which the shell completes. The first
// word is the default.
func Choice(cmd *cobra.Command, to *string, name, usage string, words ...string) {
	*to = words[0]
	cmd.Flags().Var(&choice{to, words}, name, usage)
	must(cmd.RegisterFlagCompletionFunc(name,
		cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)))
}

// choice is the value of such a flag.
type choice struct {
	to    *string
	words []string
}

func (c *choice) String() string { return *c.to }
func (c *choice) Type() string   { return strings.Join(c.words, "|") }

func (c *choice) Set(s string) error {
	if !slices.Contains(c.words, s) {
		return fmt.Errorf("want one of %s", c.Type())
	}
	*c.to = s
	return nil
}

// must stops at a mistake in a program's own definition, such as completing a flag that is
// not there; no command line leads to it.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
