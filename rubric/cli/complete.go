package cli

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

// Completer gives what an argument or a flag's value may be, for the shell.
type Completer = cobra.CompletionFunc

// Words completes the words that give gives; each may carry what it means behind a tab.
func Words(give func(*cobra.Command) []string) Completer {
	return func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		var out []string
		for _, w := range give(cmd) {
			if strings.HasPrefix(w, typed) {
				out = append(out, w)
			}
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	}
}

// Files completes files that end in one of the given ways ("yaml"), and directories.
func Files(endings ...string) Completer {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return endings, cobra.ShellCompDirectiveFilterFileExt
	}
}

// Dirs completes directories. It lists them itself, so that a program's own command, which
// has commands beside it, can complete both.
func Dirs(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	dir, base := filepath.Split(typed)
	at := dir
	if at == "" {
		at = "."
	}
	entries, err := os.ReadDir(at)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var out []string
	for _, e := range entries {
		hidden := strings.HasPrefix(e.Name(), ".") && !strings.HasPrefix(base, ".")
		if e.IsDir() && !hidden && strings.HasPrefix(e.Name(), base) {
			out = append(out, dir+e.Name()+"/")
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// First completes the first argument only.
func First(by Completer) Completer {
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return by(cmd, args, typed)
	}
}

// Complete sets how a flag's value is completed.
func Complete(cmd *cobra.Command, flag string, by Completer) {
	must(cmd.RegisterFlagCompletionFunc(flag, by))
}
