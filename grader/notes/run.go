package notes

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"firedrill/grader/submission"
	"firedrill/rubric"
	"firedrill/rubric/rule"
)

// Usage is the error for a request that cannot be met, such as for an unknown criterion; its
// exit code is 2.
type Usage struct{ Message string }

func (u Usage) Error() string { return u.Message }

// ExitCode is 2, as for every wrong command line.
func (u Usage) ExitCode() int { return 2 }

// maxNotes bounds a file of notes, in bytes.
const maxNotes = 4 << 20

// readNotes reads a file of notes, or stdin for "-".
func readNotes(name string, stdin io.Reader) ([]byte, error) {
	if name == "-" {
		data, err := io.ReadAll(io.LimitReader(stdin, maxNotes))
		return submission.UTF8(data), err
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read notes: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxNotes+1))
	if err != nil {
		return nil, fmt.Errorf("read notes: %w", err)
	}
	if len(data) > maxNotes {
		return nil, fmt.Errorf("%s: larger than %d bytes", name, maxNotes)
	}
	return submission.UTF8(data), nil
}

// fileReport is one line of the JSON output of Print.
type fileReport struct {
	File     string           `json:"file"`
	Findings []rubric.Finding `json:"findings"`
	Flags    []Flag           `json:"flags"`
}

// Print is a request to print the findings of files of notes.
type Print struct {
	Files  []string // "-" is stdin
	Format string   // text, for people, or json, one object a line
}

// Run prints the findings of each file. Papers in opts tell copies.
func (o Print) Run(ctx context.Context, rules *rule.Set, opts Options, stdin io.Reader,
	stdout io.Writer) error {
	j := New(rules, opts)
	for _, name := range o.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		src, err := readNotes(name, stdin)
		if err != nil {
			return err
		}
		rep := j.Judge(src)
		if o.Format == "json" {
			err = writeJSON(stdout, fileReport{name, rep.Findings, rep.Flags})
		} else {
			err = writeReport(stdout, name, rep)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// writeJSON writes one value on one line, without escaping < and >.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func writeReport(w io.Writer, name string, rep Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", name)
	for _, f := range rep.Findings {
		fmt.Fprintf(&b, "  %-13s %s%s\n", f.Outcome, f.Criterion, lineList(f.Lines))
		if f.Quote != "" {
			fmt.Fprintf(&b, "  %13s %q\n", "", f.Quote)
		}
		fmt.Fprintf(&b, "  %13s %s\n", "", f.Reason)
	}
	for _, f := range rep.Flags {
		fmt.Fprintf(&b, "  flag %s%s: %s\n", f.Kind, lineList(f.Lines), f.Reason)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// lineList spells lines for people: ", lines 3, 7".
func lineList(lines []int) string {
	if len(lines) == 0 {
		return ""
	}
	word := ", line "
	if len(lines) > 1 {
		word = ", lines "
	}
	return word + strings.Trim(strings.ReplaceAll(fmt.Sprint(lines), " ", ", "), "[]")
}
