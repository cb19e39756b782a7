package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// manCommand writes a manual page for every command. It is hidden: whoever packages the
// programs needs it, nobody else.
func (p Program) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Short:  "write manual pages, one a command, into DIR",
		Hidden: true,
		Args:   Args(1, 1, "directory"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			return p.writePages(cmd.Root(), args[0])
		},
	}
}

// writePages writes the pages of a command and of all below it. Their date is now, or
// SOURCE_DATE_EPOCH where that is set.
func (p Program) writePages(cmd *cobra.Command, dir string) error {
	cmd.DisableAutoGenTag = true
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			if err := p.writePages(sub, dir); err != nil {
				return err
			}
		}
	}
	var b bytes.Buffer
	head := &doc.GenManHeader{Section: "1", Source: "firedrill", Manual: "Firedrill"}
	if err := doc.GenMan(cmd, head, &b); err != nil {
		return err
	}
	name := strings.ReplaceAll(cmd.CommandPath(), " ", "-") + ".1"
	return os.WriteFile(filepath.Join(dir, name), p.addCodes(b.Bytes()), 0o644)
}

// addCodes adds the exit codes to a page, where manual pages have them: before the examples.
func (p Program) addCodes(page []byte) []byte {
	var b bytes.Buffer
	b.WriteString(".SH EXIT STATUS\n")
	for _, c := range p.Codes {
		fmt.Fprintf(&b, ".TP\n%d\n%s\n", c.Code, c.Means)
	}
	for _, section := range []string{"\n.SH EXAMPLE", "\n.SH SEE ALSO"} {
		if at := bytes.Index(page, []byte(section)); at >= 0 {
			return append(page[:at+1:at+1], append(b.Bytes(), page[at+1:]...)...)
		}
	}
	return append(page, b.Bytes()...)
}
