package setup

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// spawnDockerd starts dockerd in a session of its own, so that neither the end
// of this program nor a signal to its terminal reaches it. What it writes goes
// to the file logName. The channel tells if it ends while this program lives.
func spawnDockerd(logName string) (<-chan error, error) {
	log, err := os.OpenFile(logName, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o640)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.Command("dockerd")
	cmd.Dir, cmd.Stdout, cmd.Stderr = "/", log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	go func() {
		err := cmd.Wait()
		if err == nil {
			err = errors.New("exit status 0")
		}
		ended <- fmt.Errorf("dockerd: %w\n%s", err, logTail(logName))
	}()
	return ended, nil
}
