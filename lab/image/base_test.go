package image

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestInterruptedDebootstrapLeavesNothing(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	fakeProgram(t, "debootstrap")
	w, ran := simulate(func(c Command) (string, error) {
		if c.Name == "debootstrap" {
			require.NoError(t, os.MkdirAll(filepath.Join(c.Args[2], "proc"), 0o755))
			return "", errors.New("debootstrap: context canceled")
		}
		return "", errors.New("umount: not mounted")
	})
	err := makeBase(t.Context(), w, "firedrill/base:x")
	if os.Geteuid() != 0 {
		require.ErrorIs(t, err, errNotRoot)
		return
	}
	require.EqualError(t, err, "debootstrap: context canceled")
	root := (*ran)[0].Args[2]
	require.Equal(t, "umount --lazy "+filepath.Join(root, "proc"), (*ran)[1].String())
	require.Equal(t, "umount --lazy "+filepath.Join(root, "sys"), (*ran)[2].String())
	require.NoDirExists(t, root)
}

func TestBaseNeedsDebootstrap(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	w, ran := simulate(func(Command) (string, error) { return "", nil })
	err := makeBase(t.Context(), w, "firedrill/base:x")
	var need *NeedError
	require.ErrorAs(t, err, &need)
	require.Equal(t, "debootstrap", need.Package)
	require.Empty(t, *ran)
}

// fakeProgram makes exec.LookPath find a program.
func fakeProgram(t *testing.T, name string) {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"), 0o755))
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	found, err := exec.LookPath(name)
	require.NoError(t, err)
	require.Equal(t, filepath.Join(dir, name), found)
}
