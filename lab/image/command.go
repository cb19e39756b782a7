package image

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// Command is one command of the machine.
type Command struct {
	Name string
	Args []string
	Dir  string
	Env  []string  // added to the environment of this process
	In   io.Reader // standard input, if any
	Out  io.Writer // standard output; nil: see Runner
}

func (c Command) String() string { return strings.Join(append([]string{c.Name}, c.Args...), " ") }

// Runner runs a command to its end. The error of a failed one repeats the last
// lines that it wrote. Tests put their own in place of Exec.
type Runner func(ctx context.Context, c Command) error

// killGrace is how long a cancelled command may take to end before it is killed.
const killGrace = 5 * time.Second

// Exec is the Runner that really runs.
func Exec(ctx context.Context, c Command) error {
	cmd := exec.CommandContext(ctx, c.Name, c.Args...)
	cmd.Dir, cmd.Stdin = c.Dir, c.In
	cmd.Env = append(os.Environ(), c.Env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = killGrace
	var said bytes.Buffer
	cmd.Stderr, cmd.Stdout = &said, &said
	if c.Out != nil {
		cmd.Stdout = c.Out
	}
	err := cmd.Run()
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", c.Name, ctx.Err())
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("%s: %w\n%s", c, err, lastLines(said.String()))
	}
	return err
}

// lastLines shortens a text to its last lines.
func lastLines(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-tail):], "\n")
}
