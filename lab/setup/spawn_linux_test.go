package setup

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fakeDockerd puts a script in dockerd's place and gives the log's name.
func fakeDockerd(t *testing.T, script string) (log string) {
	dir := t.TempDir()
	program := filepath.Join(dir, "dockerd")
	require.NoError(t, os.WriteFile(program, []byte("#!/bin/sh\n"+script), 0o755))
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	return filepath.Join(dir, "log")
}

func TestDockerdThatEndsIsReportedWithItsLog(t *testing.T) {
	log := fakeDockerd(t, "for i in 1 2 3 4 5 6 7 8 9 10 11; do echo line $i; done >&2; exit 3\n")
	ended, err := spawnDockerd(log)
	require.NoError(t, err)
	select {
	case err := <-ended:
		require.ErrorContains(t, err, "dockerd: exit status 3\nline 2\n")
		require.ErrorContains(t, err, "line 11")
	case <-time.After(10 * time.Second):
		t.Fatal("its end was not noticed")
	}
}

func TestDockerdLivesInASessionOfItsOwn(t *testing.T) {
	log := fakeDockerd(t, "echo $$; exec sleep 60\n")
	ended, err := spawnDockerd(log)
	require.NoError(t, err)
	var pid int
	require.Eventually(t, func() bool {
		data, _ := os.ReadFile(log)
		pid, err = strconv.Atoi(strings.TrimSpace(string(data)))
		return err == nil
	}, 10*time.Second, 10*time.Millisecond)
	group, err := syscall.Getpgid(pid)
	require.NoError(t, err)
	require.Equal(t, pid, group, "a leader of its own group, which no terminal signals")
	require.NotEqual(t, group, syscall.Getpgrp())
	require.NoError(t, syscall.Kill(pid, syscall.SIGTERM))
	require.ErrorContains(t, <-ended, "signal: terminated")
}
