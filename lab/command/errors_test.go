package command

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDiskFull(t *testing.T) {
	err := coded(fmt.Errorf("create one: %w",
		fmt.Errorf("write /var/lib/docker/x: no space left on device")))
	var e *Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, ExitFailed, e.ExitCode())
	require.Contains(t, e.Hint(), "lab gc")
}

func TestPrintable(t *testing.T) {
	require.Equal(t, "a\tb\uFFFD[31mc\uFFFD", printable("a\tb\x1b[31mc\u009b"))
}
