package setup

import (
	"os"
	"strings"

	"firedrill/lab/image"
)

// dockerdLog is where an engine that set-up started writes.
const dockerdLog = "/var/log/firedrill-dockerd.log"

// logLines is how much of the log an error repeats.
const logLines = 10

// logTail gives the last lines of a log.
func logTail(name string) string {
	data, err := os.ReadFile(name)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	return strings.Join(lines[max(0, len(lines)-logLines):], "\n")
}

func command(name string, args ...string) image.Command {
	return image.Command{Name: name, Args: args}
}
