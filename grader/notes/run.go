package notes

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"firedrill/grader/submission"
	"firedrill/rubric"
	"firedrill/rubric/rule"
)

// Usage is the error for a wrong command line; its exit code is 2.
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

// parse reads the flags of a command and takes them from before or after the
// file names.
func parse(fs *flag.FlagSet, args []string) ([]string, error) {
	fs.SetOutput(io.Discard)
	var names []string
	for {
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, Usage{err.Error()}
		}
		if fs.NArg() == 0 {
			return names, nil
		}
		names = append(names, fs.Arg(0))
		args = fs.Args()[1:]
	}
}

func oneOf(what, value string, allowed ...string) error {
	for _, a := range allowed {
		if a == value {
			return nil
		}
	}
	return Usage{fmt.Sprintf("unknown %s %q, want one of %s", what, value,
		strings.Join(allowed, ", "))}
}

// fileReport is one line of the JSON output of RunNotes.
type fileReport struct {
	File     string           `json:"file"`
	Findings []rubric.Finding `json:"findings"`
	Flags    []Flag           `json:"flags"`
}

// RunNotes prints the findings of each file of notes ("-" is stdin), for people
// or, with --format json, one JSON object a line. Papers in opts tell copies.
func RunNotes(ctx context.Context, rules *rule.Set, opts Options, args []string,
	stdin io.Reader, stdout, _ io.Writer) error {
	fs := flag.NewFlagSet("notes", flag.ContinueOnError)
	format := fs.String("format", "text", "text or json")
	names, err := parse(fs, args)
	if err != nil {
		return err
	}
	if err := oneOf("format", *format, "text", "json"); err != nil {
		return err
	}
	if len(names) == 0 {
		return Usage{"notes needs at least one file"}
	}
	j := New(rules, opts)
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		src, err := readNotes(name, stdin)
		if err != nil {
			return err
		}
		rep := j.Judge(src)
		if *format == "json" {
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
