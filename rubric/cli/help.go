package cli

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"
)

// Page is the width of text where no terminal says otherwise, and the widest that help gets.
const Page = 100

// narrowest is the least width that text is fitted to; a narrower terminal wraps by itself.
const narrowest = 40

// Width is that of the terminal that w is, or Page.
func Width(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return Page
	}
	n, _, err := term.GetSize(int(f.Fd()))
	if err != nil || n < 1 {
		return Page
	}
	return max(n, narrowest)
}

// help writes what a command does and how it is used.
func (p Program) help(cmd *cobra.Command, w io.Writer) error {
	width := min(Width(w), Page)
	var b strings.Builder
	fmt.Fprintf(&b, "usage: %s\n", strings.TrimSpace(useLine(cmd)))
	text := cmd.Long
	if text == "" {
		text = cmd.Short
	}
	fmt.Fprintf(&b, "\n%s\n", reflow(text, width))
	if cmd.Example != "" {
		fmt.Fprintf(&b, "\nexamples:\n%s\n", indent(cmd.Example))
	}
	writeCommands(&b, cmd)
	writeFlags(&b, "flags", cmd.LocalFlags(), width)
	writeFlags(&b, "flags of every command", cmd.InheritedFlags(), width)
	if len(p.Codes) > 0 {
		b.WriteString("\nexit codes:\n")
		for _, c := range p.Codes {
			fmt.Fprintf(&b, "  %-4d %s\n", c.Code, c.Means)
		}
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n%s COMMAND --help says more about one\n", cmd.CommandPath())
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// useLine is the command with its arguments, after the names of those above it.
func useLine(cmd *cobra.Command) string {
	line := cmd.UseLine()
	if cmd.HasAvailableSubCommands() && !strings.Contains(line, "COMMAND") {
		line += "\n       " + cmd.CommandPath() + " COMMAND …"
	}
	return line
}

// writeCommands lists the commands below cmd by group, groups in the program's order.
func writeCommands(b *strings.Builder, cmd *cobra.Command) {
	wide := 0
	for _, sub := range cmd.Commands() {
		wide = max(wide, len(sub.Name()))
	}
	list := func(title, group string) {
		var lines string
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() && sub.GroupID == group {
				lines += fmt.Sprintf("  %-*s  %s\n", wide, sub.Name(), sub.Short)
			}
		}
		if lines != "" {
			fmt.Fprintf(b, "\n%s:\n%s", title, lines)
		}
	}
	for _, g := range cmd.Groups() {
		list(g.Title, g.ID)
	}
	if len(cmd.Groups()) > 0 {
		list("more", "")
	} else {
		list("commands", "")
	}
}

func writeFlags(b *strings.Builder, title string, flags *pflag.FlagSet, width int) {
	if text := flags.FlagUsagesWrapped(width); text != "" {
		fmt.Fprintf(b, "\n%s:\n%s", title, text)
	}
}

// indent moves an example in by two columns.
func indent(s string) string {
	return "  " + strings.ReplaceAll(strings.Trim(s, "\n"), "\n", "\n  ")
}

// reflow breaks paragraphs anew; lines that begin with a blank stay as they are.
func reflow(s string, width int) string {
	var out []string
	var words []string
	flush := func() {
		if len(words) > 0 {
			out = append(out, wrap(words, width)...)
			words = nil
		}
	}
	for line := range strings.SplitSeq(strings.Trim(s, "\n"), "\n") {
		if line == "" || strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") {
			flush()
			out = append(out, line)
		} else {
			words = append(words, strings.Fields(line)...)
		}
	}
	flush()
	return strings.Join(out, "\n")
}

func wrap(words []string, width int) (lines []string) {
	line, used := "", 0
	for _, w := range words {
		n := len([]rune(w))
		switch {
		case line == "":
			line, used = w, n
		case used+1+n > width:
			lines = append(lines, line)
			line, used = w, n
		default:
			line, used = line+" "+w, used+1+n
		}
	}
	return append(lines, line)
}
