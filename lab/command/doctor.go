package command

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"firedrill/lab/engine"
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

// Level says how much a finding matters.
type Level string

const (
	LevelOK   Level = "ok"
	LevelNote Level = "note" // good to know
	LevelWarn Level = "warn" // labs work, with less safety or speed
	LevelBad  Level = "bad"  // labs do not work
)

// Finding is what doctor says of one thing.
type Finding struct {
	About string `json:"about"`
	Level Level  `json:"level"`
	Seen  string `json:"seen"`
	Do    string `json:"do,omitempty"` // empty where nothing is to be done
}

func (s session) doctor(ctx context.Context, asJSON bool) error {
	var all []Finding
	eng, err := engine.ConnectLasting(ctx)
	if err != nil {
		all = []Finding{{"engine", LevelBad, firstLine(err.Error()),
			"start docker, or run `make setup`, which installs it on Debian and Ubuntu"}}
	} else {
		defer eng.Close()
		m, err := s.examine(ctx, eng)
		if err != nil {
			return err
		}
		all = m.findings()
	}
	if err := printFindings(s.stdout, all, asJSON); err != nil {
		return err
	}
	return verdict(all)
}

func printFindings(w io.Writer, all []Finding, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(all)
	}
	for _, f := range all {
		if _, err := fmt.Fprintf(w, "%-4s  %-10s %s\n", f.Level, f.About, f.Seen); err != nil {
			return err
		}
		if f.Do == "" {
			continue
		}
		if _, err := fmt.Fprintf(w, "%16s → %s\n", "", f.Do); err != nil {
			return err
		}
	}
	return nil
}

// verdict is an error where labs will not work.
func verdict(all []Finding) error {
	var bad []string
	engineGone := false
	for _, f := range all {
		if f.Level == LevelBad {
			bad = append(bad, f.About)
			engineGone = engineGone || f.About == "engine"
		}
	}
	code := ExitUnfit
	if engineGone {
		code = ExitEngine
	}
	if len(bad) == 0 {
		return nil
	}
	return &Error{Err: fmt.Errorf("labs will not work here: %s", strings.Join(bad, ", ")),
		hint: "the lines marked bad say what to do", code: code}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
