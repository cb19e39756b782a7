package cli

import (
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// ColorFlag gives a command the flag --color, see Color.
func ColorFlag(cmd *cobra.Command, mode *string) {
	Choice(cmd, mode, "color", "colours; auto: on a terminal, unless NO_COLOR is set or TERM is dumb",
		"auto", "always", "never")
}

// Color tells whether output to w is coloured, for a mode of auto, always or never.
func Color(mode string, w io.Writer) bool {
	switch mode {
	case "always":
		return true
	case "never":
		return false
	}
	return os.Getenv("NO_COLOR") == "" && Live(w)
}

// Live tells whether w is a terminal on which lines can be drawn anew.
func Live(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}
